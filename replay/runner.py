"""Keep the views of a log up to date: rows and checkpoint commit together, or not at all."""

import sqlite3
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Final, TypeAlias

from replay import checkpoints, successor
from replay.checkpoints import Checkpoint
from replay.row_buffer import RowBuffer
from replay.skips import Skipped
from replay.successor import Place, has_caught_up
from replay.view import View, ViewWriter
from store.connect import write_transaction
from store.events import RecordedEvent
from store.reader import LogReader

Links = dict[int, tuple[str, ...]]
Watch: TypeAlias = Callable[[str, Callable[[], int]], AbstractContextManager[None]]

EVENTS_PER_BATCH: Final = 50_000
TEXT_PER_BATCH: Final = 32_000_000  # characters of payload, so that big events take small batches
FIRST_BATCH: Final = 1_000
ATTEMPTS: Final = 3  # with an event alone, before its view is parked
INDEXED_LAG: Final = 200_000  # a view further behind than this gets its index when it is not

# What SQLite says of a row that a projection put; everything else it says is the world's fault.
_ROW_REFUSED: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)


class _Moved(Exception):
    """Another connection has written to the views since we last looked."""


class Runner:
    """Folds the log into views. One thread. `db` is a writable connection to the views file.

    A view whose definition has changed serves as it is, and its successor is folded beside it.
    Each view has a checkpoint of its own, so one that fails is parked at the event before the
    failure while the others go on, and nothing is folded into a view twice. A failed view is
    tried again by the next runner, but for those in `parked`. `watch(view, position)` surrounds
    the folding of a person's own projections.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        log: LogReader,
        views: Sequence[View],
        *,
        parked: Collection[str] = (),
        watch: Watch = lambda _view, _position: nullcontext(),
    ) -> None:
        self._db = db
        self._log = log
        self._views = {it.name: it for it in views}
        self._watch = watch
        self._parked: set[str] = set(parked)
        self._skipped = Skipped(log.path)
        self._limit = FIRST_BATCH
        self._seen = -1  # SQLite's count of what other connections have written
        self._settle()
        self._failed_before = set(checkpoints.errors(db))

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
            self._limit = _next_limit(events)
        return bool(behind) or has_switched

    def deliver(self, events: Sequence[RecordedEvent], links: Links) -> None:
        """Fold a run of events, dense in position, into the views that have not seen them all.

        What a view has seen is skipped; a view that lacks events before the run is left alone.
        """
        with suppress(_Moved), self._transaction():
            failed = [
                it
                for it in self._views.values()
                if not self._fold(it, self._unseen(it, events), links)
            ]
            for it in failed:
                self._fold_up_to_failure(it, self._unseen(it, events), links)

    def _is_moved(self) -> bool:
        """Whether another connection has changed what is known here, or who rests no longer."""
        seen = self._db.execute("PRAGMA data_version").fetchone()[0]
        if seen == self._seen and not any(it.is_resting for it in self._places.values()):
            return False
        self._seen = seen
        if self._parked - checkpoints.errors(self._db).keys():
            return True
        return self._differs()

    def _differs(self) -> bool:
        """Whether the file says something else of our views than what is known here."""
        found = checkpoints.read_all(self._db)
        return any(
            found.get(place.base) != self._known[name]
            or successor.place_of(self._db, self._views[name], self._log.path, found) != place
            for name, place in self._places.items()
        )

    def _is_going(self, name: str) -> bool:
        return name not in self._parked and not self._places[name].is_resting

    def _index(self, head: int) -> None:
        """Make the history of views that are near the head ready to be asked."""
        for name in self._views:
            known = self._known[name]
            if known.is_indexed or head - known.checkpoint > INDEXED_LAG:
                continue
            if self._places[name].is_resting:
                continue
            with suppress(_Moved), self._transaction():
                self._views[name].index(self._db, known.name, known.generation)
                checkpoints.set_indexed(self._db, known.name)
                self._known[name] = replace(known, is_indexed=True)

    def _switch(self, head: int) -> bool:
        """Put successors that have caught up in place of their views. Returns whether one was."""
        has_switched = False
        for name, made in list(self._known.items()):
            if made.name == name or not self._is_going(name):
                continue
            live = checkpoints.read_one(self._db, name)
            if live is not None and has_caught_up(made, live, head):
                with suppress(_Moved), self._transaction():
                    successor.switch(self._db, self._views[name], made)
                self._forget()
                has_switched = True
        return has_switched

    def _unseen(self, it: View, events: Sequence[RecordedEvent]) -> Sequence[RecordedEvent]:
        if not events or not self._is_going(it.name):
            return ()
        seen = self._known[it.name].checkpoint - events[0].position + 1
        return events[seen:] if seen >= 0 else ()

    def _fold(self, it: View, events: Sequence[RecordedEvent], links: Links) -> bool:
        """Fold all of `events`, or none and return False when the projection failed."""
        return not events or self._try(it, events, links) is None

    def _try(self, it: View, events: Sequence[RecordedEvent], links: Links) -> BaseException | None:
        writer, last = self._writers[it.name], events[-1]
        try:
            with self._savepoint():
                seen = self._skipped.without(it.name, it.definition, events)
                with self._watched(it, writer):
                    writer.take(seen, links)
                done = writer.flush()
        except Exception as error:  # the edge: a projection may raise anything
            writer.forget()
            if is_worlds_fault(error) and not is_own_fault(it, error):
                raise
            return error
        checkpoints.advance(
            self._db,
            self._places[it.name].base,
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

    def _watched(self, it: View, writer: ViewWriter) -> AbstractContextManager[None]:
        is_own = it.projection is not None and it.projection.is_own
        if is_own and isinstance(writer, RowBuffer):
            return self._watch(it.name, lambda: writer.position)
        return nullcontext()

    def _fold_up_to_failure(self, it: View, events: Sequence[RecordedEvent], links: Links) -> None:
        """Halve until the event at which the projection fails is alone, and park the view."""
        while events:
            part = events[: (len(events) + 1) // 2]
            error = self._try(it, part, links)
            if error is None:
                events = events[len(part) :]
            elif len(part) == 1:
                error = self._try_again(it, part, links)
                if error is not None:
                    self._park(it, part[0], error)
                    return
                events = events[1:]
            else:
                events = part

    def _try_again(
        self, it: View, event: Sequence[RecordedEvent], links: Links
    ) -> BaseException | None:
        """The further attempts with one event; None when one of them succeeds."""
        error = None
        for _ in range(ATTEMPTS - 1):
            error = self._try(it, event, links)
            if error is None:
                break
        return error

    def _park(self, it: View, event: RecordedEvent, error: BaseException) -> None:
        trace = "".join(traceback.format_exception(error))
        checkpoints.park(self._db, it.name, position=event.position, error=error, trace=trace,
                         attempts=ATTEMPTS)  # fmt: skip
        self._parked.add(it.name)
        self._failed_before.add(it.name)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A write transaction. When another connection has moved, rebuilt or removed one of our
        views, or when anything goes wrong, nothing is written and what was known is forgotten."""
        try:
            with write_transaction(self._db):
                if self._differs():
                    raise _Moved
                yield
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
            self._places: dict[str, Place] = {
                name: successor.place_of(self._db, it, log, found)
                for name, it in self._views.items()
            }
        self._known = {name: found[place.base] for name, place in self._places.items()}
        self._writers: dict[str, ViewWriter] = {
            name: it.writer(self._db, self._places[name].base) for name, it in self._views.items()
        }

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


def is_worlds_fault(error: Exception) -> bool:
    """Whether the file or the disk is to blame, and not the projection."""
    return isinstance(error, sqlite3.Error) and not isinstance(error, _ROW_REFUSED)


def is_own_fault(it: View, error: Exception) -> bool:
    """Whether a person's own projection raised it itself, whatever it is."""
    if it.projection is None or not it.projection.is_own:
        return False
    module = sys.modules.get(it.projection.apply.__module__)
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and module is not None and frames[-1].filename == module.__file__


def _next_limit(events: Sequence[RecordedEvent]) -> int:
    """How many events the next batch may have, by the size of some of these."""
    some = events[::16]
    size = sum(len(it.data_json) + len(it.metadata_json) for it in some) // len(some)
    return max(1, min(EVENTS_PER_BATCH, TEXT_PER_BATCH // max(1, size)))
