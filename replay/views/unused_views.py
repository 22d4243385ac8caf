"""Views of logs that this account may only read lie in a folder of its own, where nobody would
look for them: what is not used any more is removed from it.

A views file is disposable, so removing one too many costs a rebuild and nothing else.
"""

from contextlib import suppress
from pathlib import Path
from time import time
from typing import Final

from replay.views.read_store import log_of_views
from store.access import folder_of_ours
from store.errors import StoreError
from store.locks import ProcessLock
from store.place import Place, locks_of_views, path_of, views_of_ours
from store.sqlite.connect import remove_files

DAY_S: Final = 86_400
GONE_S: Final = 7 * DAY_S  # a log whose medium is away may come back
UNUSED_S: Final = 90 * DAY_S
MOST_BYTES: Final = 4 * 2**30  # of all together; above it the longest unused go first
STAMP: Final = "looked-through"  # a file of that folder: when this was done last


def keep_tidy(place: Place) -> None:
    """Where the views of a log lie in that folder: once a day remove what is not used there."""
    folder = place.views.parent
    if folder != folder_of_ours():
        return
    with suppress(OSError):
        stamp = folder / STAMP
        if not stamp.exists() or time() - stamp.stat().st_mtime > DAY_S:
            stamp.touch()
            remove_unused()


def remove_unused(*, now_s: float | None = None) -> list[Path]:
    """Remove what was not used for 90 days, or for a week where its log is gone, and what makes
    all together larger than 4 GB. Nothing that is in use or was used within a day. Returns what
    was removed; never fails."""
    now = time() if now_s is None else now_s
    ages = {it: now - _used_s(it) for it in views_of_ours()}
    unused = [it for it, age in ages.items() if age > UNUSED_S or (age > GONE_S and _is_gone(it))]
    left = sorted(ages.keys() - {*unused}, key=ages.__getitem__, reverse=True)
    excess = sum(map(_bytes, left)) - MOST_BYTES
    for it in left:
        if excess > 0 and ages[it] > DAY_S:
            unused.append(it)
            excess -= _bytes(it)
    return [it for it in unused if _removed(it)]


def _removed(views: Path) -> bool:
    """Whether it could be removed: nobody keeps it."""
    locks = [ProcessLock(it) for it in locks_of_views(views)]
    try:
        if not all(it.acquire() for it in locks):
            return False
        remove_files(views)
        for path in locks_of_views(views):
            path.unlink(missing_ok=True)
    except (OSError, StoreError):
        return False
    finally:
        for it in locks:
            it.release()
    return True


def _is_gone(views: Path) -> bool:
    """Whether it says of which log it is, and that is not there."""
    text = log_of_views(views)
    return bool(text) and not path_of(text).exists()


def _used_s(views: Path) -> float:
    try:
        return views.stat().st_mtime
    except OSError:
        return time()


def _bytes(views: Path) -> int:
    try:
        return views.stat().st_size
    except OSError:
        return 0
