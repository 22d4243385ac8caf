"""A branch's own events, in the tables of a log in its own file."""

import sqlite3
from typing import Final

from store.branches import file_schema
from store.sqlite.reader import LogReader
from store.sqlite.rows import rows

_VERSION: Final = "PRAGMA data_version"  # another one once another connection has committed


class OwnLog(LogReader):
    """Counts positions and versions from 1, by itself.

    Every question about the branch asks for the head and the revision, so they are remembered
    until somebody commits.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._known: tuple[tuple[int, int], tuple[int, int]] | None = None  # as of what, and what

    def head(self) -> int:
        return self._now()[0]

    def revision(self) -> int:
        """Grows with each change of the edits, by whomever."""
        return self._now()[1]

    def _now(self) -> tuple[int, int]:
        """Head and revision. What is remembered may be newer than its mark, never older."""
        db = self._asking.now()
        try:
            found = db.execute(_VERSION).fetchone()
        except sqlite3.DatabaseError:
            found = rows(db, _VERSION)[0]  # which says what is wrong
        mark = self._asking.renewals, int(found[0])
        if self._known is None or self._known[0] != mark:
            self._known = mark, (super().head(), self._number(file_schema.REVISION))
        return self._known[1]
