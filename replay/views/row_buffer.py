"""The rows of one view while a batch is folded: a bounded cache and a write buffer."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from replay.projection import Key, Projection, columns
from replay.views.failure import Failure, failure_of
from replay.views.view_tables import WRITES_PER_EVENT, ViewTables
from store import json_text
from store.events import RecordedEvent

R = TypeVar("R", bound=Struct)

# A write keeps its JSON columns while they are at most LONGEST_KEPT characters together. From
# the first longer one on they are left out, up to the next of every KEPT_EVERY writes of the
# row, which keeps them at any length. Readers fold what was left out, so never more events.
LONGEST_KEPT: Final = 2_000
KEPT_EVERY: Final = 64

ROWS_CACHED: Final = 100_000
TEXT_CACHED: Final = 16_000_000  # characters of JSON; as values they take several times that

_astuple: Final = msgspec.structs.astuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Flushed:
    """What a flush added to the tables."""

    rows: int  # may be negative: deleted rows
    writes: int


class _Slot(Generic[R]):
    """One key: its row as it is now, and how it stands in the tables."""

    __slots__ = (
        "first_position",
        "is_cut",
        "is_deleted",
        "is_dirty",
        "is_stored",
        "key",
        "last_write",
        "number",
        "row",
        "size",
        "values",
        "writes",
    )

    def __init__(self, key: Key) -> None:
        self.key = key
        self.number = 0  # given at the first put
        self.writes = 0
        self.row: R | None = None
        self.is_stored = False  # the table of rows has it
        self.is_deleted = False  # the table of deleted keys has it
        self.is_dirty = False
        self.is_cut = False  # the next write may not keep its JSON columns
        self.first_position = 0
        self.last_write = 0
        self.size = 0  # characters of JSON when last encoded
        self.values: tuple[Any, ...] | None = None  # columns beside the key; None: encode them


class RowBuffer(Generic[R]):
    """What a projection reads and writes. Use it from one thread; `flush` in a transaction.

    After an exception, and when another connection has written to the tables, call `forget`.
    """

    def __init__(self, db: sqlite3.Connection, projection: Projection[R], base: str) -> None:
        self._db = db
        self._apply = projection.apply
        self._listens = projection.listens
        self._make: Callable[..., R] = projection.row
        self._key: Callable[[R], Key] = attrgetter(*projection.key)
        self._key_size = len(projection.key)
        self._tables = ViewTables(base, columns(projection))
        self._json = tuple(it - self._key_size for it in self._tables.json_indexes)
        self._nothing = (None,) * len(self._tables.rest)
        # Who reads the history cannot fold it: it is not their code, or takes more than one row.
        self._keeps_all = projection.is_own or projection.reads_others
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._slots: dict[Key, _Slot[R]] = {}
        self._dirty: list[_Slot[R]] = []
        self._written: list[tuple[Any, ...]] = []
        self._next_write = 0
        self._last_row = -1  # not asked yet
        self._knows_every_key = False
        self._text_size = 0

    def is_empty(self) -> bool:
        """Whether there has never been a row."""
        return self._highest_row() == 0

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in, in memory; returns the position of the last one. Raises whatever the
        projection raises; `failure` then tells where."""
        apply, linked, listens = self._apply, links.get, self._listens
        for event in events:
            if listens is not None and event.type not in listens:
                continue
            first = self._next_write = event.position * WRITES_PER_EVENT
            apply(self, event, linked(event.position, ()))
            if self._next_write - first > WRITES_PER_EVENT:
                raise ValueError(f"one event may write at most {WRITES_PER_EVENT:,} rows")
        return events[-1].position if events else 0

    def get(self, key: Key) -> R | None:
        """The row with this key as it is now, or None."""
        return (self._slots.get(key) or self._load(key)).row

    def put(self, row: R) -> None:
        """Add the row, or take it in place of the one with the same key."""
        key = self._key(row)
        slot = self._slots.get(key) or self._load(key)
        is_new, slot.row = slot.row is None, row
        if is_new:
            slot.number = slot.number or self._new_number()
            slot.first_position = self._next_write // WRITES_PER_EVENT
        if self._json:
            kept = self._kept(slot, row, always=is_new or slot.writes % KEPT_EVERY == 0)
        else:
            kept = slot.values = _astuple(row)[self._key_size :]
        self._write(slot, 0, kept)

    def delete(self, key: Key) -> None:
        """Take the row with this key away. Nothing if there is none."""
        slot = self._slots.get(key) or self._load(key)
        if slot.row is not None:
            slot.row = None
            slot.is_cut = False
            self._write(slot, 1, self._nothing)

    def flush(self) -> Flushed:
        """Write what was put and deleted, in the caller's transaction."""
        self._db.executemany(self._tables.add_write, self._written)
        rows = self._flush_rows()
        done = Flushed(rows=rows, writes=len(self._written))
        self._shrink()
        self._written, self._dirty = [], []
        return done

    @property
    def has_failed(self) -> bool:
        """It raises at once."""
        return False

    def failure(self, error: Exception) -> Failure:
        """What `take` has raised, and at which event."""
        return failure_of(error, self._next_write // WRITES_PER_EVENT)

    def end_when(self, is_cancelled: Callable[[], bool]) -> None:
        """It never takes long."""

    def close(self) -> None:
        """It holds nothing that must be ended."""

    def _write(self, slot: _Slot[R], is_deleted: int, values: tuple[Any, ...]) -> None:
        slot.last_write = self._next_write
        slot.writes += 1
        self._written.append((self._next_write, slot.number, is_deleted, *values))
        self._next_write += 1
        if not slot.is_dirty:
            slot.is_dirty = True
            self._dirty.append(slot)

    def _kept(self, slot: _Slot[R], row: R, *, always: bool) -> tuple[Any, ...]:
        """The row's columns as the history keeps them."""
        if slot.is_cut and not always:
            slot.values = None
            return self._cut(_astuple(row)[self._key_size :])
        slot.values = values = self._encoded(slot, row)
        slot.is_cut = slot.size > LONGEST_KEPT and not self._keeps_all
        return self._cut(values) if slot.is_cut and not always else values

    def _cut(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        kept = list(values)
        for index in self._json:
            kept[index] = None
        return tuple(kept)

    def _encoded(self, slot: _Slot[R], row: R) -> tuple[Any, ...]:
        values = list(_astuple(row)[self._key_size :])
        size = 0
        for index in self._json:
            text = values[index] = json_text.encode(values[index])
            size += len(text)
        self._text_size += size - slot.size
        slot.size = size
        return tuple(values)

    def _load(self, key: Key) -> _Slot[R]:
        """The key's slot from the tables; an empty one when they do not know it."""
        slot = self._slots[key] = _Slot(key)
        self._highest_row()
        if not self._knows_every_key:
            values = _tuple(key)
            if row := self._db.execute(self._tables.find_row, values).fetchone():
                self._fill(slot, row)
            elif row := self._db.execute(self._tables.find_deleted, values).fetchone():
                slot.number, slot.writes = row
                slot.is_deleted = True
        return slot

    def _highest_row(self) -> int:
        if self._last_row < 0:
            self._last_row = self._db.execute(self._tables.last_row).fetchone()[0]
            self._knows_every_key = self._last_row == 0
        return self._last_row

    def _fill(self, slot: _Slot[R], found: tuple[Any, ...]) -> None:
        *values, slot.number, slot.first_position, slot.writes, was_cut = found
        slot.is_stored = True
        slot.size = sum(len(values[index]) for index in self._tables.json_indexes)
        slot.is_cut = not self._keeps_all and (bool(was_cut) or slot.size > LONGEST_KEPT)
        self._text_size += slot.size
        slot.row = self._make(*self._tables.decoded(values))

    def _new_number(self) -> int:
        self._last_row += 1
        return self._last_row

    def _flush_rows(self) -> int:
        """Bring the table of rows up to date; returns by how many rows it grew."""
        new, changed, gone = list[_Slot[R]](), list[_Slot[R]](), list[_Slot[R]]()
        for slot in self._dirty:
            (gone if slot.row is None else changed if slot.is_stored else new).append(slot)
        changed.sort(key=attrgetter("number"))  # neighbours in the table are written together
        write, tables = self._db.executemany, self._tables
        removed = [(slot.number,) for slot in gone if slot.is_stored]
        write(tables.remove_row, removed)
        write(tables.add_deleted, [(*_tuple(it.key), it.writes, it.number) for it in gone])
        write(tables.remove_deleted, [(slot.number,) for slot in new if slot.is_deleted])
        write(tables.add_row, ((*_tuple(it.key), *self._current(it)) for it in new))
        write(tables.change_row, (self._current(it) for it in changed))
        for slot in self._dirty:
            slot.is_dirty = False
            slot.is_stored = slot.row is not None
            slot.is_deleted = slot.row is None
        return len(new) - len(removed)

    def _current(self, slot: _Slot[R]) -> tuple[Any, ...]:
        """The columns of the table of rows, but for the key."""
        values = slot.values
        if values is None and slot.row is not None:
            values = self._encoded(slot, slot.row)
        return (
            *(values or ()),
            slot.last_write // WRITES_PER_EVENT,
            slot.first_position,
            slot.writes,
            slot.is_cut,
            slot.number,
        )

    def _shrink(self) -> None:
        """Keep the rows of this batch when there are too many, and none when they are too big."""
        if len(self._slots) <= ROWS_CACHED and self._text_size <= TEXT_CACHED:
            return
        self._knows_every_key = False
        self._slots = {slot.key: slot for slot in self._dirty}
        self._text_size = sum(slot.size for slot in self._dirty)
        if self._text_size > TEXT_CACHED:
            self._slots, self._text_size = {}, 0


def _tuple(key: Key) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)
