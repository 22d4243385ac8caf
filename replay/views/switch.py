"""Versions of a view change places: the live one, the one before it, and the next one.

Each is tables with a checkpoint of its own, so a switch is a renaming in one transaction.
"""

import sqlite3
from dataclasses import replace

from replay.view_version import KEPT, Slot, ViewVersion
from replay.views import checkpoints, reverted, view
from replay.views.checkpoints import Checkpoint
from replay.views.recorded_view import as_made
from replay.views.view import View
from replay.views.view_tables import ViewTables


def keep_before(db: sqlite3.Connection, it: View, found: Checkpoint) -> None:
    """Put the live tables aside as what the view was before. Inside a transaction."""
    view.rename(db, it, Slot.LIVE, Slot.BEFORE)
    checkpoints.put(db, replace(found, name=it.of.at(Slot.BEFORE).name))


def put_in_place(db: sqlite3.Connection, it: View, made: Checkpoint) -> None:
    """What a rebuild has made becomes the view, which is kept beside it. Inside a transaction."""
    found = checkpoints.read_one(db, it.name)
    if found is not None and found.checkpoint and view.is_whole(db, it):
        keep_before(db, it, found)
    view.rename(db, it, Slot.NEXT, Slot.LIVE)
    it.describe(db)
    checkpoints.remove(db, it.of.at(Slot.NEXT).name)
    checkpoints.put(db, replace(made, name=it.name))
    checkpoints.unpark(db, it.name)
    reverted.forget(db, it.name)


def swap(db: sqlite3.Connection, it: View, live: Checkpoint, before: Checkpoint) -> None:
    """The live version and the one before it change places. Inside a transaction."""
    view.rename(db, it, Slot.LIVE, Slot.ASIDE)
    view.rename(db, it, Slot.BEFORE, Slot.LIVE)
    view.rename(db, it, Slot.ASIDE, Slot.BEFORE)
    _describe(db, it, before)
    checkpoints.put(db, replace(before, name=it.name))
    checkpoints.put(db, replace(live, name=it.of.at(Slot.BEFORE).name))
    checkpoints.unpark(db, it.name)


def next_generation(db: sqlite3.Connection, name: str) -> int:
    """Higher than that of any version of the view."""
    found = (checkpoints.read_one(db, ViewVersion(name, it).name) for it in (Slot.LIVE, *KEPT))
    return max((it.generation for it in found if it is not None), default=0) + 1


def _describe(db: sqlite3.Connection, it: View, found: Checkpoint) -> None:
    """As the columns are that the tables were made with."""
    if it.projection is None:
        it.describe(db)
    else:
        ViewTables(it.name, as_made(it, found).columns).create_history(db)
