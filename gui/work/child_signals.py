"""A process that tells the GUI thread what it says, by signals."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from typing import Final

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from replay.children.child import Child, TooLate

SPEAKS_AT_ONCE: Final = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


class ChildSignals(QObject):
    """One process at a time; all methods on the thread this object lives in, which waits for
    nothing but in `stop`. `said(line)` for each line of its output and `complained(line)` of its
    errors, both bytes; then `ended(code)` when both are through."""

    said = Signal(object)
    complained = Signal(object)
    ended = Signal(int)
    _heard = Signal(object, object, object)  # the process, the signal, the line
    _over = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._child: Child | None = None
        self._threads: list[Thread] = []
        self._heard.connect(self._pass_on)
        self._over.connect(self._finish)

    @property
    def is_running(self) -> bool:
        """Whether there is a process whose end has not been told."""
        return self._child is not None

    @property
    def pid(self) -> int | None:
        """Of the process that runs now, if any."""
        return None if self._child is None else self._child.pid

    def start(self, command: Sequence[str], *, gives_way: bool = False) -> None:
        """Raises OSError when the system starts none."""
        child = Child(
            command, errors=subprocess.PIPE, variables=SPEAKS_AT_ONCE, gives_way=gives_way
        )
        errors = Thread(target=self._hear_errors, args=[child], name="errors of a process")
        output = Thread(target=self._hear, args=[child, errors], name="output of a process")
        self._child, self._threads = child, [errors, output]
        for thread in self._threads:
            thread.start()

    def say(self, word: str) -> None:
        """Send a line, if it listens."""
        if self._child is not None:
            self._child.offer(f"{word}\n".encode())

    def stop(self, *, grace_s: float = 0.0) -> None:
        """End it; nothing more is told of it. With a grace its input is ended first, and its end
        waited for so long."""
        if self._child is None:
            return
        self._child.end_input()
        with suppress(TooLate):
            self._child.wait(grace_s)
        self._close(self._child)

    def _hear_errors(self, child: Child) -> None:
        for line in child.error_lines():
            self._heard.emit(child, self.complained, line)

    def _hear(self, child: Child, errors: Thread) -> None:
        for line in child.lines():
            self._heard.emit(child, self.said, line)
        errors.join()
        child.wait()
        self._over.emit(child)

    @Slot(object, object, object)
    def _pass_on(self, child: Child, signal: SignalInstance, line: bytes) -> None:
        if child is self._child:  # and not one that was stopped while this was under way
            signal.emit(line)

    @Slot(object)
    def _finish(self, child: Child) -> None:
        if child is self._child:
            code = child.wait()
            self._close(child)
            self.ended.emit(code)

    def _close(self, child: Child) -> None:
        child.kill()
        for thread in self._threads:
            thread.join()
        child.close()
        self._child, self._threads = None, []
