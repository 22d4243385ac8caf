"""Rows of a projection with some events (left) and with others (right), and which of them differ at
any moment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec
from msgspec.structs import replace

from replay.history.stored_rows import StoredRows
from replay.history.without_answer import SHOWN, RowDiffers, ViewDiffers, error_text
from replay.projection import Key, Projection, columns
from replay.views.group_key import is_same
from replay.views.lookup import LookupTable, find_nothing
from store import json_text
from store.events import RecordedEvent

# An event as each side has it, None where it does not, and the streams it is linked into.
Pair: TypeAlias = tuple[RecordedEvent | None, RecordedEvent | None, tuple[str, ...]]

_astuple: Final = msgspec.structs.astuple


class SideRows:
    """What replay.projection.Rows asks for, of one side. One thread.

    `written` is what was put and deleted since it was emptied last.
    """

    def __init__(self, projection: Projection[Any], stored: StoredRows | None) -> None:
        self.rows: dict[Key, Any] = {}  # None: there is no such row
        self.written: set[Key] = set()
        self.lookup = LookupTable(projection, stored.lookup if stored else find_nothing)
        self._stored = stored
        self._size = len(projection.key)

    def get(self, key: Key) -> Any:
        """The row with this key, or None."""
        if self._stored is None or key in self.rows:
            return self.rows.get(key)
        row = self.rows[key] = self._stored.row(key)
        return row

    def put(self, row: Any) -> None:
        """Add the row, or take it in place of the one with its key."""
        parts = _astuple(row)[: self._size]
        key: Key = parts if self._size > 1 else parts[0]
        self.rows[key] = row
        self.written.add(key)

    def delete(self, key: Key) -> None:
        """Take the row away."""
        self.rows[key] = None
        self.written.add(key)


class Sides:
    """The rows of one projection, as one until an event that one side alone has, and from there on
    two. Each side has values of its own: a projection may change those of its rows in place."""

    def __init__(self, projection: Projection[Any], stored: StoredRows | None) -> None:
        self.failed: tuple[int, str] | None = None
        self._projection, self._apply = projection, projection.apply
        self._keeps_lookup = projection.keeps_lookup
        self._with = SideRows(projection, stored)
        self._without = SideRows(projection, stored)
        self._has_parted = False
        self._rows: set[Key] = set()  # that differ
        self._values: set[str] = set()  # of the lookup table

    @property
    def is_settled(self) -> bool:
        """Whether no later event can change the answer: the sides are equal, or one failed."""
        self._compare()
        return self.failed is not None or (self._has_parted and not self._rows and not self._values)

    def take(self, heard: Sequence[Pair]) -> None:
        """The next events, as each side has them. On the right a projection may fail: then that is
        the answer, and no more is folded. Raises what the projection raises on the left."""
        for left, right, links in heard:
            self._take(left, right, links)
            if self.failed is not None:
                return

    def _take(
        self, left: RecordedEvent | None, right: RecordedEvent | None, links: tuple[str, ...]
    ) -> None:
        if not self._has_parted and (left is None or right is None):
            self._part()
        if left is not None:
            if self._keeps_lookup:
                self._with.lookup.begin(left.position)
            self._apply(self._with, left, links)
        if right is not None and self._has_parted:
            if self._keeps_lookup:
                self._without.lookup.begin(right.position)
            try:
                self._apply(self._without, right, links)
            except Exception as error:  # a projection may raise anything
                self.failed = (right.position, error_text(error))

    def differing(self) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
        """The rows that differ, left and right; None where there is none."""
        self._compare()
        keys = self._rows
        return {it: self._with.get(it) for it in keys}, {it: self._without.get(it) for it in keys}

    def _part(self) -> None:
        """Begin the right side with a copy of what there is."""
        self._has_parted = True
        copy = copier(self._projection)
        self._without.rows = {key: copy(row) for key, row in self._with.rows.items()}
        for key, _, text in self._with.lookup.taken():
            self._without.lookup.put_text(key, text)
        self._without.lookup.taken()
        self._with.written.clear()

    def _compare(self) -> None:
        """What was written on either side since this was last asked."""
        if not self._has_parted:
            return
        one, other = self._with, self._without
        if written := one.written | other.written:
            for key in written:
                is_equal = is_same_row(one.get(key), other.get(key))
                (self._rows.discard if is_equal else self._rows.add)(key)
            one.written.clear()
            other.written.clear()
        if not self._keeps_lookup:
            return
        for key in {it[0] for it in (*one.lookup.taken(), *other.lookup.taken())}:
            is_equal = one.lookup.text(key) == other.lookup.text(key)
            (self._values.discard if is_equal else self._values.add)(key)


def copier(projection: Projection[Any]) -> Callable[[Any], Any]:
    """What copies a row, or None, so that its JSON values are not shared."""
    names = [it.name for it in columns(projection) if it.kind == "json"]
    if not names:
        return lambda row: row

    def copied(row: Any) -> Any:
        values = {it: getattr(row, it) for it in names} if row is not None else {}
        own = {name: _copied(it) for name, it in values.items() if isinstance(it, dict | list)}
        return replace(row, **own) if own else row

    return copied


def _copied(value: Any) -> Any:
    return json_text.decode(json_text.encode(value))


def is_same_row(one: Any, other: Any) -> bool:
    """Whether two rows have the same values; None is no row."""
    if one is None or other is None:
        return one is other
    return one == other and all(map(is_same, _astuple(one), _astuple(other)))


def told_rows(name: str, with_it: Mapping[Key, Any], without: Mapping[Key, Any]) -> ViewDiffers:
    """Rows of a view that differ, the first of them in full."""
    ordered = sorted({*with_it, *without}, key=str)
    rows = [told_row(it, with_it.get(it), without.get(it)) for it in ordered[:SHOWN]]
    return ViewDiffers(view=name, count=len(ordered), rows=tuple(rows))


def told_failure(name: str, failed: tuple[int, str]) -> ViewDiffers:
    """A projection that fails on the right."""
    at, error = failed
    return ViewDiffers(view=name, count=0, rows=(), failed_at=at, error=error)


def told_row(key: Key, before: Any, after: Any) -> RowDiffers:
    """A row that differs; None where there is none."""
    keys = key if isinstance(key, tuple) else (key,)
    if before is None or after is None:
        return RowDiffers(key=keys, column="", before=_json(before), after=_json(after))
    names = before.__struct_fields__
    name = next(it for it in names if not is_same(getattr(before, it), getattr(after, it)))
    one, other = (json_text.encode(getattr(it, name)) for it in (before, after))
    return RowDiffers(key=keys, column=name, before=one, after=other)


def _json(row: Any) -> str:
    return "" if row is None else json_text.encode(msgspec.structs.asdict(row))
