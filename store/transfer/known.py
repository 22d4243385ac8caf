"""What an import asks of the log that it writes to: by the log's indexes.

store/transfer/bulk_known.py answers the same while a new log has none yet.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol, TypeAlias

from store.events import NewEvent
from store.sqlite.writer import Writer

AT_ONCE: Final = 500  # parameters of one query
Placed: TypeAlias = tuple[str, int, NewEvent]  # home stream, version in it

_IDS: Final = "SELECT position FROM events WHERE id IN ({marks})"
# A stream may have been linked into before it has an event of its own.
_VERSIONS: Final = """
SELECT s.name, (SELECT coalesce(max(version), 0) FROM events WHERE stream_id = s.id)
FROM streams s WHERE s.name IN ({marks})
"""
_EXTENT: Final = """
SELECT count(DISTINCT stream_id), count(DISTINCT type_id) FROM events WHERE position >= ?
"""


class Known(Protocol):
    """Inside the transaction that writes."""

    def positions(self, ids: Sequence[str]) -> list[int]:
        """Where events with these ids are recorded; it may name others too."""

    def versions(self, names: Sequence[str]) -> list[tuple[str, int]]:
        """The streams among these that are there, each with the version it has reached."""

    def recorded(self, placed: Sequence[Placed], *, first: int) -> None:
        """Hear what has been written, from position `first` on."""

    def extent(self, first: int) -> tuple[int, int]:
        """In how many streams the events from a position on live, and of how many types."""


class IndexedKnown:
    """Known of a log that is complete."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def positions(self, ids: Sequence[str]) -> list[int]:
        return [row[0] for row in rows_of(self._db, _IDS, ids)]

    def versions(self, names: Sequence[str]) -> list[tuple[str, int]]:
        return [(row[0], row[1]) for row in rows_of(self._db, _VERSIONS, names)]

    def recorded(self, placed: Sequence[Placed], *, first: int) -> None:
        """The indexes know."""

    def extent(self, first: int) -> tuple[int, int]:
        streams, types = self._db.execute(_EXTENT, [first]).fetchone()
        return int(streams), int(types)


def by_indexes(db: sqlite3.Connection, _writer: Writer) -> Known:
    """Known of a log that is complete."""
    return IndexedKnown(db)


def rows_of(
    db: sqlite3.Connection, sql: str, values: Sequence[str | int]
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query with {marks} for any number of values."""
    for at in range(0, len(values), AT_ONCE):
        part = values[at : at + AT_ONCE]
        yield from db.execute(sql.format(marks=", ".join("?" * len(part))), part).fetchall()
