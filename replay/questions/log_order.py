"""The events of a whole log in the order of an axis: by position, or by when they occurred.

Places in an order count from 1; 0 is before its first event.
"""

from collections.abc import Iterator
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from store.events import Payload, RecordedEvent
from store.interface import EventReader

READ_AT_ONCE: Final = 10_000  # moments

Numbers: TypeAlias = npt.NDArray[np.integer[Any]]
Placed: TypeAlias = tuple[int, Payload | RecordedEvent, tuple[str, ...]]  # place, event, its links


class LogOrder(Protocol):
    """Unchanging; any thread."""

    @property
    def is_occurred(self) -> bool:
        """Whether states are folded from what had occurred."""

    @property
    def end(self) -> int:
        """The last place."""

    def place(self, position: int) -> int:
        """Where an event stands; one that is not known yet, behind all."""

    def position(self, place: int) -> int:
        """Of the event at a place; 0 before the first."""

    def events(self, log: EventReader, first: int, last: int) -> Iterator[Placed]:
        """Those at these places, both included, read at once."""


class Recorded:
    """The order of the log: a place is a position."""

    is_occurred = False

    def __init__(self, head: int) -> None:
        self.end = head

    def place(self, position: int) -> int:
        return position

    def position(self, place: int) -> int:
        return place

    def events(self, log: EventReader, first: int, last: int) -> Iterator[Placed]:
        links = log.links_between(first, last)
        for event in log.payloads(first, last):
            yield event.position, event, links.get(event.position, ()) if links else ()


class Occurred:
    """The order in which the events of a log occurred; ties go by position."""

    is_occurred = True

    def __init__(self, positions: Numbers) -> None:
        """`positions` in that order: those from 1 on without a gap."""
        self._positions, self.end = positions, len(positions)
        self._places = np.empty(len(positions), np.int32)
        self._places[positions - 1] = np.arange(1, len(positions) + 1, dtype=np.int32)

    def place(self, position: int) -> int:
        if position > len(self._places):
            return len(self._places) + 1
        return int(self._places[position - 1]) if position > 0 else 0

    def position(self, place: int) -> int:
        return int(self._positions[place - 1]) if place > 0 else 0

    def events(self, log: EventReader, first: int, last: int) -> Iterator[Placed]:
        wanted = self._positions[first - 1 : last]
        found = {it.position: it for it in log.at_positions(wanted.tolist())}
        links = _links(log, wanted)
        for place, position in enumerate(wanted.tolist(), first):
            yield place, found[position], links.get(position, ())


def occurred_order(log: EventReader) -> Occurred:
    """The order of a log as it is now: its times are read, no payload."""
    times: list[int] = []
    for first in range(1, log.head() + 1, READ_AT_ONCE):
        times += (it[3] for it in log.moments(first, first + READ_AT_ONCE - 1))
    return Occurred(np.argsort(np.array(times, np.int64), kind="stable") + 1)


def _links(log: EventReader, positions: Numbers) -> dict[int, tuple[str, ...]]:
    """Of these events, asked for run by run: in the order of an axis most stand side by side."""
    ordered, found = np.sort(positions), dict[int, tuple[str, ...]]()
    if len(ordered):
        for run in np.split(ordered, np.flatnonzero(np.diff(ordered) > 1) + 1):
            found |= log.links_between(int(run[0]), int(run[-1]))
    return found
