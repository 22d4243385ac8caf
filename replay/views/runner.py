"""Keep the views of a log up to date: rows and checkpoint commit together, or not at all."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Final

from replay.view_version import Slot
from replay.views import checkpoints, successor, view
from replay.views.checkpoints import NOWHERE, Checkpoint, ProjectionError
from replay.views.failure import Failure
from replay.views.folding import Blamed, Folding, Links, find_failing
from replay.views.fork_start import begin_from_fork
from replay.views.skips import Skipped
from replay.views.successor import Target, has_caught_up
from replay.views.text_page import page_of, size_of
from replay.views.view import EVENTS_PER_TAKE, View
from store.events import RecordedEvent
from store.interface import EventReader
from store.sqlite.connect import write_transaction

EVENTS_PER_BATCH: Final = EVENTS_PER_TAKE
TEXT_PER_BATCH: Final = 32_000_000  # characters of payload, so that big events take small batches
FIRST_BATCH: Final = 1_000  # whose size tells how many a batch may have
# A view further behind than this gets its index when it is not: kept up from earlier on, the
# indexes cost more than all of them made at once.
INDEXED_LAG: Final = 20_000
LONG_FOLD: Final = 20_000  # events after which it is worth while to drop what is kept in memory


class _Moved(Exception):
    """Another connection has written to the views since we last looked."""


class Runner:
    """Folds the log into views. One thread. `db` is a writable connection to the views file.

    A view whose definition has changed serves as it is, and its successor is folded beside it.
    Each view has a checkpoint of its own, so one that fails is parked at the event before the
    failure while the others go on, and nothing is folded into a view twice. A failed view
    has had its attempts: it is tried again once its error is forgotten, when it is defined
    otherwise, or by a runner that `tries_parked`; those in `parked` are not even then.

    Events are folded in memory first and written then, so the file is not locked while a
    projection takes its time. With `is_cancelled` the folding of a person's own ends at once:
    `advance` raises Cancelled.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        log: EventReader,
        views: Sequence[View],
        *,
        parked: Collection[str] = (),
        tries_parked: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._db = db
        self._log = log
        self._views = {it.name: it for it in views}
        self._foldings: dict[str, Folding] = {}
        self._targets: dict[str, Target] = {}
        self._is_cancelled = is_cancelled
        self._parked: set[str] = set(parked)
        self._skipped = Skipped(log.place)
        self._limit = FIRST_BATCH
        self._held = 0  # events folded since nothing was kept in memory
        self._seen = -1  # SQLite's count of what other connections have written
        self._settle()
        self._most = min([EVENTS_PER_BATCH, *(it.events_per_take for it in views)])
        errors = checkpoints.errors(db)
        self._failed_before = set(errors)
        if not tries_parked:
            self._parked |= {name for name, it in self._views.items() if _is_tried(it, errors)}

    def close(self) -> None:
        """End what the views have started: the processes of a person's own. The connection is
        left open."""
        for it in self._foldings.values():
            it.close()

    def checkpoints(self) -> dict[str, Checkpoint]:
        """How far each view has come, or the successor of one."""
        return {name: it.known for name, it in self._foldings.items()}

    def is_parked(self, name: str) -> bool:
        """Whether this view has failed and waits for the next runner."""
        return name in self._parked

    def advance(self) -> bool:
        """Fold one batch into every view that is behind. Returns whether there was any to fold.

        Raises sqlite3.Error, StoreBusy when the file or the disk is in the way; then nothing
        of the batch is written, and advancing again is safe.
        """
        if self._is_moved():
            self._forget()  # somebody has mended one of them, or put another in its place
        head = self._log.head()
        self._index(head)
        has_switched = self._switch(head)
        going = [it for name, it in self._foldings.items() if self._is_going(name)]
        folded = [it for it in going if it.known.checkpoint < head]
        behind = {it.known.checkpoint for it in folded}
        reads_texts = all(it.view.reads_texts for it in folded)
        for checkpoint in sorted(behind, reverse=True):
            events = self._next(checkpoint, reads_texts=reads_texts)
            links = self._log.links_between(checkpoint + 1, events[-1].position)
            self.deliver(events, links)
            self._held += len(events)
            self._limit = _next_limit(events, self._most)
        return bool(behind) or has_switched

    def _next(self, checkpoint: int, *, reads_texts: bool) -> Sequence[RecordedEvent]:
        """The events of the next batch. While their size is not known a few are looked at first:
        a batch of a few alone would cost a long fold as much as a big one."""
        first, log = checkpoint + 1, self._log
        events = page_of(log, first, checkpoint + self._limit, reads_texts=reads_texts)
        if self._limit == FIRST_BATCH == len(events):
            self._limit = _next_limit(events, self._most)
            last = checkpoint + self._limit
            if isinstance(events, list):
                events += log.page(first + len(events), last)
            elif last >= first + len(events):
                events = page_of(log, first, last, reads_texts=reads_texts)
        return events

    def release(self) -> bool:
        """Drop the rows at hand and the pages of the file, if a long fold has filled them: what
        comes next asks for its own. Returns whether anything was dropped."""
        if self._held < LONG_FOLD:
            return False
        self._held = 0
        self._limit = FIRST_BATCH
        for it in self._foldings.values():
            it.release()
        self._db.execute("PRAGMA shrink_memory")
        return True

    def deliver(self, events: Sequence[RecordedEvent], links: Links) -> None:
        """Fold a run of events, dense in position, into the views that have not seen them all.

        What a view has seen is skipped; a view that lacks events before the run is left alone.
        """
        with suppress(_Moved), self._forgetting():
            failed = self._fold(events, links)
            if any(it.has_failed for it in self._foldings.values()):
                failed += self._fold(events, links)  # what it stopped at is its first event now
            for name, failure in failed:
                self._fold_or_park(name, events, links, failure)

    def _is_moved(self) -> bool:
        """Whether another connection has changed what is known here, or who rests no longer."""
        seen = self._db.execute("PRAGMA data_version").fetchone()[0]
        if seen == self._seen and not any(it.is_resting for it in self._targets.values()):
            return False
        self._seen = seen
        return bool(self._parked - checkpoints.errors(self._db).keys()) or self._is_other()

    def _is_other(self) -> bool:
        """Whether the file says otherwise of our views, or has not all of their tables."""
        found = checkpoints.read_all(self._db)
        is_other = any(
            found.get(target.version.name) != self._foldings[name].known
            or successor.target_of(self._db, self._views[name], self._log.place, found) != target
            for name, target in self._targets.items()
        )
        versions = (
            (it, slot, self._is_folded(name, slot))
            for name, it in self._views.items()
            for slot in self._slots(name)
        )
        return is_other or not view.are_whole(self._db, versions)

    def _slots(self, name: str) -> set[Slot]:
        """Of a view, and of its successor."""
        return {Slot.LIVE, self._targets[name].version.slot}

    def _is_folded(self, name: str, slot: Slot) -> bool:
        """Whether a version of a view is the one that is folded here."""
        target = self._targets[name]
        return slot is target.version.slot and not target.is_resting

    def _is_going(self, name: str) -> bool:
        return name not in self._parked and not self._targets[name].is_resting

    def _index(self, head: int) -> None:
        """Make the history of views that are near the head ready to be asked."""
        for name, it in self._foldings.items():
            known, is_resting = it.known, self._targets[name].is_resting
            if is_resting or known.is_indexed or head - known.checkpoint > INDEXED_LAG:
                continue
            with suppress(_Moved), self._forgetting(), self._transaction():
                it.view.index(self._db, known.of, known.generation)
                checkpoints.set_indexed(self._db, known.name)
                it.known = replace(known, is_indexed=True)

    def _switch(self, head: int) -> bool:
        """Put successors that have caught up in place of their views. Returns whether one was."""
        has_switched = False
        for name, made in self.checkpoints().items():
            if made.of.is_live or not self._is_going(name):
                continue
            live = checkpoints.read_one(self._db, name)
            if live is not None and has_caught_up(made, live, head):
                with suppress(_Moved), self._forgetting():
                    with self._transaction():
                        successor.switch(self._db, self._views[name], made)
                    self._forget()
                has_switched = True
        return has_switched

    def _fold(self, events: Sequence[RecordedEvent], links: Links) -> list[tuple[str, Failure]]:
        """Fold a run into every view that lacks it, or tell which could not."""
        taken, failed = list[str](), list[tuple[str, Failure]]()
        for name, it in self._foldings.items():
            if unseen := self._unseen(name, events):
                if failure := it.take(unseen, links):
                    failed.append((name, failure))
                else:
                    taken.append(name)
        with self._transaction() if taken else nullcontext():
            for name in taken:
                if failure := self._foldings[name].write():
                    failed.append((name, failure))
                else:
                    self._unpark(name)
        return failed

    def _unseen(self, name: str, events: Sequence[RecordedEvent]) -> Sequence[RecordedEvent]:
        return self._foldings[name].unseen(events) if self._is_going(name) else ()

    def _fold_or_park(
        self, name: str, events: Sequence[RecordedEvent], links: Links, failure: Failure
    ) -> None:
        """Fold what comes before the event at which the projection fails, and park the view."""
        it = self._foldings[name]

        @contextmanager
        def transaction() -> Iterator[None]:
            begun = it.known.checkpoint
            with self._transaction():
                yield
                if it.known.checkpoint > begun:
                    self._unpark(name)

        if blamed := find_failing(it, self._unseen(name, events), links, failure, transaction):
            self._park(name, blamed)

    def _unpark(self, name: str) -> None:
        """It goes on. Inside a transaction."""
        if name in self._failed_before:
            checkpoints.unpark(self._db, name)

    def _park(self, name: str, blamed: Blamed) -> None:
        with self._transaction():
            checkpoints.park(
                self._db,
                name,
                position=blamed.event.position,
                message=blamed.failure.words,
                trace=blamed.failure.trace,
                attempts=blamed.attempts,
                definition=self._views[name].definition,
            )
        self._parked.add(name)
        self._failed_before.add(name)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A write transaction, unless another connection has moved, rebuilt or removed one of our
        views: then _Moved is raised."""
        with write_transaction(self._db):
            if self._is_other():
                raise _Moved
            yield

    @contextmanager
    def _forgetting(self) -> Iterator[None]:
        """When anything goes wrong, what was known is forgotten. What another connection does to
        our tables while we read them is a move, not damage."""
        try:
            yield
        except sqlite3.Error as error:
            is_moved = self._is_other()
            self._forget()
            if is_moved:
                raise _Moved from error
            raise
        except BaseException:
            self._forget()
            raise

    def _forget(self) -> None:
        """Drop what is in memory and begin again from what the file says."""
        self._skipped = Skipped(self._log.place)
        self._settle()
        self._parked &= checkpoints.errors(self._db).keys()

    def _settle(self) -> None:
        """Make what tables are missing, and learn where each view is folded and how far it is."""
        log = self._log.place
        begin_from_fork(self._db, self._log, self._views.values())
        with write_transaction(self._db):
            for it in self._views.values():
                successor.set_up(self._db, it, log)
            found = checkpoints.read_all(self._db)
            self._targets = {
                name: successor.target_of(self._db, it, log, found)
                for name, it in self._views.items()
            }
        for name, target in self._targets.items():
            self._begin(self._views[name], found[target.version.name])

    def _begin(self, it: View, known: Checkpoint) -> None:
        """Fold the view where it is folded now, with nothing in memory."""
        before = self._foldings.get(it.name)
        if before is not None and before.known.of == known.of:
            before.begin_again(known, self._skipped)
            return
        if before is not None:
            before.close()
        writer = it.writer(self._db, known.of)
        writer.end_when(self._is_cancelled)
        self._foldings[it.name] = Folding(it, writer, known=known, skipped=self._skipped)


def _is_tried(it: View, errors: Mapping[str, ProjectionError]) -> bool:
    """Whether a view as it is defined now has failed at an event as often as it is tried."""
    error = errors.get(it.name)
    return error is not None and error.position != NOWHERE and error.definition == it.definition


def _next_limit(events: Sequence[RecordedEvent], most: int) -> int:
    """How many events the next batch may have, by the size of some of these."""
    return max(1, min(most, TEXT_PER_BATCH // max(1, size_of(events))))
