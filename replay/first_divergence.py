"""The exact first event after which two views differ, told from their histories: nothing is
folded, and nothing is read behind that event."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, Final

from replay import view_query
from replay.errors import NotComparable, ViewBehind
from replay.projection import Column
from replay.row_history import KeyValues
from replay.view_query import ViewRow
from replay.view_tables import WRITES_PER_EVENT
from store.reader import LogReader

CHUNK: Final = 20_000  # writes compared at once

Confirm = Callable[[int, KeyValues], bool]
Values = tuple[Any, ...]  # of the shared columns, None for a row that is not there
Write = tuple[int, int, int, *tuple[Any, ...]]  # number, row, whether it deletes, shared columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Where two views part, and the row that shows it, before and after the event."""

    position: int
    key: KeyValues
    left_before: ViewRow | None
    left_after: ViewRow | None
    right_before: ViewRow | None
    right_after: ViewRow | None


def first_divergence(
    db: sqlite3.Connection, log: LogReader, left: str, right: str, *, until: int | None = None
) -> Divergence | None:
    """None when they agree in every shared column after every event up to `until` (the head).

    A row that only one of them has is a difference too. Columns of JSON values are compared as
    far as the histories hold them. Raises UnknownView, NotComparable, ViewBehind.
    """
    pages = [view_query.page(db, log, it, limit=1) for it in (left, right)]
    end = min(log.head() if until is None else until, *(it.as_of for it in pages))
    for it in pages:
        if not it.is_ready or (until is not None and it.checkpoint < until):
            raise ViewBehind(it.view, shown=it.checkpoint, wanted=until or it.head)
    names = _shared(pages[0].columns, pages[1].columns)
    if names is None:
        raise NotComparable(left, right)
    sides = [_Side(db, it.view, it.columns, names) for it in pages]

    def shown(view: str, key: KeyValues, at: int) -> ViewRow | None:
        return next(iter(view_query.row(db, log, view, key, at=at).rows), None)

    def is_so(position: int, key: KeyValues) -> bool:
        """Histories may leave long values out: what they seem to say is looked at whole."""
        told = [_values(it.columns, shown(it.view, key, position), names) for it in pages]
        return told[0] != told[1]

    found = _search(sides[0], sides[1], end, is_so)
    if found is None:
        return None
    position, key = found
    rows = [shown(view, key, at) for view in (left, right) for at in (position - 1, position)]
    return Divergence(
        position=position, key=key, left_before=rows[0], left_after=rows[1],
        right_before=rows[2], right_after=rows[3],
    )  # fmt: skip


class _Side:
    """The writes of one view in the order in which they were made, and its keys by row."""

    def __init__(
        self, db: sqlite3.Connection, view: str, columns: tuple[Column, ...], names: tuple[str, ...]
    ) -> None:
        self._db = db
        self._view = view
        self.key = tuple(it.name for it in columns if it.is_key)
        self._listed = "".join(f', "{it}"' for it in names)
        self._keys: dict[int, KeyValues] | None = None

    def chunks(self, until: int) -> Iterator[list[Write]]:
        """Every write up to a position."""
        sql = (
            f'SELECT _write, _row, _is_deleted{self._listed} FROM "{self._view}_writes" '
            "WHERE _write < ? ORDER BY _write"
        )
        cursor = self._db.execute(sql, [(until + 1) * WRITES_PER_EVENT])
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk

    def key_chunks(self) -> Iterator[list[tuple[Any, ...]]]:
        """(row, key…) of every row that is or was there, by row."""
        key = ", ".join(f'"{it}"' for it in self.key)
        cursor = self._db.execute(
            f'SELECT _row, {key} FROM "{self._view}" '
            f'UNION ALL SELECT _row, {key} FROM "{self._view}_deleted" ORDER BY _row'
        )
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk

    def key_of(self, row: int) -> KeyValues:
        """The key of a row."""
        if self._keys is None:
            self._keys = {it[0]: it[1:] for chunk in self.key_chunks() for it in chunk}
        return self._keys[row]


def _search(left: _Side, right: _Side, until: int, is_so: Confirm) -> tuple[int, KeyValues] | None:
    """Histories that were written alike are compared a chunk at a time; from the first chunk
    that differs on, write by write."""
    if not _have_same_rows(left, right):
        return _walk(left, right, [], [], left.chunks(until), right.chunks(until), {}, is_so)
    lefts, rights = left.chunks(until), right.chunks(until)
    known: dict[int, Values] = {}
    while True:
        one, other = next(lefts, []), next(rights, [])
        if one != other:
            return _walk(left, right, one, other, lefts, rights, known, is_so)
        if not one:
            return None
        for _, row, is_deleted, *values in one:
            if is_deleted:
                known.pop(row, None)
            else:
                known[row] = tuple(values)


def _have_same_rows(left: _Side, right: _Side) -> bool:
    """Whether the same keys came up in the same order: then rows are numbered alike."""
    return all(a == b for a, b in zip_longest(left.key_chunks(), right.key_chunks()))


def _walk(
    left: _Side, right: _Side, one: list[Write], other: list[Write],
    lefts: Iterator[list[Write]], rights: Iterator[list[Write]],
    known: dict[int, Values], is_so: Confirm,
) -> tuple[int, KeyValues] | None:  # fmt: skip
    """Event by event: after each, the rows that either side wrote must be the same."""
    start = {left.key_of(row): it for row, it in known.items()}
    states: list[dict[KeyValues, Values]] = [start, dict(start)]
    steps = [_by_event(left, one, lefts), _by_event(right, other, rights)]
    heads = [next(it, None) for it in steps]
    while any(heads):
        position = min(it[0] for it in heads if it is not None)
        touched: dict[KeyValues, None] = {}
        for side, head in enumerate(heads):
            if head is not None and head[0] == position:
                for key, values in head[1]:
                    _put(states[side], key, values)
                    touched[key] = None
                heads[side] = next(steps[side], None)
        for key in touched:
            if states[0].get(key) != states[1].get(key) and is_so(position, key):
                return position, key
    return None


def _put(state: dict[KeyValues, Values], key: KeyValues, values: Values | None) -> None:
    if values is None:
        state.pop(key, None)
    else:
        state[key] = values


def _by_event(
    side: _Side, first: list[Write], rest: Iterator[list[Write]]
) -> Iterator[tuple[int, list[tuple[KeyValues, Values | None]]]]:
    """(position, what it wrote) in order."""
    position, wrote = 0, list[tuple[KeyValues, Values | None]]()
    for chunk in chain([first], rest):
        for number, row, is_deleted, *values in chunk:
            if number // WRITES_PER_EVENT != position:
                if wrote:
                    yield position, wrote
                position, wrote = number // WRITES_PER_EVENT, []
            wrote.append((side.key_of(row), None if is_deleted else tuple(values)))
    if wrote:
        yield position, wrote


def _values(
    columns: tuple[Column, ...], row: ViewRow | None, names: tuple[str, ...]
) -> Values | None:
    if row is None:
        return None
    found = dict(zip((it.name for it in columns), row.values, strict=True))
    return tuple(found[it] for it in names)


def _shared(left: tuple[Column, ...], right: tuple[Column, ...]) -> tuple[str, ...] | None:
    """The columns that both have beside the key; None when the keys have not the same form."""
    if [it.kind for it in left if it.is_key] != [it.kind for it in right if it.is_key]:
        return None
    there = {it.name for it in right if not it.is_key}
    return tuple(it.name for it in left if not it.is_key and it.name in there)
