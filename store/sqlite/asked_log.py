"""A log beside another database, for questions in SQL: its events mean what they mean elsewhere.

SQLite takes the first of two keys of one name, and everything else here the last one. So the
payloads of events in which that happens, as their import has found and marked, are shown with each
key once. `log.event_log` has them as they came.
"""

import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Final

from store.place import is_branch
from store.provenance import REPEATED_KEYS
from store.reading.repeated_keys import last_of_each
from store.sqlite.connect import attach_log, temporary_objects

VIEW: Final = "event_log"
PAYLOADS: Final = frozenset({"data", "metadata"})
_ONCE: Final = f"""CASE WHEN instr(source, '"{REPEATED_KEYS}"') THEN each_key_once({{0}})
ELSE {{0}} END AS {{0}}"""
_KEPT: Final = 1_000  # texts, as one question asks for several values of each


def attach_events(db: sqlite3.Connection, path: Path) -> None:
    """Let a connection to another file ask the events of a log too, read-only, as `event_log`. A
    log that lies in no file of its own cannot be asked so: then there is no such table. A branch
    is asked as it is when this is called."""
    shown_from = f"log.{VIEW}"
    if is_branch(path):
        from store.branches import asked_branch  # most logs are no branch

        asked_branch.attach_branch(db, path)
        shown_from = f"temp.{asked_branch.VIEW}"
    else:
        attach_log(db, path)
    if "log" not in {name for _, name, _ in db.execute("PRAGMA database_list")}:
        return
    schema, view = shown_from.split(".")
    columns = [str(it[1]) for it in db.execute(f"PRAGMA {schema}.table_xinfo({view})")]
    if not set(columns) >= PAYLOADS:
        return
    db.create_function("each_key_once", 1, _each_key_once, deterministic=True)
    shown = ", ".join(_ONCE.format(it) if it in PAYLOADS else it for it in columns)
    with temporary_objects(db):
        db.execute(f"CREATE TEMP VIEW {VIEW} AS SELECT {shown} FROM {shown_from}")


@lru_cache(_KEPT)
def _each_key_once(text: str) -> str:
    try:
        return last_of_each(text)
    except ValueError:
        return text
