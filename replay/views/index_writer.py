"""The writer of a view that is an index of SQLite's own, such as the search and the timeline.

Its tables are no rows with keys, so they go through no sink: they stay in the views file.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Protocol

from replay.view_version import ViewVersion
from replay.views.failure import Failure, failure_of
from replay.views.sink import Flushed, Mark
from replay.views.sqlite_sink import note, recorded_mark, refusing, savepoint
from store.events import RecordedEvent


class Index(Protocol):
    """Folds events into tables of its own. One thread."""

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in, in memory; returns the position of the last one."""

    def flush(self) -> Flushed:
        """Write what was folded, in the caller's transaction."""

    def forget(self) -> None:
        """Drop everything that is not in the tables."""


class IndexWriter:
    """A ViewWriter over an index: what it writes is committed with the checkpoint."""

    def __init__(self, db: sqlite3.Connection, version: ViewVersion, index: Index) -> None:
        self._db = db
        self._version = version
        self._index = index

    def checkpoint(self) -> Mark:
        """As the file records it."""
        return recorded_mark(self._db, self._version)

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in, in memory."""
        return self._index.take(events, links)

    @property
    def has_failed(self) -> bool:
        """It raises at once."""
        return False

    def failure(self, error: Exception) -> Failure:
        """What was raised; nobody knows at which event."""
        return failure_of(error)

    def end_when(self, is_cancelled: Callable[[], bool]) -> None:
        """It never takes long."""

    def flush(self, until: Mark) -> Flushed:
        """Write the tables and the checkpoint, both or neither."""
        with savepoint(self._db):
            with refusing():
                done = self._index.flush()
            note(self._db, self._version, until, rows=done.rows, writes=done.writes)
        return done

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._index.forget()

    def close(self) -> None:
        """It holds nothing that must be ended."""
