"""Folds many streams side by side from one place of a log on, and tells at which of their events a
condition on their states comes true.

The state that a stream has at that place is asked for when its first event is met. Once that has
cost as much as folding all that lies before the place, the rest of them is had by doing so.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from replay.questions.log_order import LogOrder
from replay.states.condition_fold import asks_for_changes, compiled
from replay.states.field_histories import Axis
from replay.states.model import Model, Readable
from replay.states.model_set import AnyModel
from replay.states.stream_states import StreamStates, plain_of
from replay.taught.teaching import is_modelled
from store.filter.parse import parse_condition
from store.interface import EventReader

LOOKUP_COSTS: Final = 20  # events that are folded while the state of one stream is looked up
PAGE: Final = 2_000  # events read at once

Holds: TypeAlias = Callable[[tuple[Any, Any]], bool]


class FollowedStreams:
    """For one condition, on one thread."""

    def __init__(
        self,
        log: EventReader,
        states: StreamStates,
        where: str,
        concerns: Callable[[str], bool],
        *,
        order: LogOrder,
        start: int,
    ) -> None:
        """`concerns` says which streams are followed; `start` is the place in the order behind
        which events will come. Raises WrongFilter."""
        self._log, self._states, self._where = log, states, where
        self._concerns, self._order, self._start = concerns, order, start
        tree = parse_condition(where)
        self._condition = _Condition(compiled(tree), asks_for_changes(tree))
        self._streams: dict[str, _Stream] = {}
        self._cost = 0  # of the states that were looked up, in events
        self._is_all_before = start == 0  # a stream that is not held has no event before the start

    def is_hit(self, stream: str, event: Readable) -> bool:
        """Fold the next event of a stream, or of one that it is linked into; whether the condition
        comes true with it. Raises MissingUpcast, ModelFailed."""
        found = self._streams.get(stream)
        if found is None:
            found = self._begin(stream)
        return found.is_hit(event)

    def _begin(self, stream: str) -> "_Stream":
        if not self._is_all_before and self._cost > self._start:
            self._fold_before()
        found = self._streams.get(stream)
        if found is None:
            found = self._streams[stream] = self._met(stream)
        return found

    def _met(self, stream: str) -> "_Stream":
        """A stream at the start."""
        if self._states.is_elsewhere(stream):
            return self._told(stream)
        if self._is_all_before:
            return self._fresh(stream)
        log, at = self._log, self._order.position(self._start)
        if self._order.is_occurred:
            here = log.event(at)
            assert here is not None, "it stands in the order"
            held = self._states.held_as_occurred(log, stream, here.occurred_at_us, at)
        else:
            held = self._states.held_at(log, stream, at)
        model, found = held
        self._cost += LOOKUP_COSTS + found.folded
        if found.last is None:
            return self._fresh(stream)
        is_whose = self._order.is_occurred or is_modelled(model)
        owner = None if is_whose else self._owner(stream)
        return _Followed(self._condition, self._states, model, owner, begun=(found.state,))

    def _fresh(self, stream: str) -> "_Stream":
        """Before its first event."""
        if self._order.is_occurred:
            model, owner = self._states.fold_of(self._log, stream), None
        else:
            model, owner = plain_of(self._log, stream), self._owner(stream)
        return _Followed(self._condition, self._states, model, owner)

    def _owner(self, stream: str) -> AnyModel | None:
        """The model whose the stream is from the first event on that it knows."""
        return self._states.models.of_stream(stream)

    def _told(self, stream: str) -> "_Stream":
        """By one question for all of its moments."""
        axis: Axis = "occurred" if self._order.is_occurred else "recorded"
        found = self._states.moments(self._log, stream, self._where, axis=axis)
        return _Told(frozenset(it.position for it in found.moments))

    def _fold_before(self) -> None:
        """Hold every stream that has an event before the start."""
        log, order, known = self._log, self._order, frozenset(self._streams)
        self._is_all_before = True
        for first in range(1, self._start + 1, PAGE):
            last = min(first + PAGE - 1, self._start)
            for _, event, links in order.events(log, first, last):
                for stream in {event.stream, *links} - known:
                    if self._concerns(stream):
                        self.is_hit(stream, event)


class _Stream(Protocol):
    def is_hit(self, event: Readable) -> bool:
        """Whether the condition comes true with its next event."""


class _Condition:
    """What is asked of every stream."""

    __slots__ = ("holds", "is_of_changes")

    def __init__(self, holds: Holds, is_of_changes: bool) -> None:
        self.holds, self.is_of_changes = holds, is_of_changes


class _Followed:
    """One stream as it is folded on, by the rule of replay.states.owners: as taught or merged up to
    the first event that its owner knows, which begins the owner's state."""

    __slots__ = ("_condition", "_has_begun", "_is_held", "_knows", "_model", "_owner", "_state")

    def __init__(
        self,
        condition: _Condition,
        states: StreamStates,
        model: Model[Any],
        owner: AnyModel | None,
        begun: tuple[Any, ...] = (),
    ) -> None:
        """`begun`: its state; none before its first event. `owner`: none that is still to come."""
        self._condition, self._model, self._has_begun = condition, model, bool(begun)
        self._state = begun[0] if begun else model.initial()
        self._owner = None if owner is None else states.models.fold(owner)
        self._knows = None if owner is None else states.models.reading(owner).knows
        is_known = self._has_begun and not condition.is_of_changes
        self._is_held = is_known and condition.holds((None, self._state))

    def is_hit(self, event: Readable) -> bool:
        if self._knows is not None and self._knows(event.type):
            assert self._owner is not None, "only an owner knows types"
            self._model, self._state, self._knows = self._owner, self._owner.initial(), None
        condition, before = self._condition, self._state
        after = self._model.evolve(before, event)
        if after is before and self._has_begun and not condition.is_of_changes:
            return False
        self._has_begun, self._state = True, after
        was_held, self._is_held = self._is_held, condition.holds((before, after))
        return self._is_held and (condition.is_of_changes or not was_held)


class _Told:
    """A stream whose model runs elsewhere."""

    __slots__ = ("_positions",)

    def __init__(self, positions: frozenset[int]) -> None:
        self._positions = positions

    def is_hit(self, event: Readable) -> bool:
        return event.position in self._positions
