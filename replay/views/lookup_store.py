"""Where the views file stores the lookup table of a view: `VIEW__lookup`, each value by its key and
the position of the event that put it, null where it was deleted. Nothing in it is ever changed."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from replay.views import many_rows
from replay.views.lookup import LookupVersion

LOOKUP: Final = "__lookup"  # no view has two underscores in its name
KEY: Final = ("key", "position")


def create(db: sqlite3.Connection, base: str) -> None:
    """Make the table of a version, empty."""
    db.execute(f"""CREATE TABLE "{base}{LOOKUP}" (
    key TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT,
    PRIMARY KEY (key, position)
) STRICT, WITHOUT ROWID""")


class LookupStore:
    """The lookup table of the version `base`. One thread; the caller has begun a transaction
    where it writes."""

    def __init__(self, db: sqlite3.Connection, base: str) -> None:
        self._db = db
        self._find = f"""SELECT value FROM "{base}{LOOKUP}"
WHERE key = ? AND position < ? ORDER BY position DESC LIMIT 1"""
        self._add = f'INSERT INTO "{base}{LOOKUP}" (key, position, value)'

    def find(self, key: str, before: int) -> str | None:
        """What stood under a key before a position, as JSON text; None for nothing."""
        found = self._db.execute(self._find, (key, before)).fetchone()
        return None if found is None else found[0]

    def add(self, versions: Sequence[LookupVersion]) -> None:
        """Store what came."""
        many_rows.insert(self._db, self._add, versions)
