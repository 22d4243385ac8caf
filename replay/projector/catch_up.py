"""Bring the views up with the log here and now, for verbs that read them."""

import sqlite3
import time
from collections.abc import Collection, Sequence, Set
from contextlib import closing
from typing import Final

from replay.catalog.all_views import every_name, own_views, views_of, views_without_code
from replay.catalog.leftovers import drop_leftovers
from replay.catalog.parking import tell_problems
from replay.catalog.views_to_read import views_to_read
from replay.collector import rarely_collected
from replay.command_name import complain
from replay.errors import UnknownView, ViewBehind
from replay.own.own_states import own_names
from replay.projector.patience import STILL_S, Patience
from replay.terminal_progress import TerminalProgress
from replay.view_version import version_named
from replay.views import checkpoints
from replay.views.outdated import outdated_views
from replay.views.read_store import open_views, reading_views
from replay.views.runner import Runner
from replay.views.unused_views import keep_tidy
from replay.views.view import View
from replay.words import counted, said
from store.interface import EventReader
from store.locks import ProcessLock
from store.times import format_moment

POLL_S: Final = 0.02
USUAL: Final = Patience()


def catch_up(
    log: EventReader,
    *,
    only: Collection[str] | None = None,
    patience_s: float | None = None,
    tells_age: bool = True,
) -> None:
    """Fold what the views have not seen. Where another process keeps them, wait until it has
    come to where the head is now; what it cannot fold is told by the views themselves. When it
    gets no further for a moment, or for `patience_s`, how old the answer is is told on standard
    error (unless whoever asks tells it), and nothing more is waited for.

    `only` names the views that are asked, also by the name of a version; the others are left
    where they are. Without it all are folded. How far it has come is told on a terminal.
    """
    wanted = None if only is None else {version_named(it).view for it in only}
    if wanted is not None and not wanted:
        return
    head = log.head()
    lock = ProcessLock(log.place.views_lock)
    stillness = _Stillness(STILL_S if patience_s is None else patience_s)
    with TerminalProgress(said("bringing views up to date")) as progress:
        while True:
            if lock.acquire():
                try:
                    _fold(log, wanted, progress)
                finally:
                    lock.release()
                return
            lowest = _lowest(log, wanted)
            if lowest >= head:
                return
            if stillness.is_over(lowest):
                break
            progress.begin(said("waiting for the process that updates the views"))
            progress.tell(lowest, head)
            time.sleep(POLL_S)
    if tells_age:
        _tell_age(log, lowest, head)


class _Stillness:
    """How long another process has got no further."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._lowest = -1
        self._since_s = time.monotonic()

    def is_over(self, lowest: int) -> bool:
        now_s = time.monotonic()
        if lowest > self._lowest:
            self._lowest, self._since_s = lowest, now_s
        return now_s - self._since_s >= self._limit_s


def _tell_age(log: EventReader, shown: int, head: int) -> None:
    """On standard error: what is shown is older than the log, by how much, and why."""
    first = log.event(shown + 1)
    since = (
        said(", since {recorded_at_us}", recorded_at_us=format_moment(first.recorded_at_us)[:19])
        if first is not None
        else ""
    )
    complain(
        said(
            "another process updates the views but makes no progress. Showing position "
            "{shown:,}, {head} behind{since}",
            shown=shown,
            head=counted("{count:,} event", "{count:,} events", head - shown),
            since=since,
        )
    )


def wait_for(log: EventReader, view: str, position: int, *, patience: Patience = USUAL) -> None:
    """Until the view shows a position: what you have written yourself. Where another process
    keeps the views, no longer than the patience lasts. Raises UnknownView, ViewBehind: then
    nothing is shown rather than something old."""
    if view not in every_name(log.place):
        raise UnknownView(view)
    lock = ProcessLock(log.place.views_lock)
    shown = 0
    for _ in patience.looks():
        shown = _checkpoint(log, view)
        if shown >= position:
            return
        if lock.acquire():
            try:
                with TerminalProgress(said("bringing views up to date")) as progress:
                    _fold(log, {version_named(view).view}, progress)
            finally:
                lock.release()
            shown = _checkpoint(log, view)
            break
    if shown < position:
        raise ViewBehind(version_named(view), shown=shown, wanted=position)


def _checkpoint(log: EventReader, view: str) -> int:
    with reading_views(log) as db:
        found = None if db is None else checkpoints.read_one(db, view)
    return found.checkpoint if found else 0


def _fold(log: EventReader, wanted: Set[str] | None, progress: TerminalProgress) -> None:
    """The views of this program first: what is wrong with a person's own is nothing to them."""
    views = _without_code(log, wanted)
    theirs = set(own_names(log.place))
    store = open_views(log)
    keep_tidy(log.place)
    try:
        drop_leftovers(store.db, log)
        with rarely_collected():
            if views:
                _advance(Runner(store.db, log, views), log, progress)
            if own := theirs if wanted is None else theirs & wanted:
                _fold_own(store.db, log, own, progress)
    finally:
        store.close()


def _without_code(log: EventReader, wanted: Set[str] | None) -> Sequence[View]:
    """The named views, or all that the log has something for."""
    if wanted is None:
        return views_of(log)
    return [it for it in views_without_code(log.place) if it.name in wanted]


def _fold_own(
    db: sqlite3.Connection,
    log: EventReader,
    wanted: Set[str],
    progress: TerminalProgress,
) -> None:
    parked = tell_problems(db, log)
    for it in own_views(log.place):
        if it.name in wanted:
            with closing(Runner(db, log, (it,), parked=parked)) as runner:
                _advance(runner, log, progress)


def _advance(runner: Runner, log: EventReader, progress: TerminalProgress) -> None:
    while runner.advance():
        going = [
            it.checkpoint for name, it in runner.checkpoints().items() if not runner.is_parked(name)
        ]
        progress.tell(min(going, default=0), log.head())


def _lowest(log: EventReader, wanted: Set[str] | None) -> int:
    """The checkpoint of the view that is furthest behind, of those that are asked. Left out are
    those that stand still, by an error or because a person has put back what an older code made,
    and without `wanted` those of a person's own, whose names say nothing of what they define."""
    with reading_views(log) as db:
        if db is None:
            return 0
        known = {it.name for it in _without_code(log, wanted)}
        if wanted is not None:
            known |= wanted & set(own_names(log.place))
        found = checkpoints.read_all(db)
        outdated = outdated_views(db, found, views_to_read(log, found))
        known -= checkpoints.errors(db).keys()
        known -= {name for name, it in outdated.items() if it.is_reverted}
        places = (found[name].checkpoint if name in found else 0 for name in known)
        return min(places, default=log.head())
