"""A threading.Event that a thread can wait for together with files."""

import os
import select
import sys
import threading
from collections.abc import Collection
from contextlib import suppress
from typing import Final

CAN_WAIT_FOR_FILES: Final = sys.platform != "win32"  # there it waits for sockets alone


class WakeEvent:
    """Set it from any thread; one thread waits. `close` ends its use.

    Beside the flag it holds a pipe, which is what `wait` listens to.
    """

    def __init__(self) -> None:
        self._flag = threading.Event()
        self._lock = threading.Lock()  # over the pipe: nobody writes to a closed one
        self._pipe = _pipe() if CAN_WAIT_FOR_FILES else None

    def set(self) -> None:
        """End the wait, or the next one."""
        with self._lock:
            self._flag.set()
            if self._pipe is not None:
                with suppress(BlockingIOError):  # it is full, which says the same
                    os.write(self._pipe[1], b"!")

    def clear(self) -> None:
        """Let the next wait be one."""
        with self._lock:
            self._flag.clear()
            if self._pipe is not None:
                with suppress(BlockingIOError):
                    while os.read(self._pipe[0], 4_096):
                        continue

    def is_set(self) -> bool:
        """Whether it was set and not cleared."""
        return self._flag.is_set()

    def wait(self, timeout_s: float, files: Collection[int] = ()) -> bool:
        """Until it is set, or one of the files can be read; false when time is up before. Files
        need a system where CAN_WAIT_FOR_FILES."""
        if self._flag.is_set():
            return True
        if self._pipe is None or not files:
            return self._flag.wait(timeout_s)
        waiting = select.poll()
        for file in (self._pipe[0], *files):
            waiting.register(file, select.POLLIN)
        return bool(waiting.poll(max(timeout_s, 0.0) * 1_000))

    def close(self) -> None:
        """Free the pipe. It can still be set and asked. Twice is once."""
        with self._lock:
            pipe, self._pipe = self._pipe, None
        for end in pipe or ():
            os.close(end)


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        os.set_blocking(end, False)
    return ends
