"""How much processor time and memory one input may take."""

import faulthandler
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

SECONDS: Final = 10.0  # of this process's own time, traced: a busy machine changes nothing
STANDSTILL_S: Final = 240.0  # of the wall clock: waiting for a lock, or stuck within a library
GROWTH: Final = 192 * 1024 * 1024  # bytes that one small input may make this process grow by
_PEAK: Final = Path("/proc/self/clear_refs")
_STATUS: Final = Path("/proc/self/status")


class TookTooLong(BaseException):
    """Passes every `except Exception` on its way."""


class GrewTooMuch(Exception):
    """One small input made the process large."""


@contextmanager
def limited(*, seconds: float = SECONDS, growth: int = GROWTH) -> Iterator[None]:
    """Raises TookTooLong within the block and GrewTooMuch behind it; a process that stands still
    ends, with the place where it stands on stderr. In the main thread only."""
    former = signal.signal(signal.SIGPROF, _end)
    at_first = _peak_anew()
    faulthandler.dump_traceback_later(STANDSTILL_S, exit=True)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGPROF, former)
    if (grown := peak() - at_first) > growth:
        raise GrewTooMuch(f"{grown:,} bytes")


def peak() -> int:
    """The most memory that was used since it was last set back, in bytes; 0 where that is not
    told."""
    with suppress(OSError):
        for line in _STATUS.read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _peak_anew() -> int:
    with suppress(OSError):
        _PEAK.write_text("5")
    return peak()


def _end(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong
