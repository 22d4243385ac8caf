"""Progress of a verb as JSON lines, and a word on standard input that cancels it.

The window runs verbs as processes of their own and listens to these lines.
"""

import argparse
import os
import sys
import threading
import time
from typing import Any, Final

from store import json_text

PAUSE_S: Final = 0.05  # between two lines


class ProgressLines:
    """Silent unless `is_on`. Call `tell` and `is_cancelled` from the thread that works."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on
        self._told_s = 0.0
        self._cancelled = threading.Event()
        if is_on:
            threading.Thread(target=self._listen, name="cancel", daemon=True).start()

    def tell(
        self,
        *,
        fraction: float | None,
        events: int,
        rate: float | None = None,
        seconds_left: float | None = None,
    ) -> None:
        """Print how far it has come, not too often."""
        now_s = time.monotonic()
        if not self._is_on or now_s - self._told_s < PAUSE_S:
            return
        self._told_s = now_s
        facts: dict[str, Any] = {
            "fraction": fraction, "events": events, "rate": rate, "seconds_left": seconds_left,
        }  # fmt: skip
        sys.stdout.write(json_text.encode({"progress": facts}) + "\n")
        sys.stdout.flush()

    def is_cancelled(self) -> bool:
        """Whether "cancel" was said, or whoever listens has gone."""
        return self._cancelled.is_set()

    def _listen(self) -> None:
        """Without a buffer: one that is being read at the end of the process brings it down."""
        said = b""
        while b"cancel" not in said and (more := os.read(sys.stdin.fileno(), 4_096)):
            said = (said + more)[-4_096:]
        self._cancelled.set()


def add_progress_argument(parser: argparse.ArgumentParser) -> None:
    """--progress, for the window and other programs that run verbs."""
    parser.add_argument("--progress", action="store_true", help=argparse.SUPPRESS)
