"""Any number of panes side by side: rows of the same key together, each set against the first."""

import heapq
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from replay.questions.pane_compare import Counts, HereSide, Pair, Pane, shared_columns
from replay.questions.pane_sides import PaneSide, begun
from replay.questions.view_query import ViewPage, ViewRow
from replay.views.sink import KeyValues
from store.interface import EventReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One key in every pane; None where it has no row."""

    key: KeyValues
    rows: tuple[ViewRow | None, ...]
    cells: tuple[tuple[str, ...], ...]  # of each pane: columns that differ from the first one's

    def pair(self, pane: int) -> Pair:
        """The first pane's row beside that of another."""
        return Pair(key=self.key, left=self.rows[0], right=self.rows[pane], cells=self.cells[pane])

    @property
    def is_equal(self) -> bool:
        """Whether every pane has the row, with the same values."""
        return all(self.pair(it).is_equal for it in range(1, len(self.rows)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Every pane, and how each stands to the first one."""

    pages: tuple[ViewPage, ...]
    counts: tuple[Counts, ...]  # of the panes behind the first one
    groups: tuple[Group, ...]  # the first ones
    is_cut: bool  # whether there are more


def group(
    db: sqlite3.Connection | None,
    log: EventReader,
    panes: Sequence[Pane],
    *,
    only_differences: bool = True,
    limit: int = 1_000,
) -> Grouped:
    """Panes of views of this log, as `group_sides` has them. Raises as `compare`."""
    sides = [HereSide(db, log, it) for it in panes]
    return group_sides(sides, only_differences=only_differences, limit=limit)


def group_sides(
    sides: Sequence[PaneSide], *, only_differences: bool = True, limit: int = 1_000
) -> Grouped:
    """Every row is counted; the first `limit` groups are told, by key.

    Each pane is read as of one position throughout, which its page tells. Raises NotComparable,
    and what the sides raise.
    """
    pages = begun(sides)
    shared = [()] + [shared_columns(pages[0], it) for it in pages[1:]]
    counts = tuple(Counts() for _ in sides[1:])
    told, is_cut = list[Group](), False
    for found in _groups(sides, pages, shared):
        for pane, count in enumerate(counts, 1):
            if found.rows[0] is not None or found.rows[pane] is not None:
                count.add(found.pair(pane))
        if found.is_equal and only_differences:
            continue
        if len(told) < limit:
            told.append(found)
        else:
            is_cut = True
    return Grouped(pages=pages, counts=counts, groups=tuple(told), is_cut=is_cut)


def _groups(
    sides: Sequence[PaneSide], pages: Sequence[ViewPage], shared: Sequence[tuple[str, ...]]
) -> Iterator[Group]:
    """Rows of the same key, by key."""
    both = zip(sides, pages, strict=True)
    streams = (_numbered(side, page.as_of, n) for n, (side, page) in enumerate(both))
    merged = heapq.merge(*streams, key=itemgetter(0))
    for key, members in groupby(merged, key=itemgetter(0)):
        found: dict[int, tuple[ViewRow, dict[str, Any]]] = {n: (r, v) for _, n, r, v in members}
        first = found.get(0)
        yield Group(
            key=key,
            rows=tuple(found[n][0] if n in found else None for n in range(len(sides))),
            cells=tuple(
                tuple(it for it in shared[n] if first[1][it] != found[n][1][it])
                if first and n in found
                else ()
                for n in range(len(sides))
            ),
        )


def _numbered(
    side: PaneSide, as_of: int, number: int
) -> Iterator[tuple[KeyValues, int, ViewRow, dict[str, Any]]]:
    for row, values in side.rows(as_of):
        yield row.key, number, row, values
