"""Which id each commit of a history got, by its mark: in a database beside the memory.

A history may have millions of commits, and a commit may have any earlier one as its parent. Most
have one of the latest, so those are kept at hand.
"""

import sqlite3
from collections.abc import Iterable
from itertools import islice
from typing import Final

KEPT: Final = 4_096

_TABLE: Final = "CREATE TABLE commits (mark BLOB PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID"
_NUMBERED: Final = "CREATE TABLE numbered (mark INTEGER PRIMARY KEY, id TEXT NOT NULL)"
_PUT: Final = "INSERT OR REPLACE INTO {} VALUES (?, ?)"
_GET: Final = "SELECT id FROM {} WHERE mark = ?"


class CommitIds:
    """Used from one thread; `db` is an empty database that nobody else uses."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._latest: dict[bytes, str] = {}
        db.execute(_TABLE)
        db.execute(_NUMBERED)
        db.execute("BEGIN")

    def add(self, mark: bytes, id_: str) -> None:
        """Remember the id of the commit with this mark, or with this id in git."""
        self._latest[mark] = id_
        if len(self._latest) >= 2 * KEPT:
            oldest = list(islice(self._latest.items(), KEPT))
            self._put(oldest)
            for old, _ in oldest:
                del self._latest[old]

    def of(self, mark: bytes) -> str:
        """The id of a commit; of one that is not in the history its mark as it stands."""
        found = self._latest.get(mark)
        return found if found is not None else self._look_up(mark)

    def _put(self, commits: Iterable[tuple[bytes, str]]) -> None:
        rows: dict[str, list[tuple[int | bytes, str]]] = {}
        for mark, id_ in commits:
            table, key = _place(mark)
            rows.setdefault(table, []).append((key, id_))
        for table, some in rows.items():
            self._db.executemany(_PUT.format(table), some)

    def _look_up(self, mark: bytes) -> str:
        table, key = _place(mark)
        row = self._db.execute(_GET.format(table), (key,)).fetchone()
        return mark.decode("utf-8", "replace") if row is None else str(row[0])


def _place(mark: bytes) -> tuple[str, int | bytes]:
    """`:12` has a number, in the order of which it comes; anything else does not."""
    digits = mark[1:]
    if mark[:1] == b":" and digits.isdigit() and len(digits) < 19:
        return "numbered", int(digits)
    return "commits", mark
