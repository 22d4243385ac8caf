"""What is asked of the writer, and how whoever asked hears of the answer."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, Final, TypeAlias

from store.sqlite.writer import Append, Writer

Work: TypeAlias = Callable[[Writer], Any]  # inside a transaction that it is handed

_OPEN: Final = object()


class Awaited:
    """A request for which a thread waits. That thread may be told to record it itself."""

    __slots__ = ("_turn", "next", "outcome", "what")

    def __init__(self, what: Append | Work) -> None:
        self.what = what
        self.next: Awaited | None = None  # is woken by the thread that waits for this one
        self.outcome: Any = _OPEN  # a value, or the exception that it failed with

    def begin_waiting(self) -> None:
        """From now on its thread may be woken."""
        self._turn = Lock()
        self._turn.acquire()

    def settle(self, outcome: Any) -> None:
        """Give it its answer. Wakes nobody."""
        self.outcome = outcome

    def wake(self) -> None:
        """Let the thread that waits go on: with the answer, or to record the request itself."""
        self._turn.release()

    def is_to_lead(self) -> bool:
        """Wait to be woken. Returns whether the request is to be recorded by who waits."""
        self._turn.acquire()
        if self.outcome is _OPEN:
            return True
        if self.next is not None:
            self.next.wake()
        return False


class Promised:
    """A request for which nobody waits; it answers a future."""

    __slots__ = ("future", "what")

    def __init__(self, what: Append | Work) -> None:
        self.what = what
        self.future: Future[Any] = Future()

    def is_wanted(self) -> bool:
        """Whether the future was not cancelled; from now on it cannot be."""
        return self.future.set_running_or_notify_cancel()

    def settle(self, outcome: Any) -> None:
        """Answer the future: with a value, or the exception that it failed with."""
        if isinstance(outcome, BaseException):
            self.future.set_exception(outcome)
        else:
            self.future.set_result(outcome)


Request: TypeAlias = Awaited | Promised
