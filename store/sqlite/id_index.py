"""The index of event ids, given up and made again within one transaction.

Nobody else sees the log without it. A guard of the events looks through it, so that goes and comes
back with it.
"""

import sqlite3
from collections.abc import Callable
from typing import Final

from store.sqlite import schema

NAME: Final = "events_by_id"
_DROP: Final = ("DROP TRIGGER events_are_dense", f"DROP INDEX {NAME}")
_HAS: Final = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?)"


def has_id_index(db: sqlite3.Connection) -> bool:
    """Whether it can be given up. A log that was begun under an older schema has it within the
    table of events, where it stays."""
    return bool(db.execute(_HAS, [NAME]).fetchone()[0])


def drop_id_index(db: sqlite3.Connection) -> None:
    """Inside a transaction."""
    for sql in _DROP:
        db.execute(sql)


def make_id_index(db: sqlite3.Connection, step: Callable[[float], None]) -> None:
    """Inside the same transaction; tells how much is done, from 0 to 1. Raises
    sqlite3.IntegrityError when two events have one id."""
    step(0.0)
    db.execute(schema.ID_INDEX)
    db.execute(schema.EVENTS_GUARD)
    step(1.0)
