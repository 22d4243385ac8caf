"""Progress of a verb as JSON lines, and words on standard input that pause or cancel it.

The window runs verbs as processes of their own and listens to these lines.
"""

import argparse
import os
import sys
import threading
import time
from contextlib import suppress
from typing import Final

from msgspec import UNSET, Raw

from replay.children.job_messages import JobFound, JobHeld, JobProgress, Message, line_of
from replay.standard_output import OUTPUT

PAUSE_S: Final = 0.05  # between two lines


class ProgressLines:
    """Silent unless `is_on`; that it was paused or resumed is told at once. Call `tell` and
    `is_cancelled` from the thread that works."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on
        self._told_s = 0.0
        self._cancelled = threading.Event()
        self._left = threading.Event()
        self._writing = threading.Lock()
        self._going = threading.Event()
        self._going.set()
        if is_on:
            threading.Thread(target=self._listen, name="cancel", daemon=True).start()

    @property
    def is_on(self) -> bool:
        """Whether the window listens."""
        return self._is_on

    def tell(
        self,
        *,
        fraction: float | None,
        events: int | None,
        rate: float | None = None,
        seconds_left: float | None = None,
        note: str = "",
        store: str = "",
        dropped: int | None = None,
    ) -> None:
        """Print how far it has come, not too often."""
        now_s = time.monotonic()
        if not self._is_on or now_s - self._told_s < PAUSE_S:
            return
        self._told_s = now_s
        self._write(
            JobProgress(
                fraction=fraction,
                events=events,
                rate=rate,
                seconds_left=seconds_left,
                note=note or UNSET,
                store=store or UNSET,
                dropped=UNSET if dropped is None else dropped,
            )
        )

    def found(self, value_json: str) -> None:
        """Tell at once what was found."""
        self._write(JobFound(Raw(value_json.encode())))

    def is_cancelled(self) -> bool:
        """Whether "cancel" was said, or whoever listens has gone."""
        return self._cancelled.is_set()

    def is_left(self) -> bool:
        """Whether whoever listens has gone, without a word."""
        return self._left.is_set()

    def wait_while_paused(self) -> None:
        """Return at once, or after "pause" when "resume" or "cancel" is said."""
        self._going.wait()

    def hear(self, word: bytes) -> None:
        """Do as "pause", "resume" or "cancel" says; other words mean nothing."""
        if word == b"pause":
            self._going.clear()
            self._answer(is_held=True)
        elif word == b"resume":
            self._going.set()
            self._answer(is_held=False)
        elif word == b"cancel":
            self._cancelled.set()
            self._going.set()

    def _listen(self) -> None:
        """Without a buffer: one that is being read at the end of the process brings it down."""
        said = b""
        while not self._cancelled.is_set() and (more := os.read(sys.stdin.fileno(), 4_096)):
            *words, said = (said + more).split(b"\n")
            for word in words:
                self.hear(word.strip())
        if not self._cancelled.is_set():
            self._left.set()
            self.hear(b"cancel")

    def _answer(self, *, is_held: bool) -> None:
        with suppress(BrokenPipeError):  # whoever asked has gone, which the input tells too
            self._write(JobHeld(is_held))

    def _write(self, message: Message) -> None:
        with self._writing:
            OUTPUT.write(line_of(message))
            OUTPUT.flush()


def add_progress_argument(parser: argparse.ArgumentParser) -> None:
    """--progress, for the window and other programs that run verbs."""
    parser.add_argument("--progress", action="store_true", help=argparse.SUPPRESS)
