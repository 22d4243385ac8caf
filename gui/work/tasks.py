"""Run work off the GUI thread and bring the answer back. Nothing else may.

Work is named by a key. While work of a key runs, only the newest request behind it is kept,
so a drag that asks sixty times a second never builds a queue and always ends with the answer
to its last question.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.work.reads import Reads
from store.errors import Cancelled, HistoryEdited

T = TypeVar("T")
THREADS: Final = 3
INTERRUPT_AGAIN_MS: Final = 10


@dataclass(eq=False, slots=True, kw_only=True)
class _Request:
    key: str
    work: Callable[[Reads], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    reads: Reads | None = None  # whose queries it runs on, while it runs
    is_silenced: bool = False


class Tasks(QObject):
    """Create and use it on the GUI thread: answers are delivered there.

    Signals: `busy_changed(bool)` when the first request starts or the last ends;
    `measured(float)`: milliseconds from request to answer of each piece of work.
    """

    busy_changed = Signal(bool)
    measured = Signal(str, float)
    _finished = Signal(object, object, object, float)

    def __init__(self, open_reads: Callable[[], Reads]) -> None:
        super().__init__()
        self._open_reads = open_reads
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reader")
        self._mine = threading.local()
        self._opened: list[Reads] = []
        self._guard = threading.Lock()  # for _opened, and for a request's reads
        self._running: dict[str, _Request] = {}
        self._waiting: dict[str, _Request] = {}
        self._futures: set[Future[None]] = set()
        self._left: Sequence[_Request] = ()  # what ran when it was left
        self._is_closed = False
        self._finished.connect(self._deliver)
        # An interrupt that comes just before a query begins is lost, so it is repeated.
        self._interrupting = QTimer(self, interval=INTERRUPT_AGAIN_MS)
        self._interrupting.timeout.connect(self._interrupt_silenced)

    def latest(
        self,
        key: str,
        work: Callable[[Reads], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        restart: bool = False,
    ) -> None:
        """Run `work` on a reader thread; a later request with the same key takes its place.

        With `restart` work of that key which runs already is stopped and silenced; else it
        finishes, its answer is delivered, and this request follows.
        """
        if self._is_closed:
            return
        request = _Request(key=key, work=work, done=done, failed=failed)
        if older := self._running.get(key):
            self._waiting[key] = request
            if restart:
                self._silence(older)
        else:
            self._start(request)

    def cancel(self, key: str) -> None:
        """Forget what waits under a key and stop what runs; nothing is delivered."""
        self._waiting.pop(key, None)
        if running := self._running.get(key):
            self._silence(running)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return not self._running

    def leave(self) -> None:
        """Begin no work and deliver nothing more; what runs is stopped by `close`."""
        self._is_closed = True
        self._waiting.clear()
        self._interrupting.stop()
        self._left = tuple(self._running.values())
        for request in self._left:
            request.is_silenced = True

    def close(self) -> None:
        """Stop all work, and end the threads with their connections; on any thread, once it was
        left."""
        if not self._is_closed:
            self.leave()
        while wait(list(self._futures), timeout=INTERRUPT_AGAIN_MS / 1_000).not_done:
            self._interrupt(self._left)
        self._pool.shutdown(wait=True)
        for reads in self._opened:
            reads.close()

    def _start(self, request: _Request) -> None:
        if not self._running:
            self.busy_changed.emit(True)
        self._running[request.key] = request
        future = self._pool.submit(self._run, request)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)

    def _run(self, request: _Request) -> None:
        """On a reader thread."""
        started = perf_counter()
        result, error = None, None
        try:
            result = self._work(request)
        except Exception as failure:  # the edge: problems.py shows it
            error = failure
        self._finished.emit(request, result, error, (perf_counter() - started) * 1_000)
        error = None  # else it would hold this frame, and the frame it, until garbage is collected

    def _work(self, request: _Request) -> Any:
        """Of a history that is edited meanwhile it is done once more."""
        try:
            return self._work_on(self._my_reads(), request)
        except HistoryEdited:
            return self._work_on(self._my_reads(), request)

    def _work_on(self, reads: Reads, request: _Request) -> Any:
        with self._guard:
            if request.is_silenced:
                raise Cancelled
            request.reads = reads
        try:
            return request.work(reads)
        finally:
            with self._guard:
                request.reads = None

    def _my_reads(self) -> Reads:
        reads: Reads | None = getattr(self._mine, "reads", None)
        if reads is not None and reads.is_outdated:
            self._let_go(reads)
            reads = None
        if reads is None:
            reads = self._mine.reads = self._open_reads()
            with self._guard:
                self._opened.append(reads)
        return reads

    def _let_go(self, reads: Reads) -> None:
        """Its thread opens another one."""
        self._mine.reads = None
        with self._guard:
            self._opened.remove(reads)
        reads.close()

    def _silence(self, request: _Request) -> None:
        request.is_silenced = True
        self._interrupt_silenced()
        self._interrupting.start()

    @Slot()
    def _interrupt_silenced(self) -> None:
        silenced = [request for request in self._running.values() if request.is_silenced]
        self._interrupt(silenced)
        if not silenced:
            self._interrupting.stop()

    def _interrupt(self, silenced: Sequence[_Request]) -> None:
        """On any thread."""
        with self._guard:
            for request in silenced:
                if request.reads is not None:
                    request.reads.interrupt()

    @Slot(object, object, object, float)
    def _deliver(
        self, request: _Request, result: Any, error: Exception | None, elapsed_ms: float
    ) -> None:
        if self._is_closed:
            return
        del self._running[request.key]
        if following := self._waiting.pop(request.key, None):
            self._start(following)
        if not self._running:
            self.busy_changed.emit(False)
        if request.is_silenced:
            return
        self.measured.emit(request.key, elapsed_ms)
        if error is None:
            request.done(result)
        elif not isinstance(error, Cancelled):
            request.failed(error)
