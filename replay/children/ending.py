"""The system tells a process to end, and it is to close what it holds first."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from replay.ctrl_c import ENDING

OVER: Final = b"\0"  # is the number of no signal


@contextmanager
def hearing_the_end(end: Callable[[], object]) -> Iterator[None]:
    """Within, `end` is called when a signal of the system says so, once, on a thread of its own:
    the main thread may be anywhere, with any lock in its hands. On the main thread only."""
    told, heard = socket.socketpair()
    told.setblocking(False)
    thread = threading.Thread(target=_listen, args=(heard, end), name="ending", daemon=True)
    thread.start()
    wakeup = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    before = {it: signal.signal(it, _leave_to_thread) for it in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        told.setblocking(True)
        told.sendall(OVER)
        thread.join()
        told.close()
        heard.close()


def _listen(heard: socket.socket, end: Callable[[], object]) -> None:
    while (said := heard.recv(1)) and said != OVER:
        if said[0] in ENDING:
            end()


def _leave_to_thread(_number: int, _frame: FrameType | None) -> None:
    """The socket has its byte."""
