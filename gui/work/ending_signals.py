"""The system tells the program to end: the window closes as if a person had closed it.

While Qt waits, Python runs no signal handler; but it writes a byte into a socket at once, and the
socket's notifier wakes Qt.
"""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Slot

from replay.ctrl_c import ENDING

HEARD: Final = (signal.SIGINT, *ENDING)


class EndingSignals(QObject):
    """From now on each of these signals calls `end`, on the GUI thread; until `close`."""

    def __init__(self, end: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._end = end
        self._told, self._heard = socket.socketpair()
        for it in (self._told, self._heard):
            it.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._heard.fileno(), warn_on_full_buffer=False)
        self._before = {it: signal.signal(it, _leave_to_qt) for it in HEARD}
        self._notifier = QSocketNotifier(self._told.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)

    def close(self) -> None:
        """Hear none any more, and put back what was there before."""
        self._notifier.setEnabled(False)
        for number, before in self._before.items():
            signal.signal(number, before)
        signal.set_wakeup_fd(self._wakeup)
        self._told.close()
        self._heard.close()

    @Slot()
    def _hear(self) -> None:
        said = self._told.recv(4_096)
        if set(said).intersection(HEARD):
            self._end()


def _leave_to_qt(_number: int, _frame: FrameType | None) -> None:
    """The socket has its byte."""
