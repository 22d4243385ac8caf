"""Keep the views of a log up to date: rows and checkpoint commit together, or not at all."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Final

from replay.view_version import Slot
from replay.views import checkpoints, successor, view
from replay.views.checkpoints import Checkpoint
from replay.views.failure import Failure, failure_of, is_worlds_fault
from replay.views.skips import Skipped
from replay.views.successor import Target, has_caught_up
from replay.views.view import EVENTS_PER_TAKE, View, ViewWriter
from store.events import RecordedEvent
from store.interface import EventReader
from store.sqlite.connect import write_transaction

Links = dict[int, tuple[str, ...]]

EVENTS_PER_BATCH: Final = EVENTS_PER_TAKE
TEXT_PER_BATCH: Final = 32_000_000  # characters of payload, so that big events take small batches
FIRST_BATCH: Final = 1_000
ATTEMPTS: Final = 3  # with an event, before its view is parked
INDEXED_LAG: Final = 200_000  # a view further behind than this gets its index when it is not


class _Moved(Exception):
    """Another connection has written to the views since we last looked."""


class Runner:
    """Folds the log into views. One thread. `db` is a writable connection to the views file.

    A view whose definition has changed serves as it is, and its successor is folded beside it.
    Each view has a checkpoint of its own, so one that fails is parked at the event before the
    failure while the others go on, and nothing is folded into a view twice. A failed view is
    tried again by the next runner, but for those in `parked`. Events are folded in memory first
    and written then, so the file is not locked while a projection takes its time. With
    `is_cancelled` the folding of a person's own ends at once: `advance` raises Cancelled.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        log: EventReader,
        views: Sequence[View],
        *,
        parked: Collection[str] = (),
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._db = db
        self._log = log
        self._views = {it.name: it for it in views}
        self._writers: dict[str, ViewWriter] = {}
        self._targets: dict[str, Target] = {}
        self._is_cancelled = is_cancelled
        self._parked: set[str] = set(parked)
        self._skipped = Skipped(log.path)
        self._limit = FIRST_BATCH
        self._seen = -1  # SQLite's count of what other connections have written
        self._settle()
        self._most = min([EVENTS_PER_BATCH, *(it.events_per_take for it in views)])
        self._failed_before = set(checkpoints.errors(db))

    def close(self) -> None:
        """End what the views have started: the processes of a person's own. The connection is
        left open."""
        for writer in self._writers.values():
            writer.close()

    def checkpoints(self) -> dict[str, Checkpoint]:
        """How far each view has come, or the successor of one."""
        return dict(self._known)

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
        going = [it.checkpoint for name, it in self._known.items() if self._is_going(name)]
        behind = {checkpoint for checkpoint in going if checkpoint < head}
        for checkpoint in sorted(behind, reverse=True):
            events = self._log.page(checkpoint + 1, checkpoint + self._limit)
            links = self._log.links_between(checkpoint + 1, events[-1].position)
            self.deliver(events, links)
            self._limit = _next_limit(events, self._most)
        return bool(behind) or has_switched

    def deliver(self, events: Sequence[RecordedEvent], links: Links) -> None:
        """Fold a run of events, dense in position, into the views that have not seen them all.

        What a view has seen is skipped; a view that lacks events before the run is left alone.
        """
        with suppress(_Moved), self._forgetting():
            failed = self._fold(events, links)
            if any(it.has_failed for it in self._writers.values()):
                failed += self._fold(events, links)  # what it stopped at is its first event now
            for it, failure in failed:
                self._fold_up_to_failure(it, self._unseen(it, events), links, failure)

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
            found.get(target.version.name) != self._known[name]
            or successor.target_of(self._db, self._views[name], self._log.path, found) != target
            for name, target in self._targets.items()
        )
        versions = ((it, slot) for name, it in self._views.items() for slot in self._slots(name))
        return is_other or not view.are_whole(self._db, versions)

    def _slots(self, name: str) -> set[Slot]:
        """Of a view, and of its successor."""
        return {Slot.LIVE, self._targets[name].version.slot}

    def _is_going(self, name: str) -> bool:
        return name not in self._parked and not self._targets[name].is_resting

    def _index(self, head: int) -> None:
        """Make the history of views that are near the head ready to be asked."""
        for name in self._views:
            known, is_resting = self._known[name], self._targets[name].is_resting
            if is_resting or known.is_indexed or head - known.checkpoint > INDEXED_LAG:
                continue
            with suppress(_Moved), self._forgetting(), self._transaction():
                self._views[name].index(self._db, known.of, known.generation)
                checkpoints.set_indexed(self._db, known.name)
                self._known[name] = replace(known, is_indexed=True)

    def _switch(self, head: int) -> bool:
        """Put successors that have caught up in place of their views. Returns whether one was."""
        has_switched = False
        for name, made in list(self._known.items()):
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

    def _unseen(self, it: View, events: Sequence[RecordedEvent]) -> Sequence[RecordedEvent]:
        if not events or not self._is_going(it.name):
            return ()
        seen = self._known[it.name].checkpoint - events[0].position + 1
        return events[seen:] if seen >= 0 else ()

    def _fold(self, events: Sequence[RecordedEvent], links: Links) -> list[tuple[View, Failure]]:
        """Fold a run into every view that lacks it, or tell which could not."""
        taken, failed = list[tuple[View, RecordedEvent]](), list[tuple[View, Failure]]()
        for it in self._views.values():
            if unseen := self._unseen(it, events):
                found = self._take(it, unseen, links)
                if isinstance(found, Failure):
                    failed.append((it, found))
                else:
                    taken.append((it, found))
        with self._transaction() if taken else nullcontext():
            for it, last in taken:
                if failure := self._write(it, last):
                    failed.append((it, failure))
        return failed

    def _take(
        self, it: View, events: Sequence[RecordedEvent], links: Links
    ) -> RecordedEvent | Failure:
        """Fold events in memory; the last one that was folded in, which need not be the last."""
        writer = self._writers[it.name]
        seen = self._skipped.without(it.name, it.definition, events)
        if not seen:
            return events[-1]
        try:
            reached = writer.take(seen, links)
        except Exception as error:  # the edge: a projection may raise anything
            if is_worlds_fault(error):
                raise
            failure = writer.failure(error)
            writer.forget()
            return failure
        is_whole = reached == seen[-1].position  # what comes behind that is skipped
        return events[-1] if is_whole else events[reached - events[0].position]

    def _write(self, it: View, last: RecordedEvent) -> Failure | None:
        """Write what was folded up to `last`, with the checkpoint. Inside a transaction."""
        writer = self._writers[it.name]
        try:
            with self._savepoint():
                done = writer.flush()
        except Exception as error:  # what a projection put may be refused by the tables
            if is_worlds_fault(error):
                raise
            writer.forget()
            return failure_of(error)
        checkpoints.advance(
            self._db,
            self._targets[it.name].version.name,
            position=last.position,
            event_id=last.id,
            rows=done.rows,
            writes=done.writes,
        )
        if it.name in self._failed_before:
            checkpoints.unpark(self._db, it.name)
        known = self._known[it.name]
        self._known[it.name] = replace(
            known,
            checkpoint=last.position,
            checkpoint_id=last.id,
            row_count=known.row_count + done.rows,
            write_count=known.write_count + done.writes,
        )
        return None

    def _fold_up_to_failure(
        self, it: View, events: Sequence[RecordedEvent], links: Links, failure: Failure
    ) -> None:
        """Fold what comes before the event at which the projection fails, then that one alone
        until it was tried often enough, and park the view. Where nobody knows which event it is,
        each is folded alone.
        """
        tried = Counter[int | None]()  # how often each was folded in vain; None: with all of them
        found: Failure | None = failure
        part = events
        at = failure.position
        while events:
            if found is not None:
                at = part[0].position if len(part) == 1 else found.position
                tried[at] += 1
                attempts = tried[at] + (tried[None] if at is not None else 0)
                if at == events[0].position and (attempts >= ATTEMPTS or found.is_stuck):
                    self._park(it, events[0], found, attempts)
                    return
            events = self._unseen(it, events)
            if not events or (at is not None and events[0].position > at):
                return  # it went well this time
            part = events[: max(1, at - events[0].position) if at is not None else 1]
            found = self._fold_part(it, part, links)

    def _fold_part(self, it: View, events: Sequence[RecordedEvent], links: Links) -> Failure | None:
        last = self._take(it, events, links)
        if isinstance(last, Failure):
            return last
        with self._transaction():
            return self._write(it, last)

    def _park(self, it: View, event: RecordedEvent, failure: Failure, attempts: int) -> None:
        with self._transaction():
            checkpoints.park(
                self._db,
                it.name,
                position=event.position,
                message=failure.words,
                trace=failure.trace,
                attempts=attempts,
            )
        self._parked.add(it.name)
        self._failed_before.add(it.name)

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
        self._skipped = Skipped(self._log.path)
        self._settle()
        self._parked &= checkpoints.errors(self._db).keys()

    def _settle(self) -> None:
        """Make what tables are missing, and learn where each view is folded and how far it is."""
        log = self._log.path
        with write_transaction(self._db):
            for it in self._views.values():
                successor.set_up(self._db, it, log)
            found = checkpoints.read_all(self._db)
            before, self._targets = (
                self._targets,
                {
                    name: successor.target_of(self._db, it, log, found)
                    for name, it in self._views.items()
                },
            )
        self._known = {name: found[target.version.name] for name, target in self._targets.items()}
        for it in self._views.values():
            self._set_writer(it, before.get(it.name))

    def _set_writer(self, it: View, before: Target | None) -> None:
        """A writer for where the view is folded now, with nothing in memory."""
        version = self._targets[it.name].version
        if before is not None:
            self._writers[it.name].forget()
            if before.version == version:
                return
            self._writers[it.name].close()
        writer = self._writers[it.name] = it.writer(self._db, version)
        writer.end_when(self._is_cancelled)

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self._db.execute("SAVEPOINT view")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO view")
            raise
        finally:
            self._db.execute("RELEASE view")


def _next_limit(events: Sequence[RecordedEvent], most: int) -> int:
    """How many events the next batch may have, by the size of some of these."""
    some = events[::16]
    size = sum(len(it.data_json) + len(it.metadata_json) for it in some) // len(some)
    return max(1, min(most, TEXT_PER_BATCH // max(1, size)))
