"""How far a long job of the command line has come, on one line of the terminal."""

import sys
import time
from typing import Final, TextIO

from replay.words import said

PATIENCE_S: Final = 0.5  # a job that is done by then says nothing
PAUSE_S: Final = 0.2  # between two lines
BACK: Final = "\r\x1b[K"  # to the start of the line, which is cleared


class TerminalProgress:
    """Silent where standard error is no terminal, and for jobs that take no time. Use it as a
    context: the line is cleared at the end, also after Ctrl+C. One thread."""

    def __init__(self, what: str, *, unit: str = "events", out: TextIO | None = None) -> None:
        self._what, self._unit = what, unit
        self._out = sys.stderr if out is None else out
        self._is_on = self._out.isatty()
        self._begun_s = time.monotonic()
        self._next_s = self._begun_s + PATIENCE_S
        self._has_line = False

    def __enter__(self) -> "TerminalProgress":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._has_line:
            self._out.write(BACK)
            self._out.flush()

    def begin(self, what: str) -> None:
        """Something else is counted from now on, from zero. Nothing happens when it is what is
        counted already."""
        if what != self._what:
            self._what, self._begun_s = what, time.monotonic()

    def tell(self, done: int, total: int | None = None) -> None:
        """`done` events (or whatever the unit is), of `total` where that is known."""
        now_s = time.monotonic()
        if not self._is_on or now_s < self._next_s:
            return
        self._next_s = now_s + PAUSE_S
        rate = done / max(now_s - self._begun_s, 1e-9)
        of = said(" of {total:,}", total=total) if total is not None else ""
        self._out.write(
            said(
                "{back}{what}: {done:,}{value} {unit}, {rate:,.0f} a second",
                back=BACK,
                what=self._what,
                done=done,
                value=of,
                unit=self._unit,
                rate=rate,
            )
        )
        self._out.flush()
        self._has_line = True
