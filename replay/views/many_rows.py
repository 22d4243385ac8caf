"""Many rows into a table, a hundred a statement: one a statement spends a third on the way there.

Not for a virtual table, which takes its rows one by one whatever the statement says.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from replay.views.flat_rows import FlatRows

ROWS: Final = 100  # SQLite takes 32,766 values a statement; with more rows nothing is gained


def insert(db: sqlite3.Connection, into: str, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows of equal width. `into` is the statement up to its VALUES."""
    if not rows:
        return
    width = len(rows[0])
    one = f"({', '.join('?' * width)})"
    step = max(1, min(ROWS, 32_766 // width))
    whole = len(rows) - len(rows) % step
    if whole:
        db.executemany(f"{into} VALUES {', '.join([one] * step)}", _parts(rows, whole, step))
    if whole < len(rows):
        db.executemany(f"{into} VALUES {one}", rows[whole:])


def _parts(rows: Sequence[Sequence[Any]], until: int, step: int) -> Iterator[list[Any]]:
    """The values of so many rows each."""
    if not isinstance(rows, FlatRows):
        return (_values(rows[at : at + step]) for at in range(0, until, step))
    flat, size = rows.values, step * rows.width
    return (flat[at : at + size] for at in range(0, until * rows.width, size))


def _values(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Those of all the rows; row by row takes half as long as value by value."""
    found = list[Any]()
    for row in rows:
        found += row
    return found
