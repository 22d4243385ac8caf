"""What an import asks of a log while rows go into it in bulk.

A new log has no index of events at all. In one that is there the index of ids is given up when
enough events have come: keeping it would cost a page of the disk for each.
"""

import sqlite3
from array import array
from collections.abc import Sequence
from typing import Final

from store.sqlite.id_index import drop_id_index, has_id_index
from store.sqlite.writer import Writer
from store.transfer.known import IndexedKnown, Placed, rows_of
from store.transfer.repeated_ids import RepeatedIds

FEW: Final = 50_000  # events for which an index is kept, however short the log
SHARE: Final = 4  # it is given up when a log has grown by this part of itself

_STREAMS: Final = "SELECT name, id FROM streams WHERE name IN ({marks})"
_TYPES: Final = "SELECT count(*) FROM types"


class BulkKnown:
    """Known of a new log without indexes. The version of each stream takes 4 bytes of memory: kept
    in a table it would cost a page of the disk for each event."""

    def __init__(self, db: sqlite3.Connection, writer: Writer, ids: RepeatedIds) -> None:
        self._db = db
        self._writer = writer
        self._ids = ids
        self._reached = array("I", [0])  # by the number of the stream, from 1
        self._streams = 0  # that have events of their own

    def positions(self, ids: Sequence[str]) -> list[int]:
        return self._ids.positions(ids)

    def versions(self, names: Sequence[str]) -> list[tuple[str, int]]:
        found = rows_of(self._db, _STREAMS, names)
        return [(name, self._version(stream_id)) for name, stream_id in found]

    def recorded(self, placed: Sequence[Placed], *, first: int) -> None:
        reached = {stream: version for stream, version, _ in placed}
        for stream, version in reached.items():
            self._reach(self._writer.stream_id(stream), version)
        self._ids.recorded(placed, first=first)

    def extent(self, first: int) -> tuple[int, int]:
        if first != 1:
            raise ValueError("a new log begins at position 1")
        return self._streams, int(self._db.execute(_TYPES).fetchone()[0])

    def _version(self, stream_id: int) -> int:
        """A stream that is only linked into is at 0."""
        return self._reached[stream_id] if stream_id < len(self._reached) else 0

    def _reach(self, stream_id: int, version: int) -> None:
        if missing := max(stream_id + 1 - len(self._reached), 0):
            self._reached.extend([0] * missing)
        self._streams += not self._reached[stream_id]
        self._reached[stream_id] = version


class GrowingKnown:
    """Known of a log that is there: by its indexes, until it has grown by a good part of itself in
    this transaction. With `is_bulk` the index of ids is given up before the first event."""

    def __init__(self, db: sqlite3.Connection, ids: RepeatedIds, *, is_bulk: bool) -> None:
        self._db = db
        self._by_indexes = IndexedKnown(db)
        self._ids = ids
        self._may_give_up = has_id_index(db)
        self._is_wanted = is_bulk
        self.is_bulk = False  # whether the index of ids was given up
        self._came = 0

    def positions(self, ids: Sequence[str]) -> list[int]:
        if self._is_wanted and self._may_give_up and not self.is_bulk:
            self._ids.learn_recorded()
            drop_id_index(self._db)
            self.is_bulk = True
        return (self._ids if self.is_bulk else self._by_indexes).positions(ids)

    def versions(self, names: Sequence[str]) -> list[tuple[str, int]]:
        return self._by_indexes.versions(names)

    def recorded(self, placed: Sequence[Placed], *, first: int) -> None:
        self._came += len(placed)
        if self.is_bulk:
            self._ids.recorded(placed, first=first)
        elif self._came > max(FEW, (first - self._came) // SHARE):
            self._is_wanted = True

    def extent(self, first: int) -> tuple[int, int]:
        return self._by_indexes.extent(first)
