"""Finding the events whose ids come again, while no index of ids is kept.

Ids that come once need no look: which ones come again is found by their hashes when all have been
read. If one does that was not looked up, the import is read once more, and that id is looked up.
So each event finds what it would find through an index.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

from store.transfer.incoming_ids import Hashes, IncomingIds, among, hashes_of, without
from store.transfer.known import Placed, rows_of
from store.words import counted

FIRST_KEPT: Final = 50_000  # ids in memory: a short file is read once, whatever repeats in it
AT_ONCE: Final = 10_000  # recorded ids that are read at once

_TABLE: Final = """CREATE TEMP TABLE asked_again (
    hash INTEGER, position INTEGER, PRIMARY KEY (hash, position)) WITHOUT ROWID"""
_GONE: Final = "DROP TABLE IF EXISTS temp.asked_again"
_KEEP: Final = "INSERT OR IGNORE INTO temp.asked_again VALUES (?, ?)"
_ASKED_AGAIN: Final = "SELECT position FROM temp.asked_again WHERE hash IN ({marks})"
_RECORDED: Final = "SELECT id, position FROM events ORDER BY id"  # covered by the index


class AskedUnseen(Exception):
    """Ids came again that were not looked up: read once more, with these looked up as well."""

    def __init__(self, hashes: Hashes) -> None:
        super().__init__(
            counted("{count:,} id is repeated", "{count:,} ids are repeated", hashes.size)
        )
        self.hashes = hashes


class RepeatedIds:
    """Where events with the ids that come again are. `looked_up` are the hashes of those ids."""

    def __init__(self, db: sqlite3.Connection, ids: IncomingIds, *, looked_up: Hashes) -> None:
        self._db = db
        self._ids = ids
        self._looked_up = looked_up
        self._first: dict[str, int] = {}
        for sql in (_GONE, _TABLE):
            db.execute(sql)

    def learn_recorded(self) -> None:
        """All that the log holds by now, while it still has its index."""
        rows = self._db.execute(_RECORDED)
        while part := rows.fetchmany(AT_ONCE):
            hashes = hashes_of(id_ for id_, _ in part)
            self._ids.add(hashes)
            self._keep(hashes, [position for _, position in part])

    def positions(self, ids: Sequence[str]) -> list[int]:
        """As Known has it."""
        first = self._first
        found = [first[it] for it in ids if it in first]
        hashes = hashes_of({it for it in ids if it not in first} if found else set(ids))
        self._ids.add(hashes)
        again = among(hashes, self._looked_up)
        return [*found, *(row[0] for row in rows_of(self._db, _ASKED_AGAIN, again))]

    def recorded(self, placed: Sequence[Placed], *, first: int) -> None:
        """As Known has it."""
        if len(self._first) < FIRST_KEPT:
            self._first.update((event.id, first + n) for n, (_, _, event) in enumerate(placed))
        elif self._looked_up.size:
            hashes = hashes_of(event.id for _, _, event in placed)
            self._keep(hashes, range(first, first + len(placed)))

    def require_seen(self) -> None:
        """At the end. Raises AskedUnseen."""
        unseen = without(self._ids.repeated(), self._looked_up)
        if unseen.size:
            raise AskedUnseen(unseen)

    def _keep(self, hashes: Sequence[int], positions: Sequence[int]) -> None:
        if again := set(among(hashes, self._looked_up)):
            kept = [it for it in zip(hashes, positions, strict=True) if it[0] in again]
            self._db.executemany(_KEEP, kept)
