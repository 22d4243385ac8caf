"""Views of a branch begin as the log's views were where the two differ first, so only what comes
after that is folded. The log's views are read by their history, and left as they are.

Of views without JSON columns and lookup tables, whose histories hold every value; and not where a
row was ever deleted before. Other views are folded from the beginning.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from replay.views import checkpoints, successor
from replay.views.checkpoints import Checkpoint
from replay.views.read_store import attach_views
from replay.views.sink import WRITES_PER_EVENT
from replay.views.view import View
from store.branches.reader import BranchReader
from store.interface import EventReader
from store.place import Place
from store.sqlite.connect import write_transaction

FORK: Final = "fork_views"
FACT: Final = "SELECT value FROM fork_views.view_facts WHERE key = 'store_id'"
RECORD: Final = """
SELECT definition, columns, checkpoint FROM fork_views.projections WHERE name = ?
"""
DELETED: Final = 'SELECT 1 FROM fork_views."{name}_writes" WHERE _write < ? AND _is_deleted LIMIT 1'
WRITES: Final = """
INSERT INTO main."{name}_writes" (_write, _row, _is_deleted{rest})
SELECT _write, _row, _is_deleted{rest} FROM fork_views."{name}_writes" WHERE _write < ?
ORDER BY _write
"""
ROWS: Final = """
INSERT INTO main."{name}" ({key}{rest}, _position, _first_position, _writes, _is_cut, _row)
SELECT {keys}{lasts}, w._write / {per_event}, f.first / {per_event}, f.count, 0, w._row
FROM (SELECT _row, max(_write) AS last, min(_write) AS first, count(*) AS count
      FROM main."{name}_writes" GROUP BY _row) f
JOIN main."{name}_writes" w ON w._write = f.last
JOIN (SELECT _row, {key} FROM fork_views."{name}"
      UNION ALL SELECT _row, {key} FROM fork_views."{name}_deleted") k ON k._row = f._row
"""


def begin_from_fork(db: sqlite3.Connection, log: EventReader, views: Iterable[View]) -> None:
    """Make the views that are missing, and fill those that hold nothing, where the log is a branch
    of another whose views are there. Outside of a transaction. Raises StoreBusy, and what reading
    a log raises."""
    if not isinstance(log, BranchReader):
        return
    views = list(views)
    with write_transaction(db):
        for it in views:
            successor.set_up(db, it, log.place)
    new = [it for it in views if _is_new(db, it)]
    if not new or not _attached(db, log):
        return
    try:
        # Every table is named with its file: a bare name would be looked for in both.
        with write_transaction(db):
            for it in new:
                _begin(db, it, log)
    finally:
        db.execute(f"DETACH DATABASE {FORK}")


def _is_new(db: sqlite3.Connection, view: View) -> bool:
    known = checkpoints.read_one(db, view.name)
    return known is not None and not known.checkpoint and _is_plain(view)


def _attached(db: sqlite3.Connection, log: BranchReader) -> bool:
    """Whether the log has views that can be read."""
    views = Place(log.place.log).views
    if log.layout.places.first_changed <= 1 or not views.is_file():
        return False
    try:
        attach_views(db, views, name=FORK)
        (ours,) = db.execute("PRAGMA main.user_version").fetchone()
        (theirs,) = db.execute(f"PRAGMA {FORK}.user_version").fetchone()
        found = db.execute(FACT).fetchone()
    except sqlite3.DatabaseError:  # it is thrown away by whoever folds the log
        found, ours, theirs = None, 0, 1
    if found is not None and ours == theirs and found[0] == log.facts.log_id:
        return True
    if any(name == FORK for _, name, _ in db.execute("PRAGMA database_list")):
        db.execute(f"DETACH DATABASE {FORK}")
    return False


def _begin(db: sqlite3.Connection, view: View, log: BranchReader) -> None:
    known = checkpoints.read_one(db, view.name)
    if known is None:
        return
    until = _until(db, view, known, log)
    event = log.event(until) if until else None
    if event is None:
        return
    end, names = (until + 1) * WRITES_PER_EVENT, _names(view)
    if db.execute(DELETED.format(**names), [end]).fetchone() is not None:
        return
    writes = db.execute(WRITES.format(**names), [end]).rowcount
    rows = db.execute(ROWS.format(**names)).rowcount
    begun = replace(
        known,
        checkpoint=until,
        checkpoint_id=event.id,
        row_count=max(rows, 0),
        write_count=max(writes, 0),
    )
    checkpoints.put(db, begun)


def _until(db: sqlite3.Connection, view: View, known: Checkpoint, log: BranchReader) -> int:
    """The last position up to which the log's view is the branch's; 0 where it is of no use."""
    found = db.execute(RECORD, [view.name]).fetchone()
    if found is None:
        return 0
    definition, columns, checkpoint = found
    if (definition, columns) != (known.definition, known.columns_json):
        return 0
    first = log.layout.places.first_changed
    return min(first - 1, log.facts.base_head, int(checkpoint))


def _is_plain(view: View) -> bool:
    if view.projection is None or view.projection.keeps_lookup or view.is_apart:
        return False
    return not any(it.kind == "json" for it in view.columns)


def _names(view: View) -> dict[str, str]:
    """What stands in the statements; the names of a view and its columns were checked."""
    key = [f'"{it.name}"' for it in view.columns if it.is_key]
    rest = [f'"{it.name}"' for it in view.columns if not it.is_key]
    return {
        "name": view.name,
        "key": ", ".join(key),
        "keys": ", ".join(f"k.{it}" for it in key),
        "rest": "".join(f", {it}" for it in rest),
        "lasts": "".join(f", w.{it}" for it in rest),
        "per_event": str(WRITES_PER_EVENT),
    }
