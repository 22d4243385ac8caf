"""The rows of one view while a batch is folded: a bounded cache and what is to be written."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from replay.projection import Key, Projection, columns
from replay.views.failure import Failure, failure_of
from replay.views.sink import (
    WRITES_PER_EVENT,
    Batch,
    Flushed,
    KeyValues,
    Mark,
    RowState,
    RowVersion,
    Sink,
)
from replay.views.view_tables import decoded
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


class _Slot(Generic[R]):
    """One key: its row as it is now, and how it stands in the sink."""

    __slots__ = (
        "first_new_write",
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

    def __init__(self, key: KeyValues) -> None:
        self.key = key
        self.number = 0  # given at the first put
        self.writes = 0
        self.row: R | None = None
        self.is_stored = False  # the sink has the row
        self.is_deleted = False  # the sink has the key without a row
        self.is_dirty = False
        self.is_cut = False  # the next write may not keep its JSON columns
        self.first_position = 0
        self.first_new_write = 0  # what comes before it was in the row when it was read
        self.last_write = 0
        self.size = 0  # characters of JSON when last encoded
        self.values: tuple[Any, ...] | None = None  # columns beside the key; None: encode them


class RowBuffer(Generic[R]):
    """What a projection reads and writes, in front of a sink. One thread.

    After an exception, and when another writer has written to the sink, call `forget`.
    """

    def __init__(self, sink: Sink, projection: Projection[R]) -> None:
        self._sink = sink
        self._apply = projection.apply
        self._listens = projection.listens
        self._make: Callable[..., R] = projection.row
        self._key: Callable[[R], Key] = attrgetter(*projection.key)
        self._key_size = len(projection.key)
        self._columns = columns(projection)
        rest = self._columns[self._key_size :]
        self._json = tuple(n for n, it in enumerate(rest) if it.kind == "json")
        self._nothing = (None,) * len(rest)
        # Who reads the history cannot fold it: it is not their code, or takes more than one row.
        self._keeps_all = projection.is_own or projection.reads_others
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the sink."""
        self._sink.forget()
        self._slots: dict[Key, _Slot[R]] = {}
        self._dirty: list[_Slot[R]] = []
        self._written: list[RowVersion] = []
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
        write = self._next_write
        if write < slot.first_new_write:
            return  # a crash came between this row and the checkpoint: it is done
        is_new, slot.row = slot.row is None, row
        if is_new:
            slot.number = slot.number or self._new_number()
            slot.first_position = write // WRITES_PER_EVENT
        if self._json:
            kept = self._kept(slot, row, always=is_new or slot.writes % KEPT_EVERY == 0)
        else:
            kept = slot.values = _astuple(row)[self._key_size :]
        # As _note_deletion does it, without one more call for every write of every view.
        slot.last_write = write
        slot.writes += 1
        self._written.append((write, slot.number, 0, *kept))
        self._next_write = write + 1
        if not slot.is_dirty:
            slot.is_dirty = True
            self._dirty.append(slot)

    def delete(self, key: Key) -> None:
        """Take the row with this key away. Nothing if there is none."""
        slot = self._slots.get(key) or self._load(key)
        if slot.row is not None and self._next_write >= slot.first_new_write:
            slot.row = None
            slot.is_cut = False
            self._note_deletion(slot)

    def flush(self, until: Mark) -> Flushed:
        """Write what was put and deleted, with the checkpoint."""
        rows = list(map(self._state, self._dirty))
        growth = sum((it.row is not None) - it.is_stored for it in self._dirty)
        self._sink.write(Batch(versions=self._written, rows=rows, growth=growth), until)
        for slot in self._dirty:
            slot.is_dirty = False
            slot.is_stored = slot.row is not None
            slot.is_deleted = slot.row is None
        done = Flushed(rows=growth, writes=len(self._written))
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

    def _note_deletion(self, slot: _Slot[R]) -> None:
        slot.last_write = self._next_write
        slot.writes += 1
        self._written.append((self._next_write, slot.number, 1, *self._nothing))
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
        """The key's slot from the sink; an empty one when it does not know it."""
        values = _tuple(key)
        slot = self._slots[key] = _Slot(values)
        self._highest_row()
        if not self._knows_every_key and (found := self._sink.find(values)) is not None:
            self._fill(slot, found)
        return slot

    def _highest_row(self) -> int:
        if self._last_row < 0:
            self._last_row = self._sink.last_number()
            self._knows_every_key = self._last_row == 0
        return self._last_row

    def _fill(self, slot: _Slot[R], found: RowState) -> None:
        slot.number, slot.writes, slot.last_write = found.number, found.writes, found.write
        slot.first_new_write = (found.position + 1) * WRITES_PER_EVENT
        if found.values is None:
            slot.is_deleted = True
            return
        slot.is_stored = True
        slot.first_position = found.first_position
        slot.size = sum(len(found.values[index]) for index in self._json)
        slot.is_cut = not self._keeps_all and (found.is_cut or slot.size > LONGEST_KEPT)
        self._text_size += slot.size
        slot.row = self._make(*decoded(self._columns, (*slot.key, *found.values)))

    def _new_number(self) -> int:
        self._last_row += 1
        return self._last_row

    def _state(self, slot: _Slot[R]) -> RowState:
        """The row as the sink is to have it."""
        values = slot.values
        if slot.row is None:
            values = None
        elif values is None:
            values = self._encoded(slot, slot.row)
        return RowState(
            key=slot.key,
            values=values,
            number=slot.number,
            write=slot.last_write,
            first_position=slot.first_position,
            writes=slot.writes,
            is_cut=slot.is_cut,
            was_stored=slot.is_stored,
            was_deleted=slot.is_deleted,
        )

    def _key_of(self, slot: _Slot[R]) -> Key:
        return slot.key if self._key_size > 1 else slot.key[0]

    def _shrink(self) -> None:
        """Keep the rows of this batch when there are too many, and none when they are too big."""
        if len(self._slots) <= ROWS_CACHED and self._text_size <= TEXT_CACHED:
            return
        self._knows_every_key = False
        self._slots = {self._key_of(slot): slot for slot in self._dirty}
        self._text_size = sum(slot.size for slot in self._dirty)
        if self._text_size > TEXT_CACHED:
            self._slots, self._text_size = {}, 0


def _tuple(key: Key) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)
