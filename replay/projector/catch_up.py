"""Bring the views up with the log here and now, for verbs that read them."""

import math
import sqlite3
import time
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Final

from replay.catalog.all_views import own_views, views_without_code
from replay.catalog.leftovers import drop_leftovers
from replay.catalog.parking import tell_problems
from replay.catalog.views_to_read import views_to_read
from replay.collector import rarely_collected
from replay.errors import UnknownView, ViewBehind
from replay.file_lock import views_lock
from replay.own.own_projections import names_of
from replay.projector.patience import Patience
from replay.view_version import version_named
from replay.views import checkpoints
from replay.views.outdated import outdated_views
from replay.views.read_store import open_views, open_views_to_read
from replay.views.runner import Runner
from store.interface import EventReader

POLL_S: Final = 0.02
USUAL: Final = Patience()
OWN_PATIENCE_S: Final = 10.0  # with all views of a person's own files together
PATIENCE_S: Final = 120.0  # with another process that keeps the views and gets no further


def catch_up(log: EventReader, path: Path, *, own: Collection[str] | None = None) -> None:
    """Fold what the views have not seen. Where another process keeps them, wait until it has
    come to where the head is now; what it cannot fold is told by the views themselves.

    `own` names views that are waited for even when they are a person's own, however long they
    take. The others of that kind are left where they are; without `own` they come as far as they
    do in OWN_PATIENCE_S.
    """
    head = log.head()
    lock = views_lock(path)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if lock.acquire():
            try:
                _fold(log, own)
            finally:
                lock.release()
            return
        if _lowest(log, own or ()) >= head:
            return
        time.sleep(POLL_S)


def wait_for(
    log: EventReader, path: Path, view: str, position: int, *, patience: Patience = USUAL
) -> None:
    """Until the view shows a position: what you have written yourself. Where another process
    keeps the views, no longer than the patience lasts. Raises UnknownView, ViewBehind: then
    nothing is shown rather than something old."""
    if view not in {*names_of(log.path), *(it.name for it in views_without_code(log.path))}:
        raise UnknownView(view)
    lock = views_lock(path)
    shown = 0
    for _ in patience.looks():
        shown = _checkpoint(log, view)
        if shown >= position:
            return
        if lock.acquire():
            try:
                _fold(log, [view])
            finally:
                lock.release()
            shown = _checkpoint(log, view)
            break
    if shown < position:
        raise ViewBehind(version_named(view), shown=shown, wanted=position)


def _checkpoint(log: EventReader, view: str) -> int:
    db = open_views_to_read(log)
    if db is None:
        return 0
    try:
        found = checkpoints.read_one(db, view)
        return found.checkpoint if found else 0
    finally:
        db.close()


def _fold(log: EventReader, own: Collection[str] | None) -> None:
    """The views of this program first: what is wrong with a person's own is nothing to them."""
    store = open_views(log)
    try:
        drop_leftovers(store.db, log)
        with rarely_collected():
            _advance(Runner(store.db, log, views_without_code(log.path)), math.inf)
            if wanted := _own_among(log, own):
                _fold_own(store.db, log, wanted, OWN_PATIENCE_S if own is None else math.inf)
    finally:
        store.close()


def _own_among(log: EventReader, names: Collection[str] | None) -> set[str]:
    """The views of a person's own that the names mean; all of them with None."""
    theirs = set(names_of(log.path))
    return theirs if names is None else theirs & {version_named(it).view for it in names}


def _fold_own(
    db: sqlite3.Connection, log: EventReader, wanted: set[str], patience_s: float
) -> None:
    parked = tell_problems(db, log)
    ends_s = time.monotonic() + patience_s
    for it in own_views(log.path):
        if it.name in wanted:
            with closing(Runner(db, log, (it,), parked=parked)) as runner:
                _advance(runner, ends_s)


def _advance(runner: Runner, ends_s: float) -> None:
    while runner.advance() and time.monotonic() < ends_s:
        pass


def _lowest(log: EventReader, own: Collection[str]) -> int:
    """The checkpoint of the view that is furthest behind. Left out are those that stand still, by
    an error or because a person has put back what an older code made, and of a person's own all
    but `own`."""
    db = open_views_to_read(log)
    if db is None:
        return 0
    try:
        theirs = _own_among(log, own)
        known = {it.name for it in views_without_code(log.path)} | theirs
        found = checkpoints.read_all(db)
        older = outdated_views(db, found, views_to_read(log.path, found))
        known -= checkpoints.errors(db).keys()
        known -= {name for name, it in older.items() if it.is_put_back}
        return min((found[name].checkpoint if name in found else 0 for name in known), default=0)
    finally:
        db.close()
