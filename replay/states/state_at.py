"""The state of any stream at any moment: nearest keyframe or snapshot, plus a bounded fold."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, Literal, TypeAlias, TypeVar

from replay.states.fold import Folded, fold
from replay.states.keyframes import INTERVAL, Keyframes
from replay.states.model import Model
from replay.states.occurred_states import OccurredStates
from replay.states.step_back import StepBack
from store.events import RecordedEvent
from store.interface import EventReader

S = TypeVar("S")
Basis: TypeAlias = Literal["beginning", "snapshot", "keyframe", "reverse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateAt(Generic[S]):
    """A stream's state as recorded up to a position, that event included."""

    stream: str
    position: int  # asked for
    version: int  # of the stream there; linked events do not count
    events: int  # folded into the state, linked ones included
    last: RecordedEvent | None  # the last event folded in; None when there was none yet
    state: S
    previous: S  # the state before that event
    basis: Basis  # where the fold of this answer began; "reverse": later events were undone
    folded: int  # events folded, or undone, for this answer


class StateReader(Generic[S]):
    """Answers for one model on one log. Any thread; `log` decides what may run side by side.

    `snapshot_before(stream, position)` gives a stored state at or before a position, or None.
    """

    def __init__(
        self,
        model: Model[S],
        *,
        snapshot_before: Callable[[str, int], Folded[S] | None] = lambda _stream, _position: None,
    ) -> None:
        self._model = model
        self._snapshot_before = snapshot_before
        self._keyframes = Keyframes()
        self._back = StepBack(model)
        self._occurred = OccurredStates(model)
        self._keeping = threading.Lock()

    def at(self, log: EventReader, stream: str, position: int) -> StateAt[S]:
        """The state of `stream` as of `position`. An unknown stream is in its initial state."""
        last = next(log.read_stream(stream, until=position, limit=1, reverse=True), None)
        if last is None:
            return self._before_the_first(stream, position)
        found = self._undone(log, stream, position, last)
        if found is None:
            found = self._folded(log, stream, position, last)
        self._back.keep(stream, Folded(found.state, last.position, found.events, last))
        return found

    def _undone(
        self, log: EventReader, stream: str, position: int, last: RecordedEvent
    ) -> StateAt[S] | None:
        back = self._back.to(log, stream, last)
        if back is None:
            return None
        there, previous, undone = back
        return StateAt(
            stream=stream,
            position=position,
            version=_version(log, last, stream),
            events=there.events,
            last=last,
            state=there.state,
            previous=previous,
            basis="reverse",
            folded=undone,
        )

    def _folded(
        self, log: EventReader, stream: str, position: int, last: RecordedEvent
    ) -> StateAt[S]:
        if (found := self._saved(log, stream, position, last)) is not None:
            return found
        base, basis = self._base(stream, last.position - 1)
        events = log.read_stream(stream, after=base.position, until=last.position - 1)
        before = self._fold_keeping(stream, events, base)
        return StateAt(
            stream=stream,
            position=position,
            version=_version(log, last, stream),
            events=before.events + 1,
            last=last,
            state=self._model.evolve(before.state, last),
            previous=before.state,
            basis=basis,
            folded=before.events + 1 - base.events,
        )

    def _saved(
        self, log: EventReader, stream: str, position: int, last: RecordedEvent
    ) -> StateAt[S] | None:
        """From a snapshot at the very last event: nothing is folded. None where there is none,
        where a keyframe is as near, or where only a fold tells the state before."""
        if self._keyframe_near(stream, last.position - 1) is not None:
            return None
        saved = self._snapshot_before(stream, last.position)
        if saved is None or saved.position != last.position:
            return None
        previous = saved.before if saved.before is not None else self._stepped_back(saved, last)
        if previous is None:
            return None
        return StateAt(
            stream=stream,
            position=position,
            version=_version(log, last, stream),
            events=saved.events,
            last=last,
            state=saved.state,
            previous=previous,
            basis="snapshot",
            folded=0,
        )

    def _stepped_back(self, saved: Folded[S], last: RecordedEvent) -> S | None:
        if self._model.reverse is None:
            return None
        try:
            return self._model.reverse(saved.state, last)
        except LookupError:
            return None

    def _keyframe_near(self, stream: str, position: int) -> Folded[S] | None:
        with self._keeping:
            found = self._keyframes.nearest(stream, (position,))
        return found if found and position - found.position <= INTERVAL else None

    def as_occurred(
        self,
        log: EventReader,
        stream: str,
        until_us: int,
        position: int | None = None,
        *,
        known: int | None = None,
    ) -> StateAt[S]:
        """The state from what had occurred by a time, linked events included, in the order in
        which it occurred; of the events at that very time the ones up to `position`, or all.
        With `known` only events count that had been recorded up to that position.

        `position` and `version` of the answer are the greatest ones folded in.
        """
        order = self._occurred.order(log, stream, known)
        count = order.count(until_us, position)
        if not count:
            return self._before_the_first(stream, 0)
        before, base, last = self._occurred.before_last(log, stream, order, count)
        return StateAt(
            stream=stream,
            position=int(order.latest[count - 1]),
            version=int(order.newest[count - 1]),
            events=count,
            last=last,
            state=self._model.evolve(before.state, last),
            previous=before.state,
            basis="keyframe" if base.events else "beginning",
            folded=count - base.events,
        )

    def _base(self, stream: str, position: int) -> tuple[Folded[S], Basis]:
        """The latest state known at or before a position."""
        if near := self._keyframe_near(stream, position):
            return near, "keyframe"
        with self._keeping:
            keyframe = self._keyframes.nearest(stream, (position,))
        snapshot = self._snapshot_before(stream, position)
        if snapshot and (keyframe is None or snapshot.position > keyframe.position):
            return snapshot, "snapshot"
        if keyframe is not None:
            return keyframe, "keyframe"
        return Folded(self._model.initial()), "beginning"

    def _fold_keeping(
        self, stream: str, events: Iterable[RecordedEvent], folded: Folded[S]
    ) -> Folded[S]:
        """Fold, and keep a keyframe after each full interval."""
        for chunk in _chunks(events):
            folded = fold(self._model, chunk, start=folded)
            if len(chunk) == INTERVAL:
                with self._keeping:
                    self._keyframes.keep(stream, (folded.position,), folded)
        return folded

    def _before_the_first(self, stream: str, position: int) -> StateAt[S]:
        return StateAt(
            stream=stream,
            position=position,
            version=0,
            events=0,
            last=None,
            state=self._model.initial(),
            previous=self._model.initial(),
            basis="beginning",
            folded=0,
        )


def _version(log: EventReader, last: RecordedEvent, stream: str) -> int:
    """The stream's version at its last event, which may live elsewhere and be linked here."""
    if last.stream == stream:
        return last.version
    return log.stream_version(stream, until=last.position)


def _chunks(events: Iterable[RecordedEvent]) -> Iterator[list[RecordedEvent]]:
    source = iter(events)
    while chunk := list(islice(source, INTERVAL)):
        yield chunk
