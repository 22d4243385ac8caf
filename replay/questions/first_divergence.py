"""The exact first event after which two panes differ, told from their histories: nothing is
folded, and nothing is read behind that event.

A pane is the history of a view up to its moment; behind that it stands still. Two panes differ from
the first event after which their rows differ. So two views with one moment first differ where they
say different things of the same events; one view at two moments is one history, and differs from
the first event behind the earlier moment that changes a row.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from replay.projection import Column
from replay.questions import view_query
from replay.questions.pane_compare import Pane, first_pages, shared_columns
from replay.questions.view_query import ViewPage, ViewRow
from replay.views.sink import WRITES_PER_EVENT, KeyValues
from replay.words import counted, said
from store.interface import EventReader

CHUNK: Final = 20_000  # keys compared at once

Confirm = Callable[[int, KeyValues], bool]
Values = tuple[Any, ...]  # of the shared columns, None for a row that is not there
Write = tuple[int, int, int, *tuple[Any, ...]]  # number, row, whether it deletes, shared columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Where two panes first differ, and the row that shows it, before and after the event.
    `is_by_moment`: the earlier pane stands still there, up to its moment both say the same.
    `is_of_right`: of two lines, the event at `position` is one of the right pane's."""

    position: int
    key: KeyValues
    left: ViewPage  # of which view and moment, with its columns
    right: ViewPage
    left_before: ViewRow | None
    left_after: ViewRow | None
    right_before: ViewRow | None
    right_after: ViewRow | None
    is_by_moment: bool
    is_of_right: bool = False


def first_divergence(
    db: sqlite3.Connection, log: EventReader, left: Pane, right: Pane
) -> Divergence | None:
    """None when they agree in every shared column after every event up to the later moment.

    A row that only one of them has is a difference too. JSON values that a history left out are
    looked into where only one side did; `unseen_versions` counts those that both left out. Raises
    UnknownView, NoRows, NotComparable, NoPast, ViewBehind.
    """
    pages = first_pages(db, log, (left, right))
    for it in pages:
        it.require_past()
    reader = _Reader(db, log, pages)
    one, other = sides = reader.sides
    end, last = sorted(it.as_of for it in pages)
    found = None if left.view == right.view else _search(one, other, end, reader.differ)
    if found is None and end < last:
        moves = int(pages[1].as_of == last)
        found = _first_change(sides[moves], end, last, reader.differ)
    return None if found is None else reader.divergence(*found)


def unseen_versions(
    db: sqlite3.Connection, log: EventReader, left: Pane, right: Pane, *, before: int | None = None
) -> int:
    """How many versions of rows have JSON values that the histories left out for their length,
    up to a position, on the side that has most: a difference in them alone is not seen."""
    pages = first_pages(db, log, (left, right))
    shared = shared_columns(*pages)
    kinds = [{it.name: it.kind for it in page.columns} for page in pages]
    json = [name for name in shared if all(it[name] == "json" for it in kinds)]
    if not json or left.view == right.view:
        return 0
    end = min(it.as_of for it in pages) if before is None else before - 1
    return max(_count_left_out(db, it.view, json, end) for it in pages)


def unseen_words(count: int) -> str:
    """What `unseen_versions` has counted, for a person; empty when that is nothing."""
    if not count:
        return ""
    what = counted(
        "1 row version up to that point has", "{count:,} row versions up to that point have", count
    )
    return said(
        "{what} values too long for the history. A difference in those values alone is not found.",
        what=what,
    )


def _count_left_out(db: sqlite3.Connection, view: str, columns: list[str], until: int) -> int:
    lacks = " OR ".join(f'"{it}" IS NULL' for it in columns)
    sql = f'SELECT count(*) FROM "{view}_writes" WHERE _write < ? AND NOT _is_deleted AND ({lacks})'
    return int(db.execute(sql, [_first_behind(until)]).fetchone()[0])


class _Reader:
    """Both panes, asked for rows at positions; behind its moment each says what it said there."""

    def __init__(
        self, db: sqlite3.Connection, log: EventReader, pages: tuple[ViewPage, ...]
    ) -> None:
        self._db, self._log, self._pages = db, log, pages
        self._names = shared_columns(*pages)
        self.sides = tuple(_Side(db, it.view, it.columns, self._names) for it in pages)

    def differ(self, position: int, key: KeyValues) -> bool:
        """Histories may leave long values out: what they seem to say is looked at whole."""
        left, right = (
            _values(it.columns, self._shown(it, key, position), self._names) for it in self._pages
        )
        if left is None or right is None:
            return left is not right
        return any(
            a != b
            for name, a, b in zip(self._names, left, right, strict=True)
            if not (name in self._json and (a is None or b is None))
        )

    def divergence(self, position: int, key: KeyValues) -> Divergence:
        """The rows on both sides, before and after the event."""
        rows = [self._shown(it, key, at) for it in self._pages for at in (position - 1, position)]
        return Divergence(
            position=position,
            key=key,
            left=self._pages[0],
            right=self._pages[1],
            left_before=rows[0],
            left_after=rows[1],
            right_before=rows[2],
            right_after=rows[3],
            is_by_moment=position > min(it.as_of for it in self._pages),
        )

    @property
    def _json(self) -> set[str]:
        return {it.name for page in self._pages for it in page.columns if it.kind == "json"}

    def _shown(self, page: ViewPage, key: KeyValues, at: int) -> ViewRow | None:
        at = min(at, page.as_of)
        found = view_query.row(self._db, self._log, page.view, key, at=at, may_lack=True)
        return next(iter(found.rows), None)


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
        found = self.db.execute(sql, [_first_behind(after), _first_behind(until)])
        yield from (it for it in found)  # not the cursor: the connection may be closed before it is

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


def _first_change(
    side: _Side, after: int, until: int, differ: Confirm
) -> tuple[int, KeyValues] | None:
    """The first event of a span after which a row is not what it was before the span."""
    for position, wrote in _by_event(side, after, until):
        for key, values in dict(wrote).items():
            if values != side.before(key, after) and differ(position, key):
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
