"""A log of an older schema that cannot be brought to the newest one, because it is read-only.

What it lacks is stood in for by empty tables of the connection's own: every question about what
stands beside the events is written once, for the newest schema.
"""

import sqlite3
from typing import Final

from store.beside import command_tables
from store.sqlite.connect import temporary_objects

ADDED: Final = {  # by schema version
    2: command_tables.TABLES,
    3: command_tables.ATTEMPTS,
    4: command_tables.RETRY_JOURNAL,
}
NAMES: Final = "SELECT name FROM sqlite_temp_schema WHERE type = 'table'"


def stand_in(db: sqlite3.Connection) -> bool:
    """Give the connection the tables that its log lacks, and take away those that it has got
    since. Returns whether any are lacking."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    lacking = "".join(tables for since, tables in ADDED.items() if since > version)
    with temporary_objects(db):
        for (name,) in db.execute(NAMES).fetchall():
            db.execute(f'DROP TABLE temp."{name}"')
        if lacking:
            db.executescript(lacking.replace("CREATE TABLE", "CREATE TEMP TABLE"))
    return bool(lacking)
