"""The rows of one view while a batch is folded: a bounded cache and what is to be written."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from replay.projection import Key, Projection, RowByRow, columns, row_maker
from replay.views.failure import Failure, failure_of
from replay.views.flat_rows import FlatRows
from replay.views.hearing import heard
from replay.views.lookup import LookupTable
from replay.views.row_slot import Slot
from replay.views.sink import (
    WRITES_PER_EVENT,
    Batch,
    Flushed,
    Mark,
    RowState,
    RowVersion,
    Sink,
)
from replay.views.view_tables import decoded
from replay.words import said
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

DELETED_AT: Final = 2  # place of the mark in a version, which the flat ones leave out
TOO_MANY: Final = said(
    "one event may write at most {writes_per_event:,} rows", writes_per_event=WRITES_PER_EVENT
)

_astuple: Final = msgspec.structs.astuple
_encode: Final = json_text.encode


class RowBuffer(Generic[R]):
    """What a projection reads and writes, in front of a sink. One thread.

    After an exception, and when another writer has written to the sink, call `forget`.
    """

    def __init__(
        self,
        sink: Sink,
        projection: Projection[R],
        *,
        on_left_out: Callable[[tuple[Any, ...]], None] | None = None,
    ) -> None:
        """`on_left_out` is told the columns beside the key, JSON as text, of each write that the
        history keeps without its JSON columns, in the order of the writes."""
        self._sink = sink
        self._on_left_out = on_left_out
        self.lookup = LookupTable(projection, sink.find_lookup)
        self._apply = projection.apply
        self._keeps_lookup = projection.keeps_lookup
        self._listens, self._payloads = projection.listens, projection.payloads
        self._make: Callable[..., R] = row_maker(projection.row)
        self._key: Callable[[R], Key] = attrgetter(*projection.key)
        self._key_size = len(projection.key)
        self._columns = columns(projection)
        rest = self._columns[self._key_size :]
        self._json = tuple(n for n, it in enumerate(rest) if it.kind == "json")
        # The place of the only JSON column from the end of the row; 0: there are more, or none.
        self._json_at = self._json[0] - len(rest) if len(self._json) == 1 else 0
        self._nothing = (None,) * len(rest)
        self._width = 2 + len(rest)  # of a version that deletes nothing: write, number, columns
        # Who reads the history cannot fold it: it is not their code, or takes more than one row.
        self._keeps_all = projection.is_own or projection.reads_others
        self._longest = sys.maxsize if self._keeps_all else LONGEST_KEPT
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the sink."""
        self._sink.forget()
        self.lookup.forget()
        self._slots: dict[Key, Slot[R]] = {}
        self._begin_batch()
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
        last = events[-1].position if events else 0
        events = heard(events, self._listens, self._payloads)
        apply, linked = self._apply, links.get
        begin = self.lookup.begin if self._keeps_lookup else None
        if isinstance(apply, RowByRow):
            self._go_on(apply, events, links)
            return last
        for event in events:
            first = self._next_write = event.position * WRITES_PER_EVENT
            if begin is not None:
                begin(event.position)
            apply(self, event, linked(event.position, ()))
            if self._next_write - first > WRITES_PER_EVENT:
                raise ValueError(TOO_MANY)
        return last

    def get(self, key: Key) -> R | None:
        """The row with this key as it is now, or None."""
        slot = self._slots.get(key) or self._load(key)
        return row if (row := slot.row) is not None else self._row(slot)

    def put(self, row: R) -> None:
        """Add the row, or take it in place of the one with the same key."""
        key = self._key(row)
        slot = self._slots.get(key) or self._load(key)
        write = self._next_write
        if write < slot.first_new_write:
            return  # a crash came between this row and the checkpoint: it is done
        is_new = not slot.exists
        if is_new:
            self._begin(slot, write)
        slot.row, slot.kept = row, None
        flat, values, at = self._flat, _astuple(row)[self._key_size :], self._json_at
        if not self._json:
            slot.version_at = len(flat)
            flat += (write, slot.number)
            flat += values
        elif at and not slot.is_cut and len(text := _encode(values[at])) <= self._longest:
            # the common case, without a detour
            self._text_size += len(text) - slot.size
            slot.size = len(text)
            slot.version_at = len(flat)
            flat += (write, slot.number)
            flat += values
            flat[at] = text
        else:
            flat += self._version(slot, write, values, is_new)
        # As _note_deletion does it, without one more call for every write of every view.
        slot.writes += 1
        self._next_write = write + 1
        if not slot.is_dirty:
            slot.is_dirty = True
            self._dirty.append(slot)

    def delete(self, key: Key) -> None:
        """Take the row with this key away. Nothing if there is none."""
        slot = self._slots.get(key) or self._load(key)
        if slot.exists and self._next_write >= slot.first_new_write:
            slot.row, slot.version_at, slot.kept = None, -1, None
            slot.exists = slot.is_cut = False
            self._note_deletion(slot)

    def flush(self, until: Mark) -> Flushed:
        """Write what was put and deleted, with the checkpoint."""
        rows = list(map(self._state, self._dirty))
        growth = sum(it.exists - it.is_stored for it in self._dirty)
        lookup = self.lookup.taken()
        versions = self._versions()
        batch = Batch(versions=versions, rows=rows, growth=growth, lookup=lookup)
        self._sink.write(batch, until)
        for slot in self._dirty:
            slot.is_dirty = False
            slot.is_stored = slot.exists
            slot.is_deleted = not slot.exists
        done = Flushed(rows=growth, writes=len(versions))
        self._shrink()
        self.lookup.shrink()
        self._begin_batch()
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

    def _begin_batch(self) -> None:
        self._dirty: list[Slot[R]] = []
        self._written = FlatRows(self._width, zero_at=DELETED_AT)
        self._flat = self._written.values
        self._deletions: list[RowVersion] = []

    def _versions(self) -> Sequence[RowVersion]:
        """Every write of the batch, in order."""
        if not self._deletions:
            return self._written
        return sorted([*self._written, *self._deletions], key=itemgetter(0))

    def _note_deletion(self, slot: Slot[R]) -> None:
        slot.last_write = self._next_write
        slot.writes += 1
        self._deletions.append((self._next_write, slot.number, 1, *self._nothing))
        self._next_write += 1
        if not slot.is_dirty:
            slot.is_dirty = True
            self._dirty.append(slot)

    def _go_on(
        self,
        form: RowByRow[Any],
        events: Sequence[RecordedEvent],
        links: dict[int, tuple[str, ...]],
    ) -> None:
        """Fold a run of events, row by row, as `apply` would event by event."""
        slots, begin, go_on, flat = self._slots, form.begin, form.go_on, self._flat
        load, note_dirty = self._load, self._dirty.append
        is_plain, at, longest = not self._json, self._json_at, self._longest
        write = 0
        try:
            for event, key, number in _touched(form, events, links):
                write = event.position * WRITES_PER_EVENT + number
                slot = slots.get(key) or load(key)
                if write < slot.first_new_write:
                    continue  # as in `put`
                kept = slot.kept
                if kept is None:
                    kept = slot.kept = begin(key, self._row(slot))
                values = go_on(kept, event, number > 0)
                is_new = not slot.exists
                if is_new:
                    self._begin(slot, write)
                slot.row = None
                if is_plain:
                    slot.version_at = len(flat)
                    flat += (write, slot.number)
                    flat += values
                elif at and not slot.is_cut and len(text := _encode(values[at])) <= longest:
                    # the common case, without a detour
                    self._text_size += len(text) - slot.size
                    slot.size = len(text)
                    slot.version_at = len(flat)
                    flat += (write, slot.number)
                    flat += values
                    flat[at] = text
                else:
                    slot.row = self._make(*slot.key, *values)
                    flat += self._version(slot, write, values, is_new)
                slot.writes += 1
                if not slot.is_dirty:
                    slot.is_dirty = True
                    note_dirty(slot)
        finally:
            self._next_write = write  # for `failure`

    def _version(
        self, slot: Slot[R], write: int, values: tuple[Any, ...], is_new: bool
    ) -> tuple[Any, ...]:
        """The version that the history keeps, of values some of which are JSON."""
        always = is_new or slot.writes % KEPT_EVERY == 0
        slot.version_at, slot.last_write = -1, write
        return (write, slot.number, *self._kept(slot, values, always=always))

    def _begin(self, slot: Slot[R], write: int) -> None:
        """There is a row again, or for the first time."""
        slot.exists = True
        slot.number = slot.number or self._new_number()
        slot.first_position = write // WRITES_PER_EVENT

    def _row(self, slot: Slot[R]) -> R | None:
        """The row, made when it is first asked for."""
        if slot.row is None and slot.exists:
            slot.settle(self._written)
            assert slot.values is not None, "a version has values"
            slot.row = self._make(*decoded(self._columns, (*slot.key, *slot.values)))
        return slot.row

    def _kept(self, slot: Slot[R], values: tuple[Any, ...], *, always: bool) -> tuple[Any, ...]:
        """The row's columns beside the key as the history keeps them."""
        if slot.is_cut and not always:
            slot.values = None
            if self._on_left_out is not None:
                self._on_left_out(self._as_text(values))
            return self._cut(values)
        slot.values = values = self._encoded(slot, values)
        slot.is_cut = slot.size > LONGEST_KEPT and not self._keeps_all
        if not slot.is_cut or always:
            return values
        if self._on_left_out is not None:
            self._on_left_out(values)
        return self._cut(values)

    def _as_text(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        found = list(values)
        for index in self._json:
            found[index] = json_text.encode(found[index])
        return tuple(found)

    def _cut(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        kept = list(values)
        for index in self._json:
            kept[index] = None
        return tuple(kept)

    def _encoded(self, slot: Slot[R], values: tuple[Any, ...]) -> tuple[Any, ...]:
        values = self._as_text(values)
        size = sum(len(values[index]) for index in self._json)
        self._text_size += size - slot.size
        slot.size = size
        return values

    def _load(self, key: Key) -> Slot[R]:
        """The key's slot from the sink; an empty one when it does not know it."""
        values = _tuple(key)
        slot = self._slots[key] = Slot(values)
        self._highest_row()
        if not self._knows_every_key and (found := self._sink.find(values)) is not None:
            self._fill(slot, found)
        return slot

    def _highest_row(self) -> int:
        if self._last_row < 0:
            self._last_row = self._sink.last_number()
            self._knows_every_key = self._last_row == 0
        return self._last_row

    def _fill(self, slot: Slot[R], found: RowState) -> None:
        slot.fill(found)
        if found.values is None:
            return
        slot.size = sum(len(found.values[index]) for index in self._json)
        slot.is_cut = not self._keeps_all and (found.is_cut or slot.size > LONGEST_KEPT)
        self._text_size += slot.size
        slot.row = self._make(*decoded(self._columns, (*slot.key, *found.values)))

    def _new_number(self) -> int:
        self._last_row += 1
        return self._last_row

    def _state(self, slot: Slot[R]) -> RowState:
        """The row as the sink is to have it."""
        slot.settle(self._written)
        values = slot.values if slot.exists else None
        if slot.row is not None and values is None:
            values = self._encoded(slot, _astuple(slot.row)[self._key_size :])
        return slot.state(values, write=slot.last_write)

    def _key_of(self, slot: Slot[R]) -> Key:
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


def _touched(
    form: RowByRow[Any], events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]
) -> Iterable[tuple[RecordedEvent, str, int]]:
    """Events with the key of each row that they write, and the number of that write."""
    if not form.follows_links or not links:
        return zip(events, map(attrgetter(form.key), events), repeat(0))
    return _linked(form, events, links)


def _linked(
    form: RowByRow[Any], events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]
) -> Iterator[tuple[RecordedEvent, str, int]]:
    for event in events:
        for number, key in enumerate(form.keys(event, links.get(event.position, ()))):
            if number >= WRITES_PER_EVENT:
                raise ValueError(TOO_MANY)
            yield event, key, number


def _tuple(key: Key) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)
