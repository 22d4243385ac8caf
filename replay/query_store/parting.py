"""The first event after which two panes differ, where a query store has the rows of one or both.

Both sides are read version by version, in the order in which they were written. As among views
here, a pane is a history up to its moment and stands still behind that.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from replay.query_store.interface import Version
from replay.query_store.source import WRITES_AT_ONCE, whole_versions
from replay.query_store.stored_rows import row_with, whole_parts
from replay.query_store.there_side import ThereSide
from replay.query_store.version_text import key_of, rest_of
from replay.questions import view_query
from replay.questions.first_divergence import Divergence
from replay.questions.pane_compare import HereSide, Pane, shared_columns
from replay.questions.pane_sides import PaneSide, begun
from replay.questions.view_answers import ViewPage, ViewRow
from replay.views.sink import WRITES_PER_EVENT, KeyValues
from store.interface import EventReader

Values: TypeAlias = tuple[Any, ...]  # of columns beside the key
Written: TypeAlias = tuple[int, KeyValues, Values | None]  # by the event at a position
Wrote: TypeAlias = dict[KeyValues, Values | None]  # by one event; None: the row is gone


class History(PaneSide, Protocol):
    """A pane whose past can be read."""

    @property
    def what(self) -> tuple[str, str]:
        """Where the rows are, and of which view: one history where both are the same."""

    def writes(self, after: int, until: int) -> Iterator[Written]:
        """Every version behind one position and up to another, in order, whole."""

    def shown(self, key: KeyValues, at: int) -> ViewRow | None:
        """A row as of a position."""


class HereHistory(HereSide):
    """Of a view of this log."""

    def __init__(self, db: sqlite3.Connection | None, log: EventReader, pane: Pane) -> None:
        super().__init__(db, log, pane)
        self.what = ("", pane.view)

    def writes(self, after: int, until: int) -> Iterator[Written]:
        view, write = self.what[1], _last_write(after)
        while found := whole_versions(self._db, self._log, view, after=write, until=until):
            yield from (_written(it, key_of(it), rest_of(it)) for it in found)
            write = found[-1].write

    def shown(self, key: KeyValues, at: int) -> ViewRow | None:
        found = view_query.row(self._db, self._log, self.what[1], key, at=at)
        return next(iter(found.rows), None)


class ThereHistory(ThereSide):
    """Of rows in a query store."""

    @property
    def what(self) -> tuple[str, str]:
        return self.store.address.shown, self.stored.made_of.view

    def writes(self, after: int, until: int) -> Iterator[Written]:
        write, end = _last_write(after), _last_write(until)
        while found := self.store.written(self.stored, after=write, limit=WRITES_AT_ONCE):
            for it in found:
                if it.write <= end:
                    yield _written(it, *whole_parts(self.store, self.stored, it))
            write = found[-1].write
            if write > end:
                return

    def shown(self, key: KeyValues, at: int) -> ViewRow | None:
        return row_with(self.store, self.stored, key, at=at)


def first_parting(left: History, right: History) -> Divergence | None:
    """None when they agree in every shared column after every event up to the later moment.
    Raises NotComparable, and what the sides raise."""
    sides, pages = (left, right), begun((left, right))
    shared = shared_columns(*pages)
    pair = HistoryPair(sides, pages, shared)
    end, last = sorted(it.as_of for it in pages)
    found = None if left.what == right.what else pair.first_unlike(end)
    if found is None and end < last:
        found = pair.first_change(int(pages[1].as_of == last), end, last)
    return None if found is None else pair.divergence(*found)


@dataclass(frozen=True, slots=True)
class HistoryPair:
    """Both sides; one thread. `shared`: the columns beside the key that both have."""

    sides: tuple[History, History]
    pages: Sequence[ViewPage]
    shared: tuple[str, ...]

    def first_unlike(self, until: int, *, since: int = 0) -> tuple[int, KeyValues] | None:
        """Event by event: after each, the rows that either side wrote must be the same. Up to
        `since` they are."""
        states: tuple[Wrote, Wrote] = ({}, {})
        steps = [self._by_event(n, since, until) for n in (0, 1)]
        heads = [next(it, None) for it in steps]
        while position := min((it[0] for it in heads if it is not None), default=0):
            touched: dict[KeyValues, None] = {}
            for n, head in enumerate(heads):
                if head is not None and head[0] == position:
                    states[n].update(head[1])
                    touched |= dict.fromkeys(head[1])
                    heads[n] = next(steps[n], None)
            if since:
                self._fill_up(states, touched, since)
            unlike = (it for it in touched if states[0].get(it) != states[1].get(it))
            if (key := next(unlike, None)) is not None:
                return position, key
        return None

    def _fill_up(self, states: tuple[Wrote, Wrote], keys: Iterable[KeyValues], at: int) -> None:
        """With what a side that has not written a row since then says of it."""
        for key in keys:
            for n, side in enumerate(self.sides):
                if key not in states[n]:
                    states[n][key] = self._values(n, side.shown(key, at))

    def first_change(self, n: int, after: int, until: int) -> tuple[int, KeyValues] | None:
        """The first event of a span after which a row is not what it was before the span."""
        before: Wrote = {}
        for position, wrote in self._by_event(n, after, until):
            for key, values in wrote.items():
                if key not in before:
                    before[key] = self._values(n, self.sides[n].shown(key, after))
                if before[key] != values:
                    return position, key
        return None

    def divergence(self, position: int, key: KeyValues) -> Divergence:
        """The rows on both sides, before and after the event."""
        before, after = (
            [side.shown(key, min(at, page.as_of)) for side, page in zip(*self._both, strict=True)]
            for at in (position - 1, position)
        )
        return Divergence(
            position=position,
            key=key,
            left=self.pages[0],
            right=self.pages[1],
            left_before=before[0],
            left_after=after[0],
            right_before=before[1],
            right_after=after[1],
            is_by_moment=position > min(it.as_of for it in self.pages),
        )

    @property
    def _both(self) -> tuple[tuple[History, History], Sequence[ViewPage]]:
        return self.sides, self.pages

    def _by_event(self, n: int, after: int, until: int) -> Iterator[tuple[int, Wrote]]:
        rest = [it.name for it in self.pages[n].columns if not it.is_key]
        places = [rest.index(it) for it in self.shared]
        for position, found in groupby(self.sides[n].writes(after, until), key=itemgetter(0)):
            yield position, {key: _picked(rest, places) for _, key, rest in found}

    def _values(self, n: int, row: ViewRow | None) -> Values | None:
        if row is None:
            return None
        names = (it.name for it in self.pages[n].columns)
        found = dict(zip(names, row.values, strict=True))
        return tuple(found[it] for it in self.shared)


def _written(it: Version, key: KeyValues, rest: Values) -> Written:
    return it.write // WRITES_PER_EVENT, key, None if it.is_deleted else rest


def _picked(rest: Values | None, places: Sequence[int]) -> Values | None:
    return None if rest is None else tuple(rest[it] for it in places)


def _last_write(position: int) -> int:
    """The number behind which the writes of the next event begin."""
    return (position + 1) * WRITES_PER_EVENT - 1
