"""What one reader thread holds: read-only connections to the log and to its views."""

import sqlite3
from pathlib import Path
from typing import Any

from replay.generic_model import GENERIC
from replay.state_at import StateReader
from store.connect import connect, open_log, views_path
from store.reader import LogReader


class Reads:
    """One reader thread's connections. `interrupt` may be called from any thread.

    The views file comes and goes (it may be deleted or rebuilt at any time), so its
    connection is opened when first asked for and again whenever the file is another one.
    """

    def __init__(self, path: Path) -> None:
        self.log = LogReader(open_log(path))
        self.states: StateReader[Any] = StateReader(GENERIC)
        self._views_path = views_path(path)
        self._views: sqlite3.Connection | None = None
        self._views_inode: int | None = None

    def views(self) -> sqlite3.Connection | None:
        """A connection to the views file; None while there is none."""
        inode = _inode(self._views_path)
        if inode != self._views_inode:
            self._close_views()
        if self._views is None and inode is not None:
            self._views = connect(self._views_path, read_only=True)
            self._views_inode = inode
        return self._views

    def interrupt(self) -> None:
        """Stop whatever query runs now."""
        self.log.interrupt()
        if self._views is not None:
            self._views.interrupt()

    def close(self) -> None:
        """Close both connections."""
        self.log.close()
        self._close_views()

    def _close_views(self) -> None:
        if self._views is not None:
            self._views.close()
        self._views, self._views_inode = None, None


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None
