"""Tables of views that nobody defines any more: they go, or questions in SQL would go on seeing
them as they were."""

import sqlite3

from replay.catalog.all_views import views_of
from replay.own.own_states import own_names
from replay.rules.rules_tables import NAME as RULES
from replay.rules.rules_tables import TABLES as RULE_TABLES
from replay.views import checkpoints, reverted
from replay.views.checkpoints import Checkpoint
from replay.views.lookup_store import LOOKUP
from replay.views.read_store import open_views
from replay.views.view_tables import DELETED, WRITES
from store.interface import EventReader
from store.locks import ProcessLock
from store.sqlite.connect import write_transaction


def drop_leftovers(db: sqlite3.Connection, log: EventReader) -> tuple[str, ...]:
    """Drop the tables of views that are gone, and of their versions. Returns their names.

    Only for who holds the lock of the views. A view of a person's own file that is not trusted,
    or cannot be loaded, is not gone. Raises StoreBusy.
    """
    known = {it.name for it in views_of(log)}.union(own_names(log.place))
    gone = [it for it in checkpoints.read_all(db).values() if _is_gone(it, known)]
    if gone:
        with write_transaction(db):
            for it in gone:
                _drop(db, it.name)
    return tuple(it.name for it in gone)


def drop_now(log: EventReader) -> None:
    """Drop them here and now, unless another process keeps the views: then it does."""
    lock = ProcessLock(log.place.views_lock)
    if not log.place.views.exists() or not lock.acquire():
        return
    try:
        store = open_views(log)
        try:
            drop_leftovers(store.db, log)
        finally:
            store.close()
    finally:
        lock.release()


def _is_gone(it: Checkpoint, known: set[str]) -> bool:
    has_rows = it.columns_json != "[]"  # of another form there are none but ours
    return (has_rows or it.of.view == RULES) and it.of.view not in known


def _drop(db: sqlite3.Connection, name: str) -> None:
    db.execute(f'DROP VIEW IF EXISTS "{name}_history"')
    for suffix in ("", WRITES, DELETED, LOOKUP, *RULE_TABLES):
        db.execute(f'DROP TABLE IF EXISTS "{name}{suffix}"')
    checkpoints.remove(db, name)
    checkpoints.unpark(db, name)
    reverted.forget(db, name)
