"""What a log gives up while many rows come in one transaction, and has again at its end.

Nobody else sees the log without it. A guard that looks at each row makes SQLite copy each page that
the row changes, in case the row is refused.
"""

import sqlite3
from typing import Final

from store.sqlite import schema

GUARDS: Final = ("events_are_dense", "streams_are_kept", "types_are_kept", "links_are_kept")
ID_INDEX: Final = "events_by_id"
_HAS: Final = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?)"


def drop_guards(db: sqlite3.Connection) -> None:
    """Inside a transaction. Unique indexes go on refusing what is there twice."""
    for name in GUARDS:
        db.execute(f"DROP TRIGGER {name}")


def make_guards(db: sqlite3.Connection) -> None:
    """Inside the same transaction."""
    for sql in (schema.EVENTS_GUARD, *schema.NAMES_GUARD):
        db.execute(sql)


def has_id_index(db: sqlite3.Connection) -> bool:
    """Whether it can be given up. A log that was begun under an older schema has it within the
    table of events, where it stays."""
    return bool(db.execute(_HAS, [ID_INDEX]).fetchone()[0])


def drop_id_index(db: sqlite3.Connection) -> None:
    """Inside a transaction, behind `drop_guards`: one of them looks through it."""
    db.execute(f"DROP INDEX {ID_INDEX}")


def make_id_index(db: sqlite3.Connection) -> None:
    """Inside the same transaction. Raises sqlite3.IntegrityError when two events have one id."""
    db.execute(schema.ID_INDEX)
