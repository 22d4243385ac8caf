"""What one reader thread holds: a reader of the log, and a connection to its views."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from replay.questions.sql_query import open_to_ask
from replay.snapshots.snapshots import folded
from replay.states.event_summaries import EventSummaries
from replay.states.field_histories import FieldHistories
from replay.states.fold import Folded
from replay.states.model import Model
from replay.states.stream_states import StreamStates
from replay.views.read_store import open_views_to_read
from replay.workers.worker_states import WorkerStates
from store.errors import HistoryEdited
from store.interface import EventReader
from store.opening import open_reader


class Reads:
    """A log and its views, as one reader thread reads them. `interrupt` may be called from any
    thread.

    The views file comes and goes (it may be deleted or rebuilt at any time), so its
    connection is opened when first asked for and again whenever the file is another one.
    """

    _is_branch = False  # of no log, nothing is edited

    def __init__(
        self,
        open_log: Callable[[], EventReader],
        elsewhere: WorkerStates | None = None,
        histories: "SharedHistories | None" = None,
    ) -> None:
        """`open_log` is called once, on the thread that reads; `histories` all threads share."""
        self.log = open_log()
        self._is_branch = bool(self.log.place.branch_name)
        self.states = StreamStates(
            snapshot_before=self._snapshot,
            elsewhere=elsewhere,
            histories=None if histories is None else histories.of(self.log),
        )
        self.summaries = EventSummaries(self.log, self.states)
        self._views_path = self.log.place.views
        self._views: sqlite3.Connection | None = None
        self._views_inode: int | None = None
        self._asked: sqlite3.Connection | None = None
        self._others: list[Reads] = []  # other lines of the log, while they are read

    @contextmanager
    def line(self, path: Path | None) -> Iterator["Reads"]:
        """The same of another line of this log, as its history is now, for one question: a branch
        that nobody reads can be renamed and deleted. None is this one. Raises what opening a log
        raises."""
        if path is None:
            yield self
            return
        other = Reads(partial(open_reader, path))
        self._others.append(other)
        try:
            yield other
        finally:
            self._others.remove(other)
            other.close()

    def views(self) -> sqlite3.Connection | None:
        """A connection to this log's views; None while there are none."""
        inode = _inode(self._views_path)
        if inode != self._views_inode:
            self._close_views()
        if self._views is None and inode is not None:
            self._views = open_views_to_read(self.log)
            self._views_inode = inode if self._views is not None else None
        return self._views

    @property
    def is_outdated(self) -> bool:
        """Whether it reads what the history of a branch was before somebody edited it."""
        if not self._is_branch:
            return False
        try:
            self.log.head()
        except HistoryEdited:
            return True
        return False

    @contextmanager
    def asking(self) -> Iterator[sqlite3.Connection | None]:
        """A connection for one question in SQL; None while there are no views."""
        db = self._asked = open_to_ask(self.log)
        try:
            yield db
        finally:
            self._asked = None
            if db is not None:
                db.close()

    def interrupt(self) -> None:
        """Stop whatever query runs now."""
        self.log.interrupt()
        if (views := self._views) is not None:
            views.interrupt()
        if (asked := self._asked) is not None:
            with suppress(sqlite3.ProgrammingError):  # it was closed in between
                asked.interrupt()
        for it in tuple(self._others):
            with suppress(sqlite3.ProgrammingError):  # as above
                it.interrupt()

    def close(self) -> None:
        """Close the log and the views."""
        self.log.close()
        self._close_views()

    def _snapshot(self, model: Model[Any], stream: str, position: int) -> Folded[Any] | None:
        views = self.views()
        return None if views is None else folded(views, model, stream, position)

    def _close_views(self) -> None:
        if self._views is not None:
            self._views.close()
        self._views, self._views_inode = None, None


class SharedHistories:
    """The histories of fields of one log, for all threads that read it; of a branch that is
    edited, those of its history as it is now."""

    def __init__(self) -> None:
        self._making = Lock()
        self._of, self._histories = "", FieldHistories()

    def of(self, log: EventReader) -> FieldHistories:
        """Those of the history that a reader has."""
        with self._making:
            if (history := log.store_id()) != self._of:
                self._of, self._histories = history, FieldHistories()
            return self._histories


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def read_head(reads: Reads) -> int:
    """The position of the newest event."""
    return reads.log.head()
