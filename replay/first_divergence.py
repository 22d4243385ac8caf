"""The exact first event after which two views differ, told from their histories: nothing is
folded, and nothing is read behind that event."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from replay import view_query
from replay.errors import NotComparable, ViewBehind
from replay.projection import Column
from replay.row_history import KeyValues
from replay.view_query import ViewRow
from replay.view_tables import WRITES_PER_EVENT
from store.reader import LogReader

CHUNK: Final = 20_000  # keys compared at once

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
        self.db = db
        self.view = view
        self.names = names
        self._key = ", ".join(f'"{it.name}"' for it in columns if it.is_key)
        self._listed = "".join(f', "{it}"' for it in names)
        self._keys: dict[int, KeyValues] = {}
        self._rows: dict[KeyValues, int] = {}

    def writes(self, after: int, until: int) -> Iterator[Write]:
        """Every write behind one position and up to another."""
        sql = (
            f'SELECT _write, _row, _is_deleted{self._listed} FROM "{self.view}_writes" '
            "WHERE _write >= ? AND _write < ? ORDER BY _write"
        )
        yield from self.db.execute(sql, [_first_behind(after), _first_behind(until)])

    def count(self, end: int) -> int:
        """How many writes have a number below `end`."""
        sql = f'SELECT count(*) FROM "{self.view}_writes" WHERE _write < ?'
        return int(self.db.execute(sql, [end]).fetchone()[0])

    def before(self, key: KeyValues, position: int) -> Values | None:
        """What the row with a key was behind a position."""
        self._learn_keys()
        row = self._rows.get(key)
        found = (
            row is not None
            and self.db.execute(
                f'SELECT _is_deleted{self._listed} FROM "{self.view}_writes" '
                "WHERE _row = ? AND _write < ? ORDER BY _write DESC LIMIT 1",
                [row, _first_behind(position)],
            ).fetchone()
        )
        return tuple(found[1:]) if found and not found[0] else None

    def key_chunks(self) -> Iterator[list[tuple[Any, ...]]]:
        """(row, key…) of every row that is or was there, by row."""
        cursor = self.db.execute(
            f'SELECT _row, {self._key} FROM "{self.view}" '
            f'UNION ALL SELECT _row, {self._key} FROM "{self.view}_deleted" ORDER BY _row'
        )
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk

    def key_of(self, row: int) -> KeyValues:
        """The key of a row."""
        self._learn_keys()
        return self._keys[row]

    def _learn_keys(self) -> None:
        if not self._keys:
            self._keys = {it[0]: it[1:] for chunk in self.key_chunks() for it in chunk}
            self._rows = {key: row for row, key in self._keys.items()}


def _search(left: _Side, right: _Side, until: int, is_so: Confirm) -> tuple[int, KeyValues] | None:
    """What both wrote alike is passed over by SQLite; from there on, event by event."""
    start = 0
    if _have_same_rows(left, right):
        found = _first_unlike(left, right, until)
        if found is None:
            return None
        start = found // WRITES_PER_EVENT - 1
    return _walk(left, right, start, until, is_so)


def _have_same_rows(left: _Side, right: _Side) -> bool:
    """Whether the same keys came up in the same order: then rows are numbered alike."""
    return all(a == b for a, b in zip_longest(left.key_chunks(), right.key_chunks()))


def _first_unlike(left: _Side, right: _Side, until: int) -> int | None:
    """The first write that one side made and the other did not, or not so."""
    end = _first_behind(until)
    found = _first_missing(left, right, end)
    end = end if found is None else found
    # The right side has made all that the left one has; more of them mean that it made others.
    if left.count(end) == right.count(end):
        return found
    return _first_missing(right, left, end)


def _first_missing(one: _Side, other: _Side, end: int) -> int | None:
    """The first write of one side before `end` that the other has not made alike."""
    same = "".join(f' AND b."{it}" IS a."{it}"' for it in one.names)
    row = one.db.execute(
        f'SELECT a._write FROM "{one.view}_writes" a WHERE a._write < ? AND NOT EXISTS ('
        f'SELECT 1 FROM "{other.view}_writes" b WHERE b._write = a._write '
        f"AND b._row = a._row AND b._is_deleted = a._is_deleted{same}) "
        "ORDER BY a._write LIMIT 1",
        [end],
    ).fetchone()
    return None if row is None else int(row[0])


def _walk(
    left: _Side, right: _Side, start: int, until: int, is_so: Confirm
) -> tuple[int, KeyValues] | None:
    """Event by event: after each, the rows that either side wrote must be the same. Up to
    `start` they are."""
    sides = (left, right)
    states: list[dict[KeyValues, Values | None]] = [{}, {}]
    steps = [_by_event(it, start, until) for it in sides]
    heads = [next(it, None) for it in steps]
    while any(heads):
        position = min(it[0] for it in heads if it is not None)
        touched: dict[KeyValues, None] = {}
        for at, head in enumerate(heads):
            if head is not None and head[0] == position:
                states[at].update(head[1])
                touched |= dict.fromkeys(key for key, _ in head[1])
                heads[at] = next(steps[at], None)
        for key in touched:
            for at, side in enumerate(sides):
                if key not in states[at]:
                    states[at][key] = side.before(key, start) if start else None
            if states[0][key] != states[1][key] and is_so(position, key):
                return position, key
    return None


def _by_event(
    side: _Side, after: int, until: int
) -> Iterator[tuple[int, list[tuple[KeyValues, Values | None]]]]:
    """(position, what it wrote) in order."""
    position, wrote = 0, list[tuple[KeyValues, Values | None]]()
    for number, row, is_deleted, *values in side.writes(after, until):
        if number // WRITES_PER_EVENT != position:
            if wrote:
                yield position, wrote
            position, wrote = number // WRITES_PER_EVENT, []
        wrote.append((side.key_of(row), None if is_deleted else tuple(values)))
    if wrote:
        yield position, wrote


def _first_behind(position: int) -> int:
    """The number of the first write behind a position."""
    return (position + 1) * WRITES_PER_EVENT


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
