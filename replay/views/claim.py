"""Who makes the version of a view that stands beside it: one rebuild at a time, while it lives."""

import sqlite3
from typing import Final

from replay.view_version import ViewVersion
from store.locks import ProcessLock
from store.place import Place

CLAIM: Final = "INSERT OR REPLACE INTO view_facts VALUES (?, ?)"
CLAIMED: Final = "SELECT value FROM view_facts WHERE key = ?"
UNCLAIM: Final = "DELETE FROM view_facts WHERE key = ?"


def claim(db: sqlite3.Connection, version: ViewVersion, token: str) -> None:
    """Whoever made these tables before finds out, and ends. Inside a transaction."""
    db.execute(CLAIM, [_key(version), token])


def is_mine(db: sqlite3.Connection, version: ViewVersion, token: str) -> bool:
    """Whether nobody has claimed them since."""
    return bool(db.execute(CLAIMED, [_key(version)]).fetchone() == (token,))


def unclaim(db: sqlite3.Connection, version: ViewVersion) -> None:
    """Nobody makes them any more. Inside a transaction."""
    db.execute(UNCLAIM, [_key(version)])


def is_made_by_a_rebuild(db: sqlite3.Connection, place: Place, version: ViewVersion) -> bool:
    """Whether a rebuild that lives has claimed them; one that was killed leaves its claim."""
    if db.execute(CLAIMED, [_key(version)]).fetchone() is None:
        return False
    lock = ProcessLock(Place(place.path).rebuild_lock)
    if not lock.acquire():
        return True
    lock.release()
    return False


def _key(version: ViewVersion) -> str:
    return f"rebuild of {version.name}"
