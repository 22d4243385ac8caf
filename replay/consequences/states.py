"""States of one stream on both lines, side by side from the first event on that differs.

What both have is decoded once, and folded no further than until the states are equal again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Struct

from replay.consequences.found import StreamDiffers
from replay.consequences.lines import Lines, Only
from replay.consequences.segments import segments
from replay.history.without_answer import error_text
from replay.states.diff import Change, diff, path_text
from replay.states.model import Model
from replay.states.stream_states import StreamStates
from store import json_text
from store.stream_texts import StreamTexts

COMMAND: Final = "command_id"  # in the metadata of an event that a command led to


class _Named(Struct, gc=False):
    command_id: Any = None


_decode_named: Final = msgspec.json.Decoder(list[_Named]).decode


@dataclass(frozen=True, slots=True)
class Met:
    """A command that both lines met in different states of its stream; its first event."""

    command_id: str
    position: int  # on the left
    left: Any
    right: Any


Reached: TypeAlias = Callable[[int], None]


class StreamSides:
    """One stream. One thread. After `run`, `met` are the commands that its model may decide on
    otherwise, in the order of the log."""

    def __init__(self, lines: Lines, left: StreamStates, right: StreamStates, stream: str) -> None:
        self.met: list[Met] = []
        self.left_at_end: Any = None
        self._lines, self._stream = lines, stream
        self._only = lines.by_stream[stream]
        self._model: Model[Any] = left.fold_of(lines.left, stream, lines.head)
        other = right.fold_of(lines.right, stream, lines.right_head)
        self._is_one_model = (other.name, other.definition) == (
            self._model.name,
            self._model.definition,
        )
        self._states = left, right
        self._left: Any = None
        self._right: Any = None
        self._is_one = True  # both are the same state
        self._first: tuple[int | None, int | None] | None = None
        self._failed: tuple[int, str] | None = None
        self._command = ""  # of the last event

    def run(self, reached: Reached) -> StreamDiffers | None:
        """Fold both. Raises what `reached` raises, MissingUpcast, and what the model raises on
        the left."""
        if not self._is_one_model:
            return self._apart()
        after = self._start()
        is_frozen = self._model.copy(self._left) is self._left
        left, until = self._lines.left, self._lines.head
        for it in segments(left, self._stream, self._only, after=after, until=until):
            if isinstance(it, Only):
                self._take(it)
            elif self._is_settled(it):
                break
            else:
                self._share(it, is_frozen=is_frozen)
                if it.positions:
                    reached(it.positions[-1])
            if self._failed is not None:
                return self._told([])
        return self._told(self._changes())

    def _start(self) -> int:
        """The state before the first difference; returns the position up to which it goes."""
        states, lines = self._states[0], self._lines
        before = self._only[0].at - 1
        if before and states.fold_of(lines.left, self._stream, before) is self._model:
            _, found = states.held_at(lines.left, self._stream, before)
            self._left = self._model.copy(found.state)
            return before
        self._left = self._model.initial()
        return 0

    def _is_settled(self, texts: StreamTexts) -> bool:
        """Whether nothing that comes can make the states differ."""
        last = self._only[-1].at
        return self._is_one and (not texts.positions or texts.positions[0] >= last)

    def _take(self, only: Only) -> None:
        if self._is_one:
            self._right = self._model.copy(self._left)
            self._is_one = False
        event = only.event
        if not only.is_new:
            self._left = self._model.evolve_owned(self._left, event)
        else:
            self._right = self._on_the_right(self._right, event, event.position)
        if self._is_last_here(only) and self._first is None and self._failed is None:
            self._compare_behind(only)

    def _is_last_here(self, only: Only) -> bool:
        """Of those that tell at one place: what replaces an event comes before what is gone."""
        return next(it for it in reversed(self._only) if it.at == only.at) is only

    def _compare_behind(self, only: Only) -> None:
        """What tells at one place is one difference: an event that is replaced is on both lines."""
        if not self._differ(self._left, self._right):
            return
        here = [it for it in self._only if it.at == only.at]
        gone = [it.event.position for it in here if not it.is_new]
        new = [it.event.position for it in here if it.is_new]
        self._first = (gone[0] if gone else None, new[0] if new else None)

    def _on_the_right(self, state: Any, event: Any, position: int) -> Any:
        try:
            return self._model.evolve_owned(state, event)
        except Exception as error:  # a model may raise anything at a state it never met
            self._failed = (position, error_text(error))
            return state

    def _share(self, texts: StreamTexts, *, is_frozen: bool) -> None:
        if is_frozen:
            self._share_frozen(texts)
        else:
            self._share_owned(texts)
        if not self._is_one and not self._differ(self._left, self._right):
            self._is_one = True

    def _share_owned(self, texts: StreamTexts) -> None:
        """States that are changed in place: looked at one by one until they first differ."""
        evolve = self._model.evolve_owned
        for event in texts.events():
            self._left = evolve(self._left, event)
            if self._is_one:
                continue
            here = self._lines.here(event.position)
            self._right = self._on_the_right(self._right, event, here)
            if self._failed is not None:
                return
            if self._first is None and self._differ(self._left, self._right):
                self._first = event.position, here

    def _share_frozen(self, texts: StreamTexts) -> None:
        read = self._read(texts)
        lefts = self._after(self._left, *read)
        if self._is_one:
            self._left = lefts[-1] if lefts else self._left
            return
        rights = self._after_on_the_right(texts, *read)
        self._look_at_commands(texts, [self._left, *lefts], [self._right, *rights])
        if self._first is None:
            self._first = self._first_of(texts, lefts, rights)
        if lefts and self._failed is None:
            self._left, self._right = lefts[-1], rights[-1]

    def _read(self, texts: StreamTexts) -> tuple[Sequence[Any], Callable[[Any, Any], Any]]:
        """What its events say, and what gives the state after one."""
        runs = self._model.runs
        said = runs.read(texts) if runs is not None and texts.data_json is not None else None
        if said is None or runs is None:
            return list(texts.events()), self._model.evolve
        return said, runs.step

    @staticmethod
    def _after(state: Any, said: Sequence[Any], step: Callable[[Any, Any], Any]) -> list[Any]:
        """The states after each."""
        if any(it is UNSET for it in said):
            plain = step
            step = lambda state, it: state if it is UNSET else plain(state, it)  # noqa: E731
        return list(islice(accumulate(said, step, initial=state), 1, None))

    def _after_on_the_right(
        self, texts: StreamTexts, said: Sequence[Any], step: Callable[[Any, Any], Any]
    ) -> list[Any]:
        try:
            return self._after(self._right, said, step)
        except Exception:
            return self._until_it_fails(texts, said, step)

    def _until_it_fails(
        self, texts: StreamTexts, said: Sequence[Any], step: Callable[[Any, Any], Any]
    ) -> list[Any]:
        states, state = list[Any](), self._right
        for position, it in zip(texts.positions, said, strict=True):
            try:
                state = state if it is UNSET else step(state, it)
            except Exception as error:  # a model may raise anything at a state it never met
                self._failed = (self._lines.here(position), error_text(error))
                break
            states.append(state)
        return states

    def _first_of(
        self, texts: StreamTexts, lefts: Sequence[Any], rights: Sequence[Any]
    ) -> tuple[int, int] | None:
        for position, one, other in zip(texts.positions, lefts, rights, strict=False):
            if self._differ(one, other):
                return position, self._lines.here(position)
        return None

    def _look_at_commands(
        self, texts: StreamTexts, lefts: Sequence[Any], rights: Sequence[Any]
    ) -> None:
        """`lefts` and `rights` begin with the states before the run."""
        for at, (position, id_) in enumerate(_commands(texts)):
            is_next, self._command = id_ != self._command, id_
            if id_ and is_next and at < len(rights) and lefts[at] != rights[at]:
                self.met.append(Met(id_, position, lefts[at], rights[at]))

    def _differ(self, one: Any, other: Any) -> bool:
        if one is other:
            return False
        to_json = self._model.to_json
        return next(diff(to_json(one), to_json(other)), None) is not None

    def _changes(self) -> list[Change]:
        if self._is_one:
            return []
        to_json = self._model.to_json
        return list(diff(to_json(self._left), to_json(self._right)))

    def _apart(self) -> StreamDiffers | None:
        """Where the lines are folded with two models, as an event is gone by which one of them
        owns the stream."""
        (one, other), lines = self._states, self._lines
        before = one.at(lines.left, self._stream, lines.head).state
        after = other.at(lines.right, self._stream, lines.right_head).state
        first = self._only[0].event.position
        self._first = (None, first) if self._only[0].is_new else (first, None)
        return self._told(list(diff(before, after)))

    def _told(self, changes: Sequence[Change]) -> StreamDiffers | None:
        if not changes and self._failed is None:
            return None
        first = changes[0] if changes else Change("changed", ())
        position, branch_position = self._first or (None, None)
        failed_at, error = self._failed or (None, "")
        return StreamDiffers(
            stream=self._stream,
            position=position,
            branch_position=branch_position,
            path=path_text(first.path) if changes else "",
            before="" if not changes or first.kind == "added" else json_text.encode(first.before),
            after="" if not changes or first.kind == "removed" else json_text.encode(first.after),
            count=len(changes),
            failed_at=failed_at,
            error=error,
        )


def _commands(texts: StreamTexts) -> Iterator[tuple[int, str]]:
    """The position and the command of each event; none where no event names one."""
    if texts.data_json is None:
        events = list(texts.events())
        named = [it.metadata.get(COMMAND) if COMMAND in it.metadata_json else None for it in events]
    elif COMMAND in texts.metadata_json:
        named = [it.command_id for it in _decode_named(texts.metadata_json)]
    else:
        return
    for position, id_ in zip(texts.positions, named, strict=True):
        yield position, id_ if isinstance(id_, str) else ""
