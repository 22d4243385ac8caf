"""Records of streams that have no order over all: by their times, and in a stream by its own order.

A clock that stepped back turns no stream around: an event counts as no earlier than those before it
in its stream. Records are put by in a database of the source's own, so memory does not grow.
"""

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

from store.reading.json_records import RawRecord
from store.reading.source import Source
from store.times import parse_moment

KEPT: Final = "CREATE TABLE kept (stream, place, at_us, number, offset, text)"
IN_ORDER: Final = """
SELECT stream, place, number, offset, text FROM (
  SELECT *, rowid AS came,
    max(at_us) OVER (PARTITION BY stream ORDER BY place, rowid ROWS UNBOUNDED PRECEDING) AS since
  FROM kept)
ORDER BY since, stream, place, came
"""


class TimedRecord(NamedTuple):
    """A record with its place in its stream."""

    stream: str
    place: int
    record: RawRecord


class TimedRecords:
    """`add` all of them, then read them in order; equal ones as they came."""

    def __init__(self, source: Source) -> None:
        self._db: sqlite3.Connection = source.scratch()
        self._db.execute(KEPT)
        self._db.execute("BEGIN")

    def add(self, stream: str, place: int, time: str | None, record: RawRecord) -> None:
        """One record. A time that is none stands before all others: its reader rejects it."""
        values = (stream, place, _moment(time), *record)
        self._db.execute("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)", values)

    def records(self) -> Iterator[TimedRecord]:
        """All of them in order."""
        for stream, place, number, offset, text in self._db.execute(IN_ORDER):
            yield TimedRecord(stream, place, RawRecord(number, offset, text))


def _moment(time: str | None) -> int | None:
    try:
        return None if time is None else parse_moment(time).at_us
    except (ValueError, OverflowError):
        return None
