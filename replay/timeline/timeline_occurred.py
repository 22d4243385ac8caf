"""Events in the order in which they occurred, from the views file; ties by position.

As far as the timeline has come: see TimelineIndex.indexed_until.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from replay.timeline.timeline_index import number_of_type

THERE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'timeline_occurred'"
BETWEEN: Final = """
SELECT occurred_at_us, position, type_id FROM timeline_occurred
WHERE occurred_at_us >= ? AND occurred_at_us < ?
ORDER BY occurred_at_us, position LIMIT ?
"""
EVERY: Final = """
SELECT occurred_at_us, position FROM timeline_occurred ORDER BY occurred_at_us, position
"""
LAST: Final = """
SELECT position FROM timeline_occurred WHERE occurred_at_us <= ?
ORDER BY occurred_at_us DESC, position DESC LIMIT 1
"""
NEXT: Final = """
SELECT position FROM timeline_occurred WHERE (occurred_at_us, position) > (?, ?)
ORDER BY occurred_at_us, position LIMIT 1
"""
PREVIOUS: Final = """
SELECT position FROM timeline_occurred WHERE (occurred_at_us, position) < (?, ?)
ORDER BY occurred_at_us DESC, position DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Occurred:
    """One event on the occurred axis."""

    occurred_at_us: int
    position: int
    type_number: int  # its place in TimelineIndex.types


def occurred_between(
    db: sqlite3.Connection, since_us: int, until_us: int, *, limit: int
) -> tuple[Occurred, ...]:
    """The first events that occurred at or after one time and before another."""
    rows = _rows(db, BETWEEN, since_us, until_us, limit)
    return tuple(
        Occurred(at_us, position, number_of_type(type_id)) for at_us, position, type_id in rows
    )


def every_occurred(
    db: sqlite3.Connection,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """When every event occurred, and its position, in that order."""
    rows = np.fromiter(_rows(db, EVERY), np.dtype([("at_us", np.int64), ("position", np.int64)]))
    return rows["at_us"].copy(), rows["position"].copy()


def last_occurred(db: sqlite3.Connection, until_us: int) -> int:
    """The position of the event that had occurred last by a time; 0 when none had."""
    return _position(db, LAST, until_us)


def next_occurred(db: sqlite3.Connection, occurred_at_us: int, position: int) -> int:
    """The position of the event that occurred next after this one; 0 when none did."""
    return _position(db, NEXT, occurred_at_us, position)


def previous_occurred(db: sqlite3.Connection, occurred_at_us: int, position: int) -> int:
    """The position of the event that occurred last before this one; 0 when none did."""
    return _position(db, PREVIOUS, occurred_at_us, position)


def _position(db: sqlite3.Connection, sql: str, *values: int) -> int:
    row = next(_rows(db, sql, *values), None)
    return 0 if row is None else int(row[0])


def _rows(db: sqlite3.Connection, sql: str, *values: int) -> Iterator[tuple[int, ...]]:
    """None while the timeline has not begun: a verb folds only the views that it names."""
    if db.execute(THERE).fetchone() is None:
        return iter(())
    return iter(db.execute(sql, values))
