"""Follow the log: catch up page by page, then wait for commits, other processes' included."""

import threading
import time
from typing import Final

from store.errors import Cancelled
from store.events import RecordedEvent
from store.sqlite.reader import LogReader

POLL_S: Final = 0.02  # how often the file is asked whether another connection has committed


class LogSubscription:
    """Hands out every event behind a position once, in order. `batch` from one thread at a
    time; `close` from any.

    SQLite's data_version changes with every commit of another connection, in this process or
    another, so one cheap question serves both.
    """

    def __init__(self, reader: LogReader, *, after: int) -> None:
        self._reader = reader
        self._position = after
        self._closing = threading.Event()
        self._in_use = threading.Lock()
        self._seen_version = -1

    @property
    def position(self) -> int:
        """The last position handed out."""
        return self._position

    def batch(self, *, limit: int = 1_000, timeout_s: float = 1.0) -> list[RecordedEvent]:
        """The next events; waits up to `timeout_s` for one, then the answer is empty."""
        deadline = time.monotonic() + timeout_s
        with self._in_use:
            try:
                return self._next_in_time(limit, deadline)
            except Cancelled:  # `close` has interrupted it
                return []

    def close(self) -> None:
        """End a waiting `batch` and close the connection. Twice is once."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._reader.interrupt()
        with self._in_use:
            self._reader.close()

    def _next_in_time(self, limit: int, deadline: float) -> list[RecordedEvent]:
        while not self._closing.is_set():
            self._seen_version = self._reader.data_version()
            if events := self._reader.page(self._position + 1, self._position + limit):
                self._position = events[-1].position
                return events
            if not self._wait_for_commit(deadline):
                break
        return []

    def _wait_for_commit(self, deadline: float) -> bool:
        """True when the file has changed; False when time is up or the subscription ended."""
        while (left := deadline - time.monotonic()) > 0:
            if self._closing.wait(min(POLL_S, left)):
                return False
            if self._reader.data_version() != self._seen_version:
                return True
        return False
