"""The system tells a process to end, and it is to close what it holds first."""

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

from replay.ctrl_c import ENDING

_KEPT: Final[list[socket.socket]] = []  # open as long as the process lives


def call_when_told_to_end(end: Callable[[], object]) -> None:
    """From now on `end` is called when a signal of the system says so, once, on a thread of its
    own: the main thread may be anywhere, with any lock in its hands. On the main thread only."""
    told, heard = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)

    def listen() -> None:
        while not set(heard.recv(1)).intersection(ENDING):
            continue
        end()

    threading.Thread(target=listen, name="ending signals", daemon=True).start()
    for number in ENDING:
        signal.signal(number, _leave_to_thread)
    _KEPT.append(told)


def _leave_to_thread(_number: int, _frame: FrameType | None) -> None:
    """The socket has its byte."""
