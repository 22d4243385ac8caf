"""Values that the history left out for their size, folded again from the nearest kept ones."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from msgspec import Struct

from replay.errors import NotKept
from replay.projection import Key, Projection, row_maker
from replay.views.hearing import heard_by
from replay.views.lookup import LookupTable
from replay.views.row_history import NO_END, RowHistory, Write
from replay.views.sink import WRITES_PER_EVENT
from replay.views.view_tables import ViewTables
from replay.words import said
from store import json_text
from store.interface import EventReader


class LeftOut:
    """Completes versions of the rows of one view, by the projection that made them. One thread.

    Without it (its code is another one by now) only what the tables hold can be told.
    """

    def __init__(
        self, projection: Projection[Any] | None, tables: ViewTables, log: EventReader
    ) -> None:
        self._projection = projection
        self._tables = tables
        self._log = log
        first = len(tables.key)
        self._indexes = tuple(index - first for index in tables.json_indexes)

    def complete(self, history: RowHistory, write: Write) -> Write:
        """The version with every value; at most row_buffer.KEPT_EVERY events are folded.

        Raises NotKept when that takes code that is not here.
        """
        return self.complete_all(history, [write])[0]

    def complete_all(self, history: RowHistory, writes: Sequence[Write]) -> list[Write]:
        """The same of many, those of a row in the order in which they were made: an event that
        lies between two of them is folded once."""
        going, found = dict[int, _GoingOn](), list[Write]()
        for it in writes:
            if self._is_whole(it):
                going.pop(it.row, None)
                found.append(it)
            elif self._projection is None:
                found.append(self._newest(history, it))
            else:
                row = going.get(it.row) or self._begun(self._projection, history, it)
                going[it.row] = row
                found.append(self._gone_on(self._projection, history, row, it))
        return found

    def _is_whole(self, write: Write) -> bool:
        return write.is_deleted or all(write.rest[it] is not None for it in self._indexes)

    def _begun(self, projection: Projection[Any], history: RowHistory, write: Write) -> "_GoingOn":
        kept = history.kept_version(write)
        if kept is None:
            raise ValueError(said("no version of this row was stored: {key!r}", key=write.key))
        lookup = LookupTable(projection, history.lookup)
        row = _OneRow(self._key(write), self._row(projection, kept), lookup)
        return _GoingOn(row, lookup, kept.write)

    def _gone_on(
        self, projection: Projection[Any], history: RowHistory, going: "_GoingOn", write: Write
    ) -> Write:
        """The version that a row has come to, from an earlier one."""
        positions = history.positions_between(write.row, going.write, write.write)
        unseen = [it for it in positions if it > going.position]
        for event in heard_by(projection, self._log.at_positions(unseen)):
            going.lookup.forget()  # others may have written to it since the event before
            going.lookup.begin(event.position)
            projection.apply(going.row, event, self._log.links(event.position))
        going.write = write.write
        going.position = max(going.position, *unseen) if unseen else going.position
        row = going.row.row
        values = msgspec.structs.astuple(row)[len(write.key) :] if row else write.rest
        rest = list(write.rest)
        for index in self._indexes:
            rest[index] = json_text.encode(values[index])
        return replace(write, rest=tuple(rest))

    def _newest(self, history: RowHistory, write: Write) -> Write:
        """The row as it is now, which is always kept, if this version is that."""
        newest = history.version(write.row, NO_END // WRITES_PER_EVENT, write.key)
        now = history.row_now(write.key)
        if now is None or newest is None or newest.write != write.write:
            raise NotKept(self._tables.base, write.key, position=write.position)
        return replace(write, rest=now[len(write.key) : -1])

    def _row(self, projection: Projection[Any], kept: Write) -> Any:
        return row_maker(projection.row)(*self._tables.decoded([*kept.key, *kept.rest]))

    def _key(self, write: Write) -> Key:
        return write.key if len(write.key) > 1 else write.key[0]


class _GoingOn:
    """A row while its versions are completed one after the other."""

    def __init__(self, row: "_OneRow", lookup: LookupTable, write: int) -> None:
        self.row, self.lookup, self.write = row, lookup, write
        self.position = 0  # of the last event that was folded here


class _OneRow:
    """One row for a projection to go on with; what it does to others is of no interest."""

    def __init__(self, key: Key, row: Any, lookup: LookupTable) -> None:
        self.row: Struct | None = row
        self.lookup = lookup
        self._key = key

    def get(self, key: Key) -> Any:
        return self.row if key == self._key else None

    def put(self, row: Any) -> None:
        key = tuple(msgspec.structs.astuple(row)[: self._size()])
        if (key if self._size() > 1 else key[0]) == self._key:
            self.row = row

    def delete(self, key: Key) -> None:
        self.row = None if key == self._key else self.row

    def _size(self) -> int:
        return len(self._key) if isinstance(self._key, tuple) else 1
