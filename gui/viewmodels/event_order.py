"""Every event of the log in the order in which it occurred; ties go by position.

It is held in memory, 16 bytes an event, so that a row is found at once wherever a person scrolls.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gui.work.reads import Reads
from replay.timeline.timeline_occurred import every_occurred
from store.interface import EventReader

READ_AT_ONCE: Final = 10_000  # events

Int64s = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrder:
    """Arrays of a number an event. Unchanging; any thread."""

    occurred_us: Int64s  # in order
    positions: Places  # in order
    places: Places  # in the order, from 0; by position - 1

    @property
    def until(self) -> int:
        """The last position that it holds."""
        return len(self.positions)

    def place(self, position: int) -> int:
        """Where an event stands; one that is not held yet, behind all."""
        return int(self.places[position - 1]) if 0 < position <= self.until else self.until


def read_order(reads: Reads, *, until: int) -> EventOrder:
    """The order of the events up to a position: from the timeline as far as it has come, and from
    the log behind it. On a reader thread."""
    views = reads.views()
    occurred_us, positions = _of_views(views, until) if views else _columns([])
    order = ordered_by(occurred_us, positions)
    return grown(reads, order=order, until=until)[0]


def grown(reads: Reads, *, order: EventOrder, until: int) -> tuple[EventOrder, bool]:
    """The order once the log has grown; and whether all that is new stands behind what there was.
    On a reader thread."""
    occurred_us, positions = _of_log(reads.log, order.until, until)
    if not len(positions):
        return order, True
    is_behind = not order.until or int(occurred_us.min()) >= int(order.occurred_us[-1])
    joined = np.concatenate([order.occurred_us, occurred_us])
    return ordered_by(joined, np.concatenate([order.positions, positions])), is_behind


def ordered_by(occurred_us: Int64s, positions: Int64s) -> EventOrder:
    """The order of events of these times; `positions` are those from 1 on without a gap."""
    if len(positions) and not _is_ordered(occurred_us, positions):
        order = np.lexsort((positions, occurred_us))
        occurred_us, positions = occurred_us[order], positions[order]
    places = np.empty(len(positions), np.int32)
    places[positions - 1] = np.arange(len(positions), dtype=np.int32)
    return EventOrder(occurred_us=occurred_us, positions=positions.astype(np.int32), places=places)


def _is_ordered(occurred_us: Int64s, positions: Int64s) -> bool:
    steps = np.diff(occurred_us)
    return bool(np.all((steps > 0) | ((steps == 0) & (np.diff(positions) > 0))))


def _of_views(views: sqlite3.Connection, until: int) -> tuple[Int64s, Int64s]:
    """(occurred-at, position) of the events up to a position, as far as the timeline has come."""
    occurred_us, positions = every_occurred(views)
    is_listed = positions <= until
    return occurred_us[is_listed], positions[is_listed]


def _of_log(log: EventReader, after: int, until: int) -> tuple[Int64s, Int64s]:
    """(occurred-at, position) of the events behind a position."""
    return _columns(
        [
            (it[3], it[0])
            for first in range(after + 1, until + 1, READ_AT_ONCE)
            for it in log.moments(first, min(first + READ_AT_ONCE - 1, until))
        ]
    )


def _columns(rows: list[tuple[int, int]]) -> tuple[Int64s, Int64s]:
    table = np.array(rows, np.int64).reshape(-1, 2)
    return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])
