"""Bring the views up with the log here and now, for verbs that read them."""

import time
from pathlib import Path
from typing import Final

from replay import checkpoints, put_back
from replay.collector import rarely_collected
from replay.errors import UnknownView, ViewBehind
from replay.file_lock import views_lock
from replay.parking import tell_problems
from replay.patience import Patience
from replay.read_store import open_views, open_views_to_read
from replay.runner import Runner
from replay.views import all_views
from store.reader import LogReader

POLL_S: Final = 0.02
USUAL: Final = Patience()
PATIENCE_S: Final = 120.0  # with another process that keeps the views and gets no further


def catch_up(log: LogReader, path: Path) -> None:
    """Fold what the views have not seen. Where another process keeps them, wait until it has
    come to where the head is now; what it cannot fold is told by the views themselves."""
    head = log.head()
    lock = views_lock(path)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if lock.acquire():
            try:
                _fold(log)
            finally:
                lock.release()
            return
        if _lowest(log) >= head:
            return
        time.sleep(POLL_S)


def wait_for(
    log: LogReader, path: Path, view: str, position: int, *, patience: Patience = USUAL
) -> None:
    """Until the view shows a position: what you have written yourself. Where another process
    keeps the views, no longer than the patience lasts. Raises UnknownView, ViewBehind: then
    nothing is shown rather than something old."""
    if view not in {it.name for it in all_views(log.path)}:
        raise UnknownView(view)
    lock = views_lock(path)
    shown = 0
    for _ in patience.looks():
        shown = _checkpoint(log, view)
        if shown >= position:
            return
        if lock.acquire():
            try:
                _fold(log)
            finally:
                lock.release()
            shown = _checkpoint(log, view)
            break
    if shown < position:
        raise ViewBehind(view, shown=shown, wanted=position)


def _checkpoint(log: LogReader, view: str) -> int:
    db = open_views_to_read(log)
    if db is None:
        return 0
    try:
        found = checkpoints.read_one(db, view)
        return found.checkpoint if found else 0
    finally:
        db.close()


def _fold(log: LogReader) -> None:
    store = open_views(log)
    try:
        parked = tell_problems(store.db, log)
        runner = Runner(store.db, log, all_views(log.path), parked=parked)
        with rarely_collected():
            while runner.advance():
                pass
    finally:
        store.close()


def _lowest(log: LogReader) -> int:
    """The checkpoint of the view that is furthest behind, those that stand still left out: by an
    error, or because a person has put back what an older code made."""
    db = open_views_to_read(log)
    if db is None:
        return 0
    try:
        parked = checkpoints.errors(db)
        views = [view for view in all_views(log.path) if not put_back.is_kept(db, view)]
        known = {view.name for view in views} - parked.keys()
        found = checkpoints.read_all(db)
        return min((found[name].checkpoint if name in found else 0 for name in known), default=0)
    finally:
        db.close()
