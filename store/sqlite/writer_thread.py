"""The one thread that writes to the log, committing what waits together in one transaction."""

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from store.errors import LogReplaced, StoreError
from store.events import Appended, NewEvent
from store.sqlite.file_connection import FileConnection
from store.sqlite.writer import Writer

T = TypeVar("T")
GROUP: Final = 256  # appends that share one commit at most


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    work: Callable[[Writer], Any]
    answer: "Future[Any]" = field(default_factory=Future)


class WriterThread:
    """Appends from any thread, in the order they come. Starts with its first append.

    Each request is recorded whole or not at all; one that fails leaves the others of its
    group alone. An answer is given only after the commit.
    """

    def __init__(self, open_db: Callable[[], FileConnection]) -> None:
        self._open_db = open_db
        self._writer: tuple[FileConnection, Writer] | None = None
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> "Future[Appended]":
        """Queue an append. The future fails with VersionConflict, DuplicateEventId, …"""
        ready = tuple(events)
        return self.submit(lambda writer: writer.append_inside(stream, ready, expected=expected))

    def submit(self, work: Callable[[Writer], T]) -> "Future[T]":
        """Queue work that writes with the writer, inside a transaction that the thread holds.

        What it raises of StoreError undoes just this work, and is what the future fails with.
        """
        request = _Request(work=work)
        with self._starting:
            if self._closed:
                raise RuntimeError("the store is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store writer")
                self._thread.start()
            self._requests.put(request)
        return request.answer

    def close(self) -> None:
        """Finish what waits, then end the thread and close its connection."""
        with self._starting:
            self._closed = True
            thread = self._thread
            self._requests.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        """What cannot be opened, or was replaced, is opened again for whoever comes next."""
        db: FileConnection | None = None
        try:
            while group := self._next_group():
                try:
                    db = db or self._open_db()
                except Exception as error:  # the edge: whoever waits hears of it
                    _answer(group, [error] * len(group))
                    continue
                if self._record(db, group):
                    continue
                db.close()
                db = None
        finally:
            if db is not None:
                db.close()

    def _next_group(self) -> list[_Request]:
        """Whatever waits now, at least one; empty when the thread shall end."""
        first = self._requests.get()
        if first is None:
            return []
        group = [first]
        while len(group) < GROUP:
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                break
            if request is None:
                self._requests.put(None)
                break
            group.append(request)
        return group

    def _record(self, db: FileConnection, group: list[_Request]) -> bool:
        """Commit what waits, if the file is still the log, and say so. Returns whether it is: what
        was committed to another one counts for nothing."""
        is_same, outcomes = True, list[Any]()
        try:
            with self._writer_of(db).transaction():
                _require_same(db)
                outcomes = [_attempt(db, self._writer_of(db), request) for request in group]
            _require_same(db)
        except Exception as error:  # the edge: the commit itself failed for all of them
            outcomes, is_same = [error] * len(group), not isinstance(error, LogReplaced)
        _answer(group, outcomes)
        return is_same

    def _writer_of(self, db: FileConnection) -> Writer:
        if self._writer is None or self._writer[0] is not db:
            self._writer = db, Writer(db)
        return self._writer[1]


def _answer(group: Sequence[_Request], outcomes: Sequence[Any]) -> None:
    for request, outcome in zip(group, outcomes, strict=True):
        if isinstance(outcome, Exception):
            request.answer.set_exception(outcome)
        else:
            request.answer.set_result(outcome)


def _require_same(db: FileConnection) -> None:
    if db.same is not None:
        db.same.require()


def _attempt(db: sqlite3.Connection, writer: Writer, request: _Request) -> Any:
    """Record one request inside the group's transaction, or undo just this one."""
    db.execute("SAVEPOINT request")
    try:
        return request.work(writer)
    except StoreError as error:
        db.execute("ROLLBACK TO request")
        writer.forget_names()
        return error
    finally:
        db.execute("RELEASE request")
