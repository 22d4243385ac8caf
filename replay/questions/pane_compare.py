"""Two panes side by side: a view as of a position each, their rows matched by key."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from replay.errors import NotComparable
from replay.questions import view_query
from replay.questions.pane_sides import PaneSide, Rows, begun
from replay.questions.view_query import ViewPage, ViewRow
from replay.view_version import version_named
from replay.views.sink import KeyValues
from store.interface import EventReader

PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """What one side shows."""

    view: str
    at: int | None = None  # as of; None: now


class HereSide:
    """replay.questions.pane_sides.PaneSide: a view of this log. Both raise UnknownView, NoRows,
    NoPast, ViewBehind when it cannot show its position, NotKept."""

    def __init__(self, db: sqlite3.Connection | None, log: EventReader, pane: Pane) -> None:
        self._db, self._log, self._pane = db, log, pane

    @property
    def history(self) -> str:
        return self._log.store_id()

    @property
    def is_now(self) -> bool:
        return self._pane.at is None and version_named(self._pane.view).is_live

    def begin(self, at: int | None = None) -> ViewPage:
        wanted = self._pane.at if at is None else at
        found = view_query.page(self._db, self._log, self._pane.view, at=wanted, limit=1)
        if at is None:
            found.require_answer()
        return found

    def rows(self, as_of: int) -> Rows:
        return rows_of(self._db, self._log, Pane(view=self._pane.view, at=as_of))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One key on both sides; None where it has no row."""

    key: KeyValues
    left: ViewRow | None
    right: ViewRow | None
    cells: tuple[str, ...]  # columns of both sides whose values differ

    @property
    def is_equal(self) -> bool:
        """Whether both sides have the row, with the same values."""
        return self.left is not None and self.right is not None and not self.cells


@dataclass(slots=True, kw_only=True)
class Counts:
    """How many rows there are of each kind."""

    equal: int = 0
    changed: int = 0
    added: int = 0  # only on the right
    removed: int = 0  # only on the left
    cells: dict[str, int] = field(default_factory=dict)  # column → rows in which it differs

    @property
    def differing(self) -> int:
        """Rows that are not the same on both sides."""
        return self.changed + self.added + self.removed

    def add(self, pair: Pair) -> None:
        """Count one pair."""
        if pair.left is None:
            self.added += 1
        elif pair.right is None:
            self.removed += 1
        elif pair.cells:
            self.changed += 1
        else:
            self.equal += 1
        for name in pair.cells:
            self.cells[name] = self.cells.get(name, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both sides, and the columns that they have in common beside the key."""

    left: ViewPage
    right: ViewPage
    shared: tuple[str, ...]
    counts: Counts
    pairs: tuple[Pair, ...]  # the first ones
    is_cut: bool  # whether there are more


def compare(
    db: sqlite3.Connection | None,
    log: EventReader,
    left: Pane,
    right: Pane,
    *,
    only_differences: bool = True,
    limit: int = 1_000,
) -> Compared:
    """Every row of both sides is counted; the first `limit` pairs are told, by key.

    Each side is read as of one position throughout, whatever comes meanwhile. Raises UnknownView,
    NoRows, NotComparable when their keys have not the same form, NoPast, ViewBehind when one
    cannot show its position, NotKept. A query is stopped as any other, by interrupting the
    connection.
    """
    sides = (HereSide(db, log, left), HereSide(db, log, right))
    return compare_sides(*sides, only_differences=only_differences, limit=limit)


def compare_sides(
    left: PaneSide, right: PaneSide, *, only_differences: bool = True, limit: int = 1_000
) -> Compared:
    """The same of rows wherever they are. Raises NotComparable, and what the sides raise."""
    first = begun((left, right))
    shared = shared_columns(*first)
    found = paired(left.rows(first[0].as_of), right.rows(first[1].as_of), shared)
    return counted_pairs(first, shared, found, only_differences=only_differences, limit=limit)


def counted_pairs(
    sides: Sequence[ViewPage],
    shared: tuple[str, ...],
    found: Iterable[Pair],
    *,
    only_differences: bool,
    limit: int,
) -> Compared:
    """All of them counted, the first ones told."""
    counts, told, is_cut = Counts(), list[Pair](), False
    for pair in found:
        counts.add(pair)
        if not (pair.is_equal and only_differences):
            if len(told) < limit:
                told.append(pair)
            else:
                is_cut = True
    return Compared(
        left=sides[0],
        right=sides[1],
        shared=shared,
        counts=counts,
        pairs=tuple(told),
        is_cut=is_cut,
    )


def first_pages(
    db: sqlite3.Connection | None, log: EventReader, panes: Sequence[Pane]
) -> tuple[ViewPage, ...]:
    """How each pane begins, as `begun` says. Raises as `compare`."""
    return begun([HereSide(db, log, it) for it in panes])


def pinned(page: ViewPage) -> Pane:
    """What a page shows, whatever becomes of the view: "now" is the position that it was at."""
    return Pane(view=page.view, at=page.as_of)


def pairs(
    db: sqlite3.Connection | None,
    log: EventReader,
    left: Pane,
    right: Pane,
    shared: tuple[str, ...],
) -> Iterator[Pair]:
    """Rows of both sides with the same key, side by side, by key."""
    return paired(rows_of(db, log, left), rows_of(db, log, right), shared)


def paired(lefts: Rows, rights: Rows, shared: tuple[str, ...]) -> Iterator[Pair]:
    """The same of rows by key, with their values by column."""
    one, other = next(lefts, None), next(rights, None)
    while one or other:
        if other is None or (one is not None and one[0].key < other[0].key):
            assert one is not None
            yield Pair(key=one[0].key, left=one[0], right=None, cells=())
            one = next(lefts, None)
        elif one is None or other[0].key < one[0].key:
            yield Pair(key=other[0].key, left=None, right=other[0], cells=())
            other = next(rights, None)
        else:
            cells = tuple(it for it in shared if one[1][it] != other[1][it])
            yield Pair(key=one[0].key, left=one[0], right=other[0], cells=cells)
            one, other = next(lefts, None), next(rights, None)


def rows_of(db: sqlite3.Connection | None, log: EventReader, pane: Pane) -> Rows:
    """Every row of a pane with its values by column, by key, all of them as of one position.

    Raises UnknownView, NoRows, NoPast, ViewBehind, NotKept.
    """
    after: KeyValues | None = None
    at = pane.at
    while True:
        found = view_query.page(db, log, pane.view, at=at, after=after, limit=PAGE)
        found.require_answer()
        at = found.as_of
        names = [column.name for column in found.columns]
        for row in found.rows:
            yield row, dict(zip(names, row.values, strict=True))
        if len(found.rows) < PAGE:
            return
        after = found.rows[-1].key


def shared_columns(left: ViewPage, right: ViewPage) -> tuple[str, ...]:
    """The columns beside the key that both have. Raises NotComparable."""
    forms = [tuple(it.kind for it in side.columns if it.is_key) for side in (left, right)]
    if forms[0] != forms[1]:
        raise NotComparable(left.view, right.view)
    there = {it.name for it in right.columns if not it.is_key}
    return tuple(it.name for it in left.columns if not it.is_key and it.name in there)
