"""Whether a verb was told to end, by Ctrl+C or a signal of the system: a statement of SQLite that
it stops raises an error of its own.

Being told to terminate, or that the terminal is gone, ends a verb as Ctrl+C does: what it holds is
closed, so that the log is left as one whole file.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Terminated(KeyboardInterrupt):
    """The system told this process alone to end; Ctrl+C is heard by its children too."""


@dataclass(slots=True)
class CtrlC:
    """Whether it has come, since it is listened for."""

    signal: int = 0  # what has come; 0 is nothing

    @property
    def has_come(self) -> bool:
        """Whether the verb was told to end."""
        return self.signal != 0

    @property
    def exit_code(self) -> int:
        """Of a program that was ended by this."""
        return 128 + (self.signal or signal.SIGINT)


@contextmanager
def listening() -> Iterator[CtrlC]:
    """Note what tells a verb to end, and raise KeyboardInterrupt. On the main thread only; what
    already has a handler of somebody else's keeps it."""
    seen = CtrlC()

    def note(number: int, _frame: FrameType | None) -> None:
        seen.signal = number
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        signal.signal(number, signal.SIG_IGN)  # said once is enough: now it is closing
        raise Terminated

    heard = _unheard() if threading.current_thread() is threading.main_thread() else {}
    for number in heard:
        signal.signal(number, note)
    try:
        yield seen
    finally:
        for number, before in heard.items():
            signal.signal(number, before)


def _unheard() -> dict[int, Any]:
    """The signals that only do what Python or the system does by default, and what that is."""
    defaults: dict[int, Any] = dict.fromkeys(ENDING, signal.SIG_DFL)
    defaults[signal.SIGINT] = signal.default_int_handler
    return {it: what for it, what in defaults.items() if signal.getsignal(it) is what}
