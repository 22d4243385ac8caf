"""A projection that does not come back from an event: told by a thread, and stood still.

Python code that loops cannot be stopped from within, so the process is ended. Before, the thread
writes down which view was at which event; the process that is started next parks that view there
and goes on with the others.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from replay import checkpoints
from store.connect import views_path, write_transaction

LIMIT_S: Final = 10.0  # with one event
LOOKS: Final = 5  # within that time
EXIT_CODE: Final = 3


class Stuck(Struct, frozen=True, kw_only=True):
    """What a view did when its process was ended."""

    view: str
    position: int
    seconds: float


class DidNotComeBack(Exception):
    """A projection was still at one event when its time was over."""


class Watchdog:
    """Watches `watching` blocks. `end` is called on its thread, after the note is written."""

    def __init__(
        self,
        log: Path,
        *,
        limit_s: float | None = None,  # LIMIT_S
        end: Callable[[], None] = lambda: os._exit(EXIT_CODE),
    ) -> None:
        self._note = note_path(log)
        self._limit_s = LIMIT_S if limit_s is None else limit_s
        self._end = end
        self._now: tuple[str, Callable[[], int]] | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    @contextmanager
    def watching(self, view: str, position: Callable[[], int]) -> Iterator[None]:
        """While a view folds; `position` tells where it is."""
        self._now = (view, position)
        try:
            yield
        finally:
            self._now = None

    def close(self) -> None:
        """Watch no more."""
        self._closed.set()
        self._thread.join()

    def _watch(self) -> None:
        before: tuple[str, int] | None = None
        looks = 0
        while not self._closed.wait(self._limit_s / LOOKS):
            now = self._now
            found = (now[0], now[1]()) if now else None
            looks = looks + 1 if found is not None and found == before else 0
            before = found
            if found is not None and looks >= LOOKS:
                stuck = Stuck(view=found[0], position=found[1], seconds=self._limit_s)
                self._note.write_bytes(msgspec.json.encode(stuck))
                self._end()
                return


def note_path(log: Path) -> Path:
    """Where it is written down what a view did that was ended."""
    path = views_path(log)
    return path.with_name(path.name + "-stuck")


def park_stuck(db: sqlite3.Connection, log: Path) -> None:
    """Park the view that brought the process before this one down, if one did."""
    path = note_path(log)
    try:
        stuck = msgspec.json.decode(path.read_bytes(), type=Stuck)
    except (FileNotFoundError, msgspec.MsgspecError):
        path.unlink(missing_ok=True)
        return
    error = DidNotComeBack(f"it was still at the event after {stuck.seconds:.0f} s, and was ended")
    with write_transaction(db):
        checkpoints.park(db, stuck.view, position=stuck.position, error=error, trace="",
                         attempts=1)  # fmt: skip
    path.unlink(missing_ok=True)
