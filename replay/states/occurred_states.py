"""The state of a stream from what had occurred by a moment, in the order in which it occurred."""

import threading
from collections.abc import Iterator
from typing import Final, Generic, TypeVar

from replay.states.fold import Folded, fold
from replay.states.keyframes import INTERVAL, Keyframes
from replay.states.model import Model
from replay.states.occurred_order import Int64s, OccurredOrder, OccurredOrders
from store.events import RecordedEvent
from store.interface import EventReader

S = TypeVar("S")

READ_AT_ONCE: Final = 1_000  # events


class OccurredStates(Generic[S]):
    """Answers for one model on one log. Any thread. An answer folds at most an interval of
    keyframes once the stream was folded so far; an event that occurred earlier than what is kept
    takes the keyframes behind it away."""

    def __init__(self, model: Model[S]) -> None:
        self._model = model
        self._orders = OccurredOrders()
        self._keyframes = Keyframes()
        self._known_keyframes = Keyframes()  # as something was known once: these stay true
        self._known_order: tuple[OccurredOrder, int, OccurredOrder] | None = None
        self._keeping = threading.Lock()

    def order(self, log: EventReader, stream: str, known: int | None = None) -> OccurredOrder:
        """The order of the stream's events, linked ones included, as the log is now; or only of
        those that had been recorded up to a position."""
        with self._keeping:
            order, fresh = self._orders.of(log, stream)
            if fresh is not None:
                self._keyframes.forget_from(stream, fresh)
            return order if known is None else self._known_by(order, known)

    def before_last(
        self, log: EventReader, stream: str, order: OccurredOrder, count: int
    ) -> tuple[Folded[S], Folded[S], RecordedEvent]:
        """What the first events of an order but the last of them make, `count` in all; the
        keyframe that the fold began at; and that last event. `count` is at least 1."""
        base = self._base(stream, order, count - 1)
        events = _in_order(log, order.positions[base.events : count])
        folded, left = base, count - 1 - base.events
        while left >= INTERVAL:
            folded = fold(self._model, _next(events, INTERVAL), start=folded)
            left -= INTERVAL
            self._keep(stream, order, folded)
        folded = fold(self._model, _next(events, left), start=folded)
        return folded, base, next(events)

    def _base(self, stream: str, order: OccurredOrder, count: int) -> Folded[S]:
        """The latest kept state of at most so many events."""
        found = None
        if count:
            line, keyframes = self._kept(stream, order)
            with self._keeping:
                found = keyframes.nearest(line, order.key(count - 1))
        return found or Folded(self._model.initial())

    def _keep(self, stream: str, order: OccurredOrder, folded: Folded[S]) -> None:
        """Unless an event has come in before it meanwhile: then another order is the true one."""
        line, keyframes = self._kept(stream, order)
        with self._keeping:
            if order.known is not None or self._orders.is_newest(stream, order):
                keyframes.keep(line, order.key(folded.events - 1), folded)

    def _kept(self, stream: str, order: OccurredOrder) -> tuple[str, Keyframes]:
        """Where the keyframes of an order are, and under which name."""
        if order.known is None:
            return stream, self._keyframes
        return f"{order.known} {stream}", self._known_keyframes

    def _known_by(self, order: OccurredOrder, known: int) -> OccurredOrder:
        """The latest answer is kept: a cursor that moves asks for the same part again."""
        held = self._known_order
        if held is None or held[0] is not order or held[1] != known:
            held = self._known_order = (order, known, order.known_by(known))
        return held[2]


def _next(events: Iterator[RecordedEvent], count: int) -> list[RecordedEvent]:
    return [next(events) for _ in range(count)]


def _in_order(log: EventReader, positions: Int64s) -> Iterator[RecordedEvent]:
    """The events at these positions, in this order, read by the thousand."""
    for start in range(0, len(positions), READ_AT_ONCE):
        wanted = positions[start : start + READ_AT_ONCE].tolist()
        found = {it.position: it for it in log.at_positions(wanted)}
        yield from (found[it] for it in wanted)
