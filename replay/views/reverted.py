"""Views that a person has put back to what an older code made, and wants to see so."""

import sqlite3
from typing import Final

from replay.views.view import View
from replay.words import said

KEEP: Final = "INSERT OR REPLACE INTO view_facts VALUES (?, ?)"
KEPT: Final = "SELECT value FROM view_facts WHERE key = ?"
FORGET: Final = "DELETE FROM view_facts WHERE key = ?"


def keep(db: sqlite3.Connection, it: View) -> None:
    """Fold no successor of the view, as long as the code is what it is now. In a transaction."""
    db.execute(KEEP, [_key(it.name), it.definition])


def is_kept(db: sqlite3.Connection, it: View) -> bool:
    """Whether the view stays as it is until a person says otherwise."""
    return definition_of(db, it.name) == it.definition


def definition_of(db: sqlite3.Connection, name: str) -> str | None:
    """What the code was that a person did not want to see; None where nothing was put back."""
    found = db.execute(KEPT, [_key(name)]).fetchone()
    return None if found is None else str(found[0])


def forget(db: sqlite3.Connection, name: str) -> None:
    """It is no longer wanted. In a transaction."""
    db.execute(FORGET, [_key(name)])


def _key(name: str) -> str:
    return said("switched back: {name}", name=name)
