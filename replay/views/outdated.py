"""Views whose rows an older code made: shown until their successors have caught up."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from replay.view_version import Slot
from replay.views import checkpoints, reverted
from replay.views.checkpoints import Checkpoint
from replay.views.view import View
from replay.words import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """How it stands with such a view."""

    rebuilt: int | None  # how far its successor has come; None while there is none
    is_reverted: bool  # a person wants to see it so

    def words(self, head: int) -> str:
        """For a person."""
        if self.is_reverted:
            return said("older code, switched back")
        if self.rebuilt is None:
            return said("older code, not rebuilt yet")
        share = 100 * self.rebuilt // head if head else 100
        return said("older code, rebuilding {share} %", share=share)


def outdated_views(
    db: sqlite3.Connection, found: Mapping[str, Checkpoint], views: Iterable[View]
) -> dict[str, Outdated]:
    """Those of the views that an older code made, by name. What is kept beside a view is what it
    is, and never among them."""
    found_outdated = (
        (it.name, _outdated(db, it, found[it.name]))
        for it in views
        if it.name in found and it.of.is_live
    )
    return {name: it for name, it in found_outdated if it is not None}


def _outdated(db: sqlite3.Connection, it: View, live: Checkpoint) -> Outdated | None:
    """A view whose code is not run here is told by its successor, or by the wish to keep it."""
    made = checkpoints.read_one(db, it.of.at(Slot.NEXT).name)
    kept_for = reverted.definition_of(db, it.name)
    successor = made if made and made.definition != live.definition else None
    is_reverted = kept_for not in (None, live.definition)
    if successor is not None and successor.definition != kept_for:
        is_reverted = False  # that was another code than is folded now
    if live.definition == it.definition and successor is None and not is_reverted:
        return None
    return Outdated(rebuilt=successor.checkpoint if successor else None, is_reverted=is_reverted)
