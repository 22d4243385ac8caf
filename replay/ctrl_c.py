"""Whether Ctrl+C has come: a statement of SQLite that it stops raises an error of its own."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class CtrlC:
    """Whether it has come, since it is listened for."""

    has_come: bool = False


@contextmanager
def listening() -> Iterator[CtrlC]:
    """Note Ctrl+C, and raise KeyboardInterrupt as ever. On the main thread only."""
    seen = CtrlC()

    def note(_number: int, _frame: FrameType | None) -> None:
        seen.has_come = True
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield seen
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
