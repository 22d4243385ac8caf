"""What an import asks of a log while rows go into it in bulk.

A new log has no index of events at all. In one that is there the index of ids is given up when it
no longer fits the page cache and many events come: keeping it would cost some pages of the disk for
each.
"""

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from typing import Final

from store.sqlite.bulk_changes import (
    drop_guards,
    drop_id_index,
    has_id_index,
    make_guards,
    make_id_index,
)
from store.sqlite.writer import Writer
from store.transfer.known import IndexedKnown, Placed, rows_of
from store.transfer.repeated_ids import RepeatedIds
from store.words import said

FEW: Final = 10_000  # events that come past the guards
IN_CACHE: Final = 12_000_000  # events whose indexes the page cache of an import holds
SHARE: Final = 20  # in a longer log the index is given up for more than this part of it

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
            raise ValueError(said("a new log begins at position 1"))
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
    """Known of a log that is there: by its indexes, until a long log has grown by a good part of
    itself in this transaction. With `is_bulk` the index of ids is given up at once."""

    def __init__(self, db: sqlite3.Connection, ids: RepeatedIds, *, is_bulk: bool) -> None:
        self._db = db
        self._by_indexes = IndexedKnown(db)
        self._ids = ids
        self._may_give_up = has_id_index(db)
        self._is_wanted = is_bulk
        self._came = 0
        self._has_guards, self._has_index = True, True

    def positions(self, ids: Sequence[str]) -> list[int]:
        if self._is_wanted and self._may_give_up and self._has_index:
            self._give_up_index()
        return (self._by_indexes if self._has_index else self._ids).positions(ids)

    def versions(self, names: Sequence[str]) -> list[tuple[str, int]]:
        return self._by_indexes.versions(names)

    def recorded(self, placed: Sequence[Placed], *, first: int) -> None:
        self._came += len(placed)
        head = first + len(placed) - 1
        if not self._has_index:
            self._ids.recorded(placed, first=first)
        elif head > IN_CACHE and self._came > (head - self._came) // SHARE:
            self._is_wanted = True
        if self._came > FEW:
            self._give_up_guards()

    def extent(self, first: int) -> tuple[int, int]:
        return self._by_indexes.extent(first)

    def settle(self, step: Callable[[float], None]) -> None:
        """At the end of the transaction: what was given up is made again. Tells how much of it is
        done, from 0 to 1. Raises AskedUnseen."""
        step(0.0)
        if not self._has_index:
            self._ids.require_seen()
            make_id_index(self._db)
        if not self._has_guards:
            make_guards(self._db)
        self._has_guards, self._has_index = True, True
        step(1.0)

    def _give_up_index(self) -> None:
        self._give_up_guards()
        self._ids.learn_recorded()
        drop_id_index(self._db)
        self._has_index = False

    def _give_up_guards(self) -> None:
        if self._has_guards:
            drop_guards(self._db)
            self._has_guards = False
