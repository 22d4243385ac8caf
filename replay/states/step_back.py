"""Going back along a stream by undoing its last events, where their model can do that.

Reversing is never needed, only sometimes quicker: whatever cannot be undone is folded instead.
Fowler, Event Sourcing, "Reversing Events".
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from replay.states.fold import Folded
from replay.states.model import Model
from store.events import RecordedEvent
from store.interface import EventReader

S = TypeVar("S")

STREAMS_KEPT: Final = 256
STEPS: Final = 64  # events undone for one answer; more are folded


class StepBack(Generic[S]):
    """Remembers the state last told of each stream. Any thread."""

    def __init__(self, model: Model[S]) -> None:
        self._undo = model.reverse
        self._latest: OrderedDict[str, Folded[S]] = OrderedDict()
        self._keeping = threading.Lock()

    def keep(self, stream: str, folded: Folded[S]) -> None:
        """Remember a state that was told."""
        if self._undo is None:
            return
        with self._keeping:
            self._latest[stream] = folded
            self._latest.move_to_end(stream)
            if len(self._latest) > STREAMS_KEPT:
                self._latest.popitem(last=False)

    def to(
        self, log: EventReader, stream: str, last: RecordedEvent
    ) -> tuple[Folded[S], S, int] | None:
        """The state after `last`, the one before it, and how many events were undone.

        None when nothing later is remembered, it is too far, or an event cannot be undone.
        """
        with self._keeping:
            later = self._latest.get(stream)
        if self._undo is None or later is None or later.position <= last.position:
            return None
        events = list(
            log.read_stream(
                stream, after=last.position, until=later.position, limit=STEPS + 1, reverse=True
            )
        )
        if len(events) > STEPS:
            return None
        try:
            state = self._undone(later.state, events)
            previous = self._undone(state, [last])
        except LookupError:
            return None
        there = Folded(state, last.position, later.events - len(events), last)
        return there, previous, len(events)

    def _undone(self, state: S, events: Iterable[RecordedEvent]) -> S:
        assert self._undo is not None
        for event in events:
            state = self._undo(state, event)
        return state
