"""Fold a view again from the first event, beside the live one, compare the two, and switch.

What is folded stands in tables of its own with a checkpoint, so a rebuild that was killed goes on
where it was. What the view was before the switch is kept; `way_back` puts it back.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias
from uuid import uuid4

from replay.catalog.all_views import present_ones, views_named
from replay.collector import rarely_collected
from replay.errors import RebuildReplaced, UnknownView
from replay.view_version import Slot
from replay.views import checkpoints, view, view_compare
from replay.views.checkpoints import Checkpoint
from replay.views.claim import claim, is_mine, unclaim
from replay.views.folding import Blamed, Folding, Transaction, fold_page
from replay.views.read_store import ReadStore, open_views, open_views_to_read
from replay.views.recorded_view import blank
from replay.views.runner import Runner
from replay.views.skips import Skipped
from replay.views.switch import next_generation, put_in_place
from replay.views.view import View
from replay.views.view_compare import Comparison
from replay.words import said
from store.errors import Cancelled
from store.interface import EventReader
from store.locks import ProcessLock
from store.sqlite.connect import write_transaction
from store.stopwatch import Stopwatch

EVENTS_PER_BATCH: Final = 20_000  # one transaction; the live views are served in between

Aim: TypeAlias = Literal["switch", "keep", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rebuild has come."""

    view: str
    events: int  # folded, with those of an earlier rebuild
    total: int  # in the log
    resumed_at: int  # where this rebuild has begun
    view_count: int  # views that are rebuilt
    views_left: int  # behind this one


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildReport:
    """What became of one view. The live view is untouched when there is an `error`."""

    view: str
    events: int  # folded
    seconds: float
    row_count: int
    digest: str  # of the rebuilt rows and their history
    resumed_at: int  # where an earlier rebuild had come to; 0: it began at the first event
    compared_at: int  # the position up to which the stored view was compared; 0: it was not
    comparison: Comparison | None  # None: there was nothing by this definition to compare with
    is_switched: bool  # False for one that was checked only, or is kept beside the live view
    error: str | None = None  # the projection failed, and where

    @property
    def was_different(self) -> bool:
        """Whether the stored view was not what the log says."""
        return self.comparison is not None and not self.comparison.is_equal


def rebuild(
    log: EventReader,
    names: Iterable[str] = (),
    *,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    wait: Callable[[], None] = lambda: None,
    is_left: Callable[[], bool] = lambda: False,
    switches: bool = True,
) -> tuple[RebuildReport, ...]:
    """Rebuild the named views, or all. Each serves as it is until its new tables are whole, and
    without `switches` after that too: the next rebuild then goes on from there, and switches.

    `wait` is called between batches and may block, which pauses it. Raises UnknownView, Cancelled,
    RebuildReplaced, StoreBusy, StoreReadOnly. What is cancelled leaves no trace, unless `is_left`
    says that whoever asked has merely gone away: then the next rebuild goes on there.
    """
    aim: Aim = "switch" if switches else "keep"
    return _for_each(log, names, _Steps(on_progress, is_cancelled, wait, is_left, aim))


