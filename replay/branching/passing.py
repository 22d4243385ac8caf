"""The log as of a moment, for as long as somebody looks at it: a branch that is alone at that
position, and is removed when nobody shows it any more and nothing was done in it.
"""

import os
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from replay.words import said
from store.branches.create import create_branch, drop_branch
from store.branches.opening import facts_of, open_branch
from store.errors import StoreError
from store.place import Place
from store.times import now_us

if sys.platform != "win32":
    import fcntl

NOTE: Final = said("the log as of a moment, for a second window; removed when that is closed")
STARTING_US: Final = 60_000_000  # within which a window shows what was made for it


class Shown:
    """A branch that somebody shows. It ends with the process, however that ends. Any thread."""

    def __init__(self, place: Place) -> None:
        """Raises OSError."""
        self._file = os.open(place.path, os.O_RDONLY)
        if sys.platform != "win32":  # there an open file cannot be removed
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def close(self) -> None:
        """It is shown here no more."""
        os.close(self._file)


def shown_here(place: Place) -> Shown | None:
    """From now on a branch is shown by this process; None of a log, which nobody removes."""
    with suppress(OSError):  # a file that is gone is told of elsewhere
        return Shown(place) if place.branch_name else None
    return None


def as_of(line: Path, position: int, *, by: str = "") -> Path:
    """The file of a branch that holds the line up to `position` and nothing else. What others have
    left of theirs is removed. Raises as create_branch does."""
    place = Place(line)
    clear(place)
    taken = {Place(it).branch_name for it in place.branches()}
    name, number = f"as-of-{position}", 1
    while name in taken:
        number += 1
        name = f"as-of-{position}-{number}"
    return create_branch(line, name, fork=position, note=NOTE, by=by, is_alone=True)


def clear(place: Place) -> None:
    """Remove those of a log that a process has left which did not end by itself."""
    for path in place.branches():
        with suppress(StoreError, OSError):
            facts, _ = facts_of(path)
            if now_us() - facts.created_at_us > STARTING_US:
                leave(Place(path))


def leave(place: Place) -> bool:
    """Remove a branch that was made to be looked at, unless somebody shows it or has done something
    in it. Returns whether it was removed. Raises StoreError, OSError."""
    if not place.branch_name or not place.path.exists():
        return False
    facts, edits = facts_of(place.path)
    if facts.note != NOTE:
        return False
    with closing(open_branch(place.path)) as branch:
        was_used = bool(branch.own_events() or branch.beside.commands.latest(limit=1))
    if edits or was_used:
        return False
    if _is_shown(place):
        return False
    drop_branch(place.log, place.branch_name)
    place.views_lock.unlink(missing_ok=True)
    place.rebuild_lock.unlink(missing_ok=True)
    return True


def _is_shown(place: Place) -> bool:
    if sys.platform == "win32":
        return False
    file = os.open(place.path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False
