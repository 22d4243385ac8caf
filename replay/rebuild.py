"""Fold a view again from the first event, beside the live one, compare the two, and switch."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from replay import checkpoints, view_compare
from replay.checkpoints import Checkpoint
from replay.collector import rarely_collected
from replay.errors import RebuildReplaced, UnknownView
from replay.read_store import ReadStore, open_views, open_views_to_read
from replay.runner import Runner, blank, is_worlds_fault
from replay.view import View, drop, switch
from replay.view_compare import Comparison
from replay.view_tables import NEXT
from replay.views import all_views
from store.connect import write_transaction
from store.errors import Cancelled
from store.reader import LogReader

EVENTS_PER_BATCH: Final = 20_000  # one transaction; the live views are served in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rebuild has come."""

    view: str
    events: int  # folded
    total: int  # in the log


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildReport:
    """What became of one view. The live view is untouched when there is an `error`."""

    view: str
    events: int  # folded
    seconds: float
    row_count: int
    digest: str  # of the rebuilt rows
    compared_at: int  # the position up to which the stored view was compared; 0: it was not
    comparison: Comparison | None  # None: there was nothing by this definition to compare with
    is_switched: bool
    error: str | None = None  # the projection failed, and where

    @property
    def was_different(self) -> bool:
        """Whether the stored view was not what the log says."""
        return self.comparison is not None and not self.comparison.is_equal


