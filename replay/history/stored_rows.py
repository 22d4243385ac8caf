"""Rows of a view as they were stored before an event, for its projection to go on from."""

import sqlite3
from typing import Any

from replay.projection import Key, Projection, row_maker
from replay.views import checkpoints, skips
from replay.views.left_out import LeftOut
from replay.views.row_history import RowHistory
from replay.views.view import View
from replay.views.view_tables import ViewTables
from store.interface import EventReader


class StoredRows:
    """The rows of one view before the event at a position. One thread; each answer is a copy."""

    def __init__(
        self,
        db: sqlite3.Connection,
        log: EventReader,
        view: View,
        projection: Projection[Any],
        position: int,
    ) -> None:
        self._tables = ViewTables(view.name, view.columns)
        self._history = RowHistory(db, view.name, view.columns)
        self._left_out = LeftOut(projection, self._tables, log)
        self._make = row_maker(projection.row)
        self._until = position - 1

    def row(self, key: Key) -> Any:
        """The row, or None. Raises NotKept, and what the projection raises."""
        values = key if isinstance(key, tuple) else (key,)
        number = self._history.row_number(values)
        found = None if number is None else self._history.version(number, self._until, values)
        if found is None or found.is_deleted:
            return None
        whole = self._left_out.complete(self._history, found)
        return self._make(*self._tables.decoded([*whole.key, *whole.rest]))

    def lookup(self, key: str, _before: int) -> str | None:
        """What stood in the lookup table, as JSON text."""
        return self._history.lookup(key, self._until + 1)


def stored_before(
    db: sqlite3.Connection | None, log: EventReader, view: View, position: int
) -> StoredRows | None:
    """What is stored of a view before the event at a position; None where the view has not come
    so far, was made by other code, or was made to leave events out. The caller has begun a
    transaction."""
    found = None if db is None else checkpoints.read_one(db, view.name)
    if db is None or found is None or view.projection is None:
        return None
    is_there = found.is_indexed and found.checkpoint >= position - 1
    leaves_out = any(it.view == view.name for it in skips.load(log.place))
    if not is_there or found.definition != view.definition or leaves_out:
        return None
    return StoredRows(db, log, view, view.projection, position)
