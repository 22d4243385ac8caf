"""Snapshots for whoever decides on streams: found where a views file has them, else folded."""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from replay.snapshots.snapshots import folded
from replay.states.fold import Folded
from replay.states.model import Model
from replay.views.read_store import open_views_to_read
from store.opening import reading
from store.place import Place

Saved: TypeAlias = Callable[[Model[Any], str, int], Folded[Any] | None]


class SavedStates:
    """For one log. Any thread; reads only. Close it.

    The views file may be thrown away or made anew at any time: whatever is wrong with it, there
    is then no saved state, and the events are folded.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._path = place.views
        self._reading = threading.Lock()
        self._views: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None  # the file that was opened, or was of no use

    def __call__(self, model: Model[Any], stream: str, position: int) -> Folded[Any] | None:
        """The latest saved state of a stream at or before a position, by this very code."""
        with self._reading:
            try:
                views = self._current()
                return None if views is None else folded(views, model, stream, position)
            except sqlite3.DatabaseError:
                self._close()
                return None

    def close(self) -> None:
        """Close the connection. It opens again when asked."""
        with self._reading:
            self._close()

    def _current(self) -> sqlite3.Connection | None:
        found = self._identity()
        if self._views is not None and self._opened and found and self._opened[0] == found[0]:
            return self._views
        if found != self._opened:
            self._close()
            self._opened, self._views = found, self._open() if found else None
        return self._views

    def _open(self) -> sqlite3.Connection | None:
        with reading(self._place.path) as log:
            return open_views_to_read(log)

    def _identity(self) -> tuple[int, int] | None:
        """Which file it is, and when it was changed: one of no use is then looked at again."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _close(self) -> None:
        if self._views is not None:
            self._views.close()
        self._views, self._opened = None, None


def none_saved(_model: Model[Any], _stream: str, _position: int) -> None:
    """Where there are no snapshots, or none are wanted."""
