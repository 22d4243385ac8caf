"""What an import asks of a new log while rows go into it without indexes.

Ids that come once need no look: which ones come again is found by their hashes when all have been
read. If one does that was not looked up, the import is read once more, and that id is looked up.
So each event finds what it would find through an index.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

from store.sqlite.writer import Writer
from store.transfer.incoming_ids import NONE, Hashes, IncomingIds, among, hashes_of, without
from store.transfer.known import Placed, rows_of

FIRST_KEPT: Final = 50_000  # ids in memory: a short file is read once, whatever repeats in it

_TABLES: Final = (
    "CREATE TEMP TABLE standing (stream_id INTEGER PRIMARY KEY, version INTEGER NOT NULL)",
    """CREATE TEMP TABLE asked_again (
        hash INTEGER, position INTEGER, PRIMARY KEY (hash, position)) WITHOUT ROWID""",
)
_STAND: Final = """
INSERT INTO temp.standing VALUES (?, ?)
ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version
"""
_VERSIONS: Final = """
SELECT s.name, coalesce(t.version, 0) FROM streams s
LEFT JOIN temp.standing t ON t.stream_id = s.id WHERE s.name IN ({marks})
"""
_KEEP: Final = "INSERT INTO temp.asked_again VALUES (?, ?)"
_ASKED_AGAIN: Final = "SELECT position FROM temp.asked_again WHERE hash IN ({marks})"
_EXTENT: Final = "SELECT (SELECT count(*) FROM temp.standing), (SELECT count(*) FROM types)"


class AskedUnseen(Exception):
    """Ids came again that were not looked up: read once more, with these looked up as well."""

    def __init__(self, hashes: Hashes) -> None:
        super().__init__(f"{hashes.size} ids came again")
        self.hashes = hashes


class BulkKnown:
    """Known of a log without indexes. `looked_up` are the hashes of ids that come again."""

    def __init__(
        self,
        db: sqlite3.Connection,
        writer: Writer,
        ids: IncomingIds,
        *,
        looked_up: Hashes = NONE,
    ) -> None:
        self._db = db
        self._writer = writer
        self._ids = ids
        self._looked_up = looked_up
        self._first: dict[str, int] = {}
        for sql in _TABLES:
            db.execute(sql)

    def positions(self, ids: Sequence[str]) -> list[int]:
        found = [self._first[it] for it in ids if it in self._first]
        hashes = hashes_of({it for it in ids if it not in self._first})
        self._ids.add(hashes)
        again = among(hashes, self._looked_up)
        return [*found, *(row[0] for row in rows_of(self._db, _ASKED_AGAIN, again))]

    def versions(self, names: Sequence[str]) -> list[tuple[str, int]]:
        return [(row[0], row[1]) for row in rows_of(self._db, _VERSIONS, names)]

    def recorded(self, placed: Sequence[Placed], *, first: int) -> None:
        reached = {stream: version for stream, version, _ in placed}
        standing = [(self._writer.stream_id(it), version) for it, version in reached.items()]
        self._db.executemany(_STAND, standing)
        if len(self._first) < FIRST_KEPT:
            self._first.update((event.id, first + n) for n, (_, _, event) in enumerate(placed))
        elif self._looked_up.size:
            self._keep(hashes_of(event.id for _, _, event in placed), first)

    def _keep(self, hashes: Sequence[int], first: int) -> None:
        again = set(among(hashes, self._looked_up))
        kept = [(it, first + n) for n, it in enumerate(hashes) if it in again]
        self._db.executemany(_KEEP, kept)

    def extent(self, first: int) -> tuple[int, int]:
        if first != 1:
            raise ValueError("a new log begins at position 1")
        streams, types = self._db.execute(_EXTENT).fetchone()
        return int(streams), int(types)

    def require_seen(self) -> None:
        """At the end. Raises AskedUnseen."""
        unseen = without(self._ids.repeated(), self._looked_up)
        if unseen.size:
            raise AskedUnseen(unseen)
