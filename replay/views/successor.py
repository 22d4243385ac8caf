"""A view whose definition has changed: what is there serves on, as the older code has left it,
while its successor is folded beside it. Once that has caught up the two change places.

The views that belong to the program itself (timeline, search) do so too, as long as what reads
them knows the form of the older tables (`View.readable`). In another form they begin anew in
their place.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from replay.view_version import Slot, ViewVersion
from replay.views import checkpoints, reverted, view
from replay.views.checkpoints import Checkpoint
from replay.views.claim import is_made_by_a_rebuild, unclaim
from replay.views.recorded_view import blank
from replay.views.switch import keep_before, next_generation, put_in_place
from replay.views.view import View
from store.place import Place

NEAR: Final = 1_000  # events; a successor no further behind takes the view's place


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which version of a view is folded now."""

    version: ViewVersion
    is_resting: bool = False  # not at all: by a person's wish, or because a rebuild does it


def set_up(db: sqlite3.Connection, it: View, place: Place) -> None:
    """Make what tables are missing: the view's own, or those of its successor. In a
    transaction."""
    found = checkpoints.read_one(db, it.name)
    is_ours = found is not None and found.definition == it.definition
    has_tables = view.is_whole(db, it, is_folded=is_ours)
    if is_ours and has_tables:
        _drop_other_successor(db, it)
    elif found and has_tables and found.checkpoint and it.can_serve(found.definition):
        if not reverted.is_kept(db, it):
            _begin_beside(db, it, place)
    else:
        _begin_in_place(db, it, found if has_tables else None)


def target_of(
    db: sqlite3.Connection, it: View, place: Place, found: Mapping[str, Checkpoint]
) -> Target:
    """Which version of the view is folded, by what the file says."""
    live, successor = found.get(it.name), it.of.at(Slot.NEXT)
    if live is None or live.definition == it.definition:
        return Target(version=it.of)
    if reverted.is_kept(db, it):
        return Target(version=it.of, is_resting=True)
    return Target(version=successor, is_resting=is_made_by_a_rebuild(db, place, successor))


def has_caught_up(made: Checkpoint, live: Checkpoint, head: int) -> bool:
    """Whether a successor shows all that the view does, and what is missing comes at once."""
    is_near = head - made.checkpoint <= NEAR
    return is_near and made.is_indexed and made.checkpoint >= live.checkpoint


def switch(db: sqlite3.Connection, it: View, made: Checkpoint) -> None:
    """The successor becomes the view, which is kept beside it. Inside a transaction."""
    put_in_place(db, it, made)


def _begin_in_place(db: sqlite3.Connection, it: View, found: Checkpoint | None) -> None:
    begun = blank(it, generation=next_generation(db, it.name))
    if found and found.checkpoint:
        keep_before(db, it, found)
    view.create(db, it)
    checkpoints.put(db, begun)
    checkpoints.unpark(db, it.name)


def _begin_beside(db: sqlite3.Connection, it: View, place: Place) -> None:
    """Go on with a successor by this definition, or begin one."""
    successor = it.of.at(Slot.NEXT)
    if not is_made_by_a_rebuild(db, place, successor):
        unclaim(db, successor)
    found = checkpoints.read_one(db, successor.name)
    is_ours = found is not None and found.definition == it.definition
    if is_ours and view.is_whole(db, it, Slot.NEXT, is_folded=True):
        return
    begun = blank(it, generation=next_generation(db, it.name))
    view.drop(db, it, Slot.NEXT)
    it.create(db, successor)
    checkpoints.put(db, replace(begun, name=successor.name))
    checkpoints.unpark(db, it.name)


def _drop_other_successor(db: sqlite3.Connection, it: View) -> None:
    """One by a definition that is no longer wanted."""
    successor = it.of.at(Slot.NEXT).name
    found = checkpoints.read_one(db, successor)
    if found and found.definition != it.definition:
        view.drop(db, it, Slot.NEXT)
        checkpoints.remove(db, successor)
