"""The parent's side of the projector: start it, listen to it, start it again when it dies."""

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from replay.children.child import Child
from replay.children.command import PROJECTOR, worker_command
from replay.projector.projector_report import Report, from_line
from replay.words import said
from store.place import Place

CRASHES_ALLOWED: Final = 5  # in CRASH_WINDOW_S; one more and it is given up
CRASH_WINDOW_S: Final = 60.0
FIRST_DELAY_S: Final = 0.1  # before it is started again; doubled with each crash
CLOSING_S: Final = 0.5  # for the batch under way; then it is killed, which loses nothing
LINES_KEPT: Final = 20  # of what it said beside its reports, for the error


class Projector:
    """A projector process for one log. `start` once, then `close`; both from one thread.

    `on_report` is called on a thread of this object. A process that dies is started again after
    a pause; when it dies too often the last report has the phase "ended" and the error.
    `wake`, `pause` and `resume` may be called from any thread and at any time.
    """

    def __init__(
        self,
        place: Place,
        *,
        on_report: Callable[[Report], None],
        command: tuple[str, ...] | None = None,
    ) -> None:
        self._command = (*(command or worker_command(PROJECTOR)), place.text)
        self._on_report = on_report
        self._closing = threading.Event()
        self._process: Child | None = None
        self._lock = threading.Lock()  # over the process and its input
        self._is_paused = False
        self._said: deque[str] = deque(maxlen=LINES_KEPT)
        self._last: Report | None = None
        self._thread = threading.Thread(target=self._run, name="projector")

    @property
    def pid(self) -> int | None:
        """The process that runs now, if any."""
        process = self._process
        return None if process is None else process.pid

    def start(self) -> None:
        """Start the process and listen to it."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something new in the log: look now."""
        self._send("wake")

    def pause(self) -> None:
        """Leave the views as they are until `resume`."""
        self._is_paused = True
        self._send("pause")

    def resume(self) -> None:
        """Go on."""
        self._is_paused = False
        self._send("resume")

    def close(self) -> None:
        """End the process and the thread, within a second. Twice is once."""
        self._closing.set()
        self._end_input()
        if self._thread.is_alive():
            self._thread.join(CLOSING_S)
        if self._thread.is_alive():
            self._kill()
            self._thread.join()

    def _run(self) -> None:
        crashes: deque[float] = deque(maxlen=CRASHES_ALLOWED + 1)
        while not self._closing.is_set():
            try:
                code = self._run_once()
            except OSError as error:
                self._end(
                    said(
                        "the system cannot start a process for the views ({strerror})",
                        strerror=error.strerror,
                    )
                )
                return
            if self._closing.is_set() or (self._last and self._last.phase == "ended"):
                return
            crashes.append(time.monotonic())
            if len(crashes) > CRASHES_ALLOWED and crashes[-1] - crashes[0] < CRASH_WINDOW_S:
                self._give_up(code)
                return
            self._closing.wait(FIRST_DELAY_S * 2 ** (len(crashes) - 1))

    def _run_once(self) -> int:
        """Run the process to its end; returns its exit code."""
        self._said.clear()
        with self._lock:
            if self._closing.is_set():
                return 0
            process = Child(self._command, errors=subprocess.STDOUT, gives_way=True)
            self._process = process
        if self._is_paused:
            self._send("pause")
        self._listen(process.lines())
        code = process.wait()
        with self._lock:
            self._process = None
        process.close()
        return code

    def _listen(self, output: Iterable[bytes]) -> None:
        for line in output:
            report = from_line(line)
            if report is None:
                self._said.append(line.decode("utf-8", "replace").rstrip())
            else:
                self._last = report
                self._on_report(report)

    def _give_up(self, code: int) -> None:
        self._end("\n".join([said("the projector ended with code {code}", code=code), *self._said]))

    def _end(self, error: str) -> None:
        last = self._last
        report = Report(
            phase="ended",
            head=last.head if last else 0,
            checkpoint=last.checkpoint if last else 0,
            rate=0.0,
            views=last.views if last else {},
            error=error,
        )
        self._last = report
        self._on_report(report)

    def _send(self, word: str) -> None:
        with self._lock:
            if self._process is not None:  # one that has just ended: the next looks by itself
                self._process.offer(f"{word}\n".encode())

    def _end_input(self) -> None:
        """Closing its input ends the process."""
        with self._lock:
            if self._process is not None:
                self._process.end_input()

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()