def rebuild(
    log: LogReader,
    names: Iterable[str] = (),
    *,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[RebuildReport, ...]:
    """Rebuild the named views, or all. Each serves as it is until its new tables are whole.

    Raises UnknownView, Cancelled (nothing of the view under way is changed), RebuildReplaced,
    StoreBusy, StoreReadOnly.
    """
    return _for_each(log, names, _Steps(on_progress, is_cancelled, switches=True))


def check(
    log: LogReader,
    names: Iterable[str] = (),
    *,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[RebuildReport, ...]:
    """Compare the named views, or all, with a fresh fold, and leave them as they are.

    Raises as `rebuild` does.
    """
    return _for_each(log, names, _Steps(on_progress, is_cancelled, switches=False))


@dataclass(frozen=True, slots=True)
class _Steps:
    on_progress: Callable[[Progress], None]
    is_cancelled: Callable[[], bool]
    switches: bool


def _for_each(log: LogReader, names: Iterable[str], steps: _Steps) -> tuple[RebuildReport, ...]:
    known = {view.name: view for view in all_views(log.path)}
    wanted = tuple(names) or tuple(known)
    if unknown := [name for name in wanted if name not in known]:
        raise UnknownView(unknown[0])
    store = open_views(log)
    try:
        Runner(store.db, log, all_views(log.path))  # makes the tables that are not there yet
        with rarely_collected():
            return tuple(_Rebuild(store, log, known[name], steps).run() for name in wanted)
    finally:
        store.close()


class _Rebuild:
    """One view, once. Its tables are the view's with NEXT in the name."""

    def __init__(self, store: ReadStore, log: LogReader, view: View, steps: _Steps) -> None:
        self._store = store
        self._db = store.db
        self._log = log
        self._view = view
        self._steps = steps
        self._base = view.name + NEXT
        self._token = str(uuid4())
        self._writer = view.writer(store.db, self._base)
        self._made = blank(view, generation=0)
        self._compared_at = 0

    def run(self) -> RebuildReport:
        started_s = time.perf_counter()
        is_switched, error, comparison = False, None, None
        self._begin()
        try:
            comparison = self._compare()
            if self._steps.switches:
                self._fold_until(self._log.head())
                self._index()
            found = view_compare.digest(self._db, self._view, self._base)
            if self._steps.switches:
                self._switch()
                is_switched = True
        except _ProjectionFailed as failed:
            error = str(failed)
            found = view_compare.digest(self._db, self._view, self._base)
        finally:
            self._clear()
        return RebuildReport(
            view=self._view.name,
            events=self._made.checkpoint,
            seconds=time.perf_counter() - started_s,
            row_count=self._made.row_count,
            digest=found,
            compared_at=self._compared_at,
            comparison=comparison,
            is_switched=is_switched,
            error=error,
        )

    def _begin(self) -> None:
        """Make empty tables. What another rebuild left there is dropped; if it still runs, it
        finds out and ends."""
        with write_transaction(self._db):
            self._db.execute(CLAIM, [self._claim, self._token])
            drop(self._db, self._view, self._base)
            self._view.create(self._db, self._base)

    def _compare(self) -> Comparison | None:
        """Fold as far as the live view has come, and compare with it as it is at one moment."""
        self._fold_until(self._live().checkpoint)
        db = open_views_to_read(self._log)
        if db is None:
            return None
        with closing(db):
            db.execute("BEGIN")
            live = checkpoints.read_one(db, self._view.name) or blank(self._view, generation=0)
            is_comparable = 0 < live.checkpoint >= self._made.checkpoint
            if not is_comparable or live.definition != self._view.definition:
                return None
            self._fold_until(live.checkpoint)
            self._compared_at = live.checkpoint
            return view_compare.compare(db, self._db, self._view)

    def _fold_until(self, position: int) -> None:
        while self._made.checkpoint < position:
            with self._mine():
                self._fold_batch(position)
            self._steps.on_progress(
                Progress(view=self._view.name, events=self._made.checkpoint, total=self._log.head())
            )

    def _fold_batch(self, position: int) -> None:
        """Fold the next events, in the caller's transaction."""
        first = self._made.checkpoint + 1
        events = self._log.page(first, min(first + EVENTS_PER_BATCH - 1, position))
        last = events[-1]
        try:
            self._writer.take(events, self._log.links_between(first, last.position))
            done = self._writer.flush()
        except Exception as error:  # the edge: a projection may raise anything
            if is_worlds_fault(error):
                raise
            raise _ProjectionFailed(error, first, last.position) from error
        self._made = replace(
            self._made,
            checkpoint=last.position,
            checkpoint_id=last.id,
            row_count=self._made.row_count + done.rows,
            write_count=self._made.write_count + done.writes,
        )

    def _index(self) -> None:
        generation = self._live().generation + 1
        with self._mine():
            self._view.index(self._db, self._base, generation)
        self._made = replace(self._made, generation=generation, is_indexed=True)

    def _switch(self) -> None:
        """Put the new tables in place, with what came in the meantime."""
        with self._mine():
            until = self._live().checkpoint
            while self._made.checkpoint < until:
                self._fold_batch(until)
            switch(self._db, self._view)
            checkpoints.put(self._db, self._made)
            checkpoints.unpark(self._db, self._view.name)

    def _live(self) -> Checkpoint:
        return checkpoints.read_one(self._db, self._view.name) or blank(self._view, generation=0)

    @contextmanager
    def _mine(self) -> Iterator[None]:
        """A write transaction, if the tables are still ours to write."""
        if self._steps.is_cancelled():
            raise Cancelled
        if not self._store.is_in_place():
            raise RebuildReplaced(self._view.name)
        with write_transaction(self._db):
            if self._db.execute(CLAIMED, [self._claim]).fetchone() != (self._token,):
                raise RebuildReplaced(self._view.name)
            yield

    def _clear(self) -> None:
        """Leave nothing behind, unless another rebuild has taken over."""
        with write_transaction(self._db):
            if self._db.execute(CLAIMED, [self._claim]).fetchone() == (self._token,):
                self._db.execute(UNCLAIM, [self._claim])
                drop(self._db, self._view, self._base)

    @property
    def _claim(self) -> str:
        return f"rebuild of {self._view.name}"


class _ProjectionFailed(Exception):
    def __init__(self, error: Exception, first: int, last: int) -> None:
        super().__init__(f"{type(error).__name__}: {error} (between positions {first} and {last})")


CLAIM: Final = "INSERT OR REPLACE INTO view_facts VALUES (?, ?)"
CLAIMED: Final = "SELECT value FROM view_facts WHERE key = ?"
UNCLAIM: Final = "DELETE FROM view_facts WHERE key = ?"
