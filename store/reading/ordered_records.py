"""Records that a file does not hold in the order in which they happened, in that order.

They are put by in a database of the source's own, so memory does not grow with the file.
"""

import sqlite3
from collections.abc import Iterator

from store.reading.json_records import RawRecord
from store.reading.source import Source


class OrderedRecords:
    """`add` all of them, then read them in the order of their keys; equal keys as they came."""

    def __init__(self, source: Source) -> None:
        self._db: sqlite3.Connection = source.scratch()
        self._db.execute("CREATE TABLE kept (first, second, third, number, offset, text)")
        self._db.execute("BEGIN")

    def add(self, key: tuple[str | int, str | int, str | int], record: RawRecord) -> None:
        """One record under its key."""
        self._db.execute("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)", (*key, *record))

    def records(self, *, ties_reversed: bool = False) -> Iterator[RawRecord]:
        """All of them in order. `ties_reversed`: of equal keys the last one first."""
        rows = "rowid DESC" if ties_reversed else "rowid"
        asked = "SELECT number, offset, text FROM kept ORDER BY first, second, third, "
        for row in self._db.execute(asked + rows):
            yield RawRecord(*row)
