"""Views of a branch begin as the log's views were where the two differ first, so only what comes
after that is folded. The log's views are read, and left as they are.

How a kind of view begins so is its own (`View.from_fork`). What a person let a view of either do
without is seen again by the other, so nothing is taken over from there on.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from replay.views import checkpoints, successor
from replay.views.checkpoints import FORK, Checkpoint, Fork
from replay.views.read_store import attach_views, is_damage
from replay.views.skips import Skipped
from replay.views.view import View
from store.branches.reader import BranchReader
from store.interface import EventReader
from store.place import Place
from store.sqlite.connect import write_transaction

FACT: Final = f"SELECT value FROM {FORK}.view_facts WHERE key = 'store_id'"
RECORD: Final = f"""
SELECT definition, columns, checkpoint FROM {FORK}.projections WHERE name = ?
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
    except sqlite3.DatabaseError as error:
        if not is_damage(error):  # of the log's views: they are as if there were none
            raise
    finally:
        db.execute(f"DETACH DATABASE {FORK}")


def _is_new(db: sqlite3.Connection, view: View) -> bool:
    known = checkpoints.read_one(db, view.name)
    return known is not None and not known.checkpoint and view.from_fork is not None


def _attached(db: sqlite3.Connection, log: BranchReader) -> bool:
    """Whether the log has views that can be read."""
    views = _log_of(log).views
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
    if known is None or known.checkpoint or view.from_fork is None:
        return
    reached = _reached(db, view, known)
    until = min(reached, _last_common(view, log))
    event = log.event(until) if until else None
    if event is None:
        return
    fork = Fork(
        of=view.of, generation=known.generation, until=until, checkpoint=reached, branch=log
    )
    begun = view.from_fork(db, fork)
    if begun is not None:
        put = replace(
            known,
            checkpoint=until,
            checkpoint_id=event.id,
            row_count=begun.rows,
            write_count=begun.writes,
            is_indexed=begun.is_indexed,
        )
        checkpoints.put(db, put)


def _reached(db: sqlite3.Connection, view: View, known: Checkpoint) -> int:
    """How far the log's view has come; 0 where it is of no use."""
    found = db.execute(RECORD, [view.name]).fetchone()
    is_same = found is not None and found[:2] == (known.definition, known.columns_json)
    return int(found[2]) if is_same else 0


def _last_common(view: View, log: BranchReader) -> int:
    """The last position up to which a view sees the same of both."""
    skips = (Skipped(it).first(view.name, view.definition) for it in (log.place, _log_of(log)))
    differing = [it for it in skips if it is not None]
    return min([log.layout.places.first_changed, log.facts.base_head + 1, *differing]) - 1


def _log_of(log: BranchReader) -> Place:
    return Place(log.place.log)