def check(
    log: EventReader,
    names: Iterable[str] = (),
    *,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[RebuildReport, ...]:
    """Compare the named views, or all, with a fresh fold, and leave them as they are.

    Raises as `rebuild` does.
    """
    steps = _Steps(on_progress, is_cancelled, lambda: None, lambda: False, "check")
    return _for_each(log, names, steps)


@dataclass(frozen=True, slots=True)
class _Steps:
    on_progress: Callable[[Progress], None]
    is_cancelled: Callable[[], bool]
    wait: Callable[[], None]
    is_left: Callable[[], bool]
    aim: Aim


def _for_each(log: EventReader, names: Iterable[str], steps: _Steps) -> tuple[RebuildReport, ...]:
    names = tuple(names)
    known = {it.name: it for it in views_named(log.place, names)}
    wanted = names or tuple(it.name for it in present_ones(log, tuple(known.values())))
    if unknown := [name for name in wanted if name not in known]:
        raise UnknownView(unknown[0])
    store, lock = open_views(log), ProcessLock(log.place.rebuild_lock)
    lock.acquire()
    try:
        # Makes the tables that are not there yet.
        Runner(store.db, log, [known[name] for name in wanted], tries_parked=True)
        with rarely_collected():
            count = len(wanted)
            return tuple(
                _Rebuild(
                    store, log, known[name], steps=steps, lock=lock, place=(count, count - nth)
                ).run()
                for nth, name in enumerate(wanted, 1)
            )
    finally:
        lock.release()
        store.close()


class _Rebuild:
    """One view, once. It is made in a slot beside the live one."""

    def __init__(
        self,
        store: ReadStore,
        log: EventReader,
        it: View,
        steps: _Steps,
        lock: ProcessLock,
        place: tuple[int, int],
    ) -> None:
        self._store = store
        self._db = store.db
        self._log = log
        self._view = it
        self._steps = steps
        self._lock = lock
        self._view_count, self._views_left = place
        self._version = it.of.at(Slot.CHECK if steps.aim == "check" else Slot.NEXT)
        self._token = str(uuid4())
        self._skipped = Skipped(log.place)
        writer = it.writer(store.db, self._version)
        writer.end_when(lambda: steps.is_cancelled() or steps.is_left())
        begun = replace(blank(it, generation=0), name=self._version.name)
        self._folding = Folding(it, writer, known=begun, skipped=self._skipped)
        self._compared_at = self._resumed_at = 0

    def run(self) -> RebuildReport:
        watch = Stopwatch()
        is_switched, error, comparison = False, None, None
        self._begin()
        try:
            comparison = self._compare()
            if self._steps.aim != "check":
                self._fold_until(self._log.head())
                self._index()
            found = self._digest(comparison)
            if self._steps.aim == "switch":
                self._switch()
                is_switched = True
        except _ProjectionFailed as failed:
            error = str(failed)
            found = view_compare.digest(self._db, self._view, self._version)
        finally:
            is_kept = self._steps.aim == "keep" and self._made.is_indexed
            is_kept |= self._steps.aim != "check" and self._steps.is_left() and not is_switched
            self._folding.close()
            self._end(is_kept=is_kept)
        return RebuildReport(
            view=self._view.name,
            events=self._made.checkpoint,
            seconds=watch.seconds(self._made.checkpoint),
            row_count=self._made.row_count,
            digest=found,
            resumed_at=self._resumed_at,
            compared_at=self._compared_at,
            comparison=comparison,
            is_switched=is_switched,
            error=error,
        )

    def _begin(self) -> None:
        """Go on with the tables that another rebuild by this definition has left, or make empty
        ones. If the other one still runs, it finds out and ends."""
        with write_transaction(self._db):
            claim(self._db, self._version, self._token)
            found = checkpoints.read_one(self._db, self._version.name)
            slot = self._version.slot
            is_whole = view.is_whole(self._db, self._view, slot, is_folded=True)
            if found and is_whole and found.definition == self._view.definition:
                self._folding.begin_again(found, self._skipped)
                self._resumed_at = found.checkpoint
                return
            view.drop(self._db, self._view, self._version.slot)
            self._view.create(self._db, self._version)
            self._note(self._made)

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
            return view_compare.compare(db, self._db, self._view, self._version)

    def _digest(self, comparison: Comparison | None) -> str:
        """Of what was made: the comparison has it, unless events were folded in behind it."""
        if comparison is not None and self._compared_at == self._made.checkpoint:
            return comparison.digest_folded
        return view_compare.digest(self._db, self._view, self._version)

    def _fold_until(self, position: int) -> None:
        while self._made.checkpoint < position:
            self._steps.wait()
            self._fold_page(position, self._mine)
            self._steps.on_progress(self._progress())

    def _fold_page(self, until: int, transaction: Transaction) -> None:
        most = min(EVENTS_PER_BATCH, self._view.events_per_take)
        blamed = fold_page(
            self._folding, self._log, until=until, most=most, transaction=transaction
        )
        if blamed is not None:
            raise _ProjectionFailed(blamed)

    @property
    def _made(self) -> Checkpoint:
        return self._folding.known

    def _progress(self) -> Progress:
        return Progress(
            view=self._view.name,
            events=self._made.checkpoint,
            total=self._log.head(),
            resumed_at=self._resumed_at,
            view_count=self._view_count,
            views_left=self._views_left,
        )

    def _note(self, made: Checkpoint) -> None:
        """Keep how far it has come. Inside a transaction."""
        self._folding.known = made
        if self._steps.aim != "check":
            checkpoints.put(self._db, made)

    def _index(self) -> None:
        if self._made.is_indexed:
            return
        with self._mine():
            generation = next_generation(self._db, self._view.name)
            self._view.index(self._db, self._version, generation)
            self._note(replace(self._made, generation=generation, is_indexed=True))

    def _switch(self) -> None:
        """Put the new tables in place, with what came in the meantime."""
        is_there = False
        while not is_there:
            if self._view.is_apart:
                self._fold_until(self._live().checkpoint)
            with self._mine():
                until = self._live().checkpoint
                while self._made.checkpoint < until and not self._view.is_apart:
                    self._fold_page(until, nullcontext)
                is_there = self._made.checkpoint >= until
                if is_there:
                    put_in_place(self._db, self._view, self._made)

    def _live(self) -> Checkpoint:
        return checkpoints.read_one(self._db, self._view.name) or blank(self._view, generation=0)

    @contextmanager
    def _mine(self) -> Iterator[None]:
        """A write transaction, if the tables are still ours to write."""
        if self._steps.is_cancelled() or self._steps.is_left():
            raise Cancelled
        if not self._store.is_in_place():
            raise RebuildReplaced(self._view.name)
        self._lock.acquire()  # another rebuild may have had it when this one began
        with write_transaction(self._db):
            if not is_mine(self._db, self._version, self._token):
                raise RebuildReplaced(self._view.name)
            yield

    def _end(self, *, is_kept: bool) -> None:
        """Leave nothing behind that is not to be kept, unless another rebuild has taken over."""
        with write_transaction(self._db):
            if not is_mine(self._db, self._version, self._token):
                return
            unclaim(self._db, self._version)
            if not is_kept:
                view.drop(self._db, self._view, self._version.slot)
                checkpoints.remove(self._db, self._version.name)


class _ProjectionFailed(Exception):
    def __init__(self, blamed: Blamed) -> None:
        super().__init__(
            said(
                "{words} (at position {position})",
                words=blamed.failure.words,
                position=blamed.event.position,
            )
        )
