"""Rows of a projection in memory, without tables and without a history: for trying things out."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from replay.projection import Key, Projection
from replay.views.hearing import heard_by
from replay.views.lookup import LookupTable
from store.events import RecordedEvent


class MemoryRows:
    """What replay.projection.Rows asks for. One thread.

    `on_write(key, row)` hears of every change; the row is None when it was deleted.
    """

    def __init__(
        self, projection: Projection[Any], *, on_write: Callable[[Key, Any], None] | None = None
    ) -> None:
        self.rows: dict[Key, Any] = {}
        self.lookup = LookupTable(projection)
        self._size = len(projection.key)
        self._on_write = on_write

    def get(self, key: Key) -> Any:
        """The row with this key, or None."""
        return self.rows.get(key)

    def put(self, row: Any) -> None:
        """Add the row, or take it in place of the one with its key."""
        parts = msgspec.structs.astuple(row)[: self._size]
        key: Key = parts if self._size > 1 else parts[0]
        self.rows[key] = row
        if self._on_write:
            self._on_write(key, row)

    def delete(self, key: Key) -> None:
        """Take the row away."""
        self.rows.pop(key, None)
        if self._on_write:
            self._on_write(key, None)


def folded(projection: Projection[Any], events: Iterable[RecordedEvent]) -> list[Any]:
    """The rows after some events, by key. Raises whatever the projection raises."""
    rows = MemoryRows(projection)
    for event in heard_by(projection, events):
        projection.apply(rows, event, ())
    return [rows.rows[key] for key in sorted(rows.rows, key=str)]
