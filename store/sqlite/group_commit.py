"""Appends and other writes from any thread: what waits together is committed together.

Whoever finds nobody at work records its own request, and with it what waits by then, on its own
thread: one caller hands nothing over. Who comes meanwhile waits; the first of them leads the next
group. Where nobody waits for the first one, as for a future, a thread of the store leads.

Those who wait for an answer are woken one by the other: all at once would fight for the
interpreter's lock, which costs twice what the rows cost.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from store.events import Appended, NewEvent
from store.sqlite.file_connection import FileConnection
from store.sqlite.group_writer import GroupWriter
from store.sqlite.write_requests import Awaited, Promised, Request, Work
from store.sqlite.writer import Append, Writer

T = TypeVar("T")
GROUP: Final = 256  # requests that share one commit at most


class GroupCommit:
    """Requests are recorded in the order in which they come, each whole or not at all; one that
    fails leaves the others of its group alone. An answer is given only after the commit."""

    def __init__(self, open_db: Callable[[], FileConnection]) -> None:
        self._writer = GroupWriter(open_db)
        self._gate = threading.Lock()  # held for an instant: of what waits, and `_is_closed`
        self._waiting: deque[Request] = deque()
        self._lead = threading.Lock()  # held by who leads, and handed on from thread to thread
        self._thread: threading.Thread | None = None
        self._calls: SimpleQueue[bool] = SimpleQueue()  # to our thread: whether to lead, or to end
        self._is_closed = False
        self._main_ident = threading.main_thread().ident  # of the process that opened it

    def append(self, stream: str, events: Sequence[NewEvent], *, expected: int | None) -> Appended:
        """Returns when it is on the disk. Raises VersionConflict, DuplicateEventId, …

        The main thread leads nobody: Ctrl+C would end it in the midst of a group.
        """
        appended: Appended = self._awaited(
            Append(stream=stream, events=tuple(events), expected=expected)
        )
        return appended

    def append_soon(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> "Future[Appended]":
        """Queue an append. The future fails with what `append` raises."""
        return self._promised(
            Promised(Append(stream=stream, events=tuple(events), expected=expected))
        )

    def submit(self, work: Callable[[Writer], T]) -> "Future[T]":
        """Queue work that writes with the writer, inside a transaction that is held for it.

        What it raises of StoreError undoes just this work, and is what the future fails with.
        """
        return self._promised(Promised(work))

    def write(self, work: Callable[[Writer], T]) -> T:
        """The same, waiting for it. It is done on the thread that calls, or on that of another
        caller with which it shares a commit."""
        given: T = self._awaited(work)
        return given

    def close(self) -> None:
        """Finish what waits, then close the connection and end the thread."""
        with self._gate:
            self._is_closed = True
        with self._lead:
            self._writer.close()
            thread, self._thread = self._thread, None
            if thread is not None:
                self._calls.put(False)
                thread.join()

    def _awaited(self, what: Append | Work) -> Any:
        """What a request gives, once it is on the disk; raises what it failed with."""
        if threading.get_ident() == self._main_ident:
            return self._promised(Promised(what)).result()
        if isinstance(what, Append) and self._leads_alone():
            outcome = self._writer.record_alone(what)
            self._hand_on()
        else:
            request = Awaited(what)
            if self._leads(request) or request.is_to_lead():
                self._record_group(leader=request)
            outcome = request.outcome
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _promised(self, request: Promised) -> "Future[Any]":
        with self._gate:
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._run, name="store writer")
                self._thread.start()
        if self._leads(request):
            self._calls.put(True)
        return request.future

    def _leads_alone(self) -> bool:
        """Whether nobody leads and nothing waits, so that the caller has to lead now."""
        with self._gate:
            return not self._is_closed and self._lead.acquire(blocking=False)

    def _leads(self, request: Request) -> bool:
        """Put it behind what waits. Returns whether nobody leads, so that its caller has to."""
        with self._gate:
            if self._is_closed:
                raise RuntimeError("the store is closed")
            leads = self._lead.acquire(blocking=False)
            if not leads and isinstance(request, Awaited):
                request.begin_waiting()
            self._waiting.append(request)
            return leads

    def _record_group(self, leader: Awaited | None = None) -> None:
        """Record what waits, answer it, and let the first that has come since lead. `leader`: the
        request of the thread that calls, which is the first that waits."""
        group = self._next_group()
        outcomes = self._writer.record([it.what for it in group])
        first, last = None, None
        for request, outcome in zip(group, outcomes, strict=True):
            request.settle(outcome)
            if isinstance(request, Awaited) and request is not leader:
                if last is None:
                    first = request
                else:
                    last.next = request
                last = request
        if first is not None:
            first.wake()
        self._hand_on()

    def _next_group(self) -> list[Request]:
        """What waits by now, but what nobody wants any more."""
        waiting = self._waiting
        group = [waiting.popleft() for _ in range(min(len(waiting), GROUP))]
        return [it for it in group if isinstance(it, Awaited) or it.is_wanted()]

    def _hand_on(self) -> None:
        """Let the first that waits lead; nobody, when nothing waits."""
        with self._gate:
            if not self._waiting:
                self._lead.release()
                return
            first = self._waiting[0]
        if isinstance(first, Awaited):
            first.wake()
        else:
            self._calls.put(True)

    def _run(self) -> None:
        while self._calls.get():
            self._record_group()
