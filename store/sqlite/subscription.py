"""Follow the log: catch up page by page, then wait for commits, other processes' included."""

import threading
import time

from store.errors import Cancelled
from store.events import RecordedEvent
from store.interface import EventReader
from store.wake_event import WakeEvent


class LogSubscription:
    """Hands out every event behind a position once, in order. `batch` from one thread at a
    time; `close` from any.

    Commits of this process and of another are noticed in the same way.
    """

    def __init__(self, reader: EventReader, *, after: int) -> None:
        self._reader = reader
        self._position = after
        self._closing = WakeEvent()
        self._in_use = threading.Lock()
        self._commits = reader.commits()

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
            self._commits.close()
            self._reader.close()
            self._closing.close()

    def _next_in_time(self, limit: int, deadline: float) -> list[RecordedEvent]:
        while not self._closing.is_set():
            if events := self._reader.page(self._position + 1, self._position + limit):
                self._position = events[-1].position
                return events
            left_s = max(deadline - time.monotonic(), 0.0)
            if not self._commits.wait(left_s, woken=self._closing):
                break
        return []
