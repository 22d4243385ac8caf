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
    if isinstance(rows, FlatRows):
        width, one = rows.width, rows.marks
    else:
        width = len(rows[0])
        one = f"({', '.join('?' * width)})"
    step = max(1, min(ROWS, 32_766 // width))
    whole = len(rows) - len(rows) % step
    if whole:
        statement = f"{into} VALUES {', '.join([one] * step)}"
        db.executemany(statement, _parts(rows, range(0, whole, step)))
    if whole < len(rows):
        db.executemany(f"{into} VALUES {one}", _parts(rows, range(whole, len(rows))))


def _parts(rows: Sequence[Sequence[Any]], starts: range) -> Iterator[list[Any]]:
    """The values of so many rows each as lie between two starts."""
    if not isinstance(rows, FlatRows):
        return (_values(rows[at : at + starts.step]) for at in starts)
    flat, width, size = rows.values, rows.width, starts.step * rows.width
    return (flat[at * width : at * width + size] for at in starts)


def _values(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Those of all the rows; row by row takes half as long as value by value."""
    found = list[Any]()
    for row in rows:
        found += row
    return found
