"""Events that meet a query with a filter: found by SQL span by span, and looked at where SQL
cannot tell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress, islice
from typing import Any, Final, TypeAlias

import msgspec

from store.events import RecordedEvent
from store.filter.evaluate import matches
from store.filter.tree import Tree
from store.query import EventQuery, SqlValue, conditions
from store.sqlite.filter_bounds import Bounds, Sql
from store.sqlite.filter_sql import Keys, compiled, keys_of

Rows: TypeAlias = Callable[[str, Sequence[SqlValue]], list[tuple[Any, ...]]]
AtPositions: TypeAlias = Callable[[Iterable[int]], list[RecordedEvent]]

PAGE: Final = 1_000  # events held at once
POSITIONS: Final = 8_000  # positions held at once
SAMPLES: Final = 32  # events that are looked at to know which keys most of them have
MOST: Final = 28  # of them
SPAN: Final = 1 << 15  # positions asked for at once: some hundredths of a second, so that the
# first hits come early, Ctrl+C is heard, and no transaction stays open for long
# A condition beside CASE is evaluated no further than it has to be; a bare one, to its end.
CANDIDATES: Final = """SELECT e.position AS position, {kind} AS kind FROM events e
WHERE e.position > ? AND e.position <= ? AND {where} ORDER BY e.position {order} LIMIT ?"""
KIND: Final = "CASE WHEN {sure} THEN 2 WHEN {maybe} THEN 1 ELSE 0 END"
SURE: Final = "2"
_SOME: Final = bytes.maketrans(b"012", b"\x00\x01\x01")  # what is not surely none
_UNSURE: Final = bytes.maketrans(b"012", b"\x00\x01\x00")
# As two texts: a row of its own each would cost more than finding it. Both are in one order.
PAGE_OF: Final = "SELECT json_group_array(position), group_concat(kind, '') FROM ({candidates})"


class FilterScan:
    """What meets `query` and the filter `where`, in the span after < position <= until."""

    def __init__(
        self,
        rows: Rows,
        at_positions: AtPositions,
        query: EventQuery,
        where: Tree,
        *,
        after: int,
        until: int,
        reverse: bool = False,
        span: int = SPAN,
    ) -> None:
        self._rows, self._at_positions = rows, at_positions
        self._after, self._until, self._reverse = after, until, reverse
        self._is_met = matches(where)
        is_narrow = replace(query, where=where).is_narrow
        self._span = max(until - after, 1) if is_narrow else span
        common = frozenset() if is_narrow else self._common_keys(where)
        bounds, (text, values) = (
            compiled(where, common=common),
            conditions(replace(query, where=None)),
        )
        self._is_exact = bounds.is_exact
        kind = kind_of(bounds)
        candidates = candidates_of(kind, f"{text} AND {bounds.first.text}", reverse=reverse)
        self._sql = PAGE_OF.format(candidates=candidates)
        self._before = kind.values
        self._behind = (*values, *bounds.first.values)

    def positions(self) -> Iterator[int]:
        """The positions, in order."""
        for page, unsure in self._pages(POSITIONS):
            events = self._at_positions(unsure) if unsure else []
            refused = set(unsure) - {it.position for it in events if self._is_met(it)}
            yield from (it for it in page if it not in refused) if refused else page

    def events(self, *, limit: int | None = None) -> Iterator[RecordedEvent]:
        """The events, in order; at most `limit`, and no more is read for them than needed."""
        size = PAGE if limit is None or not self._is_exact else max(min(PAGE, limit), 1)
        return islice(self._events(size), limit)

    def _events(self, size: int) -> Iterator[RecordedEvent]:
        for page, unsure in self._pages(size):
            asked, events = set(unsure), self._at_positions(page) if page else []
            for event in reversed(events) if self._reverse else events:
                if event.position not in asked or self._is_met(event):
                    yield event

    def _pages(self, size: int) -> Iterator[tuple[list[int], list[int]]]:
        """What SQL lets through, and of this where it is not sure."""
        for low, high in self._spans():
            found, kinds = self._page(low, high, size)
            while len(found) == size:
                yield _sorted_out(found, kinds)
                low, high = (low, found[-1] - 1) if self._reverse else (found[-1], high)
                found, kinds = self._page(low, high, size)
            yield _sorted_out(found, kinds)

    def _spans(self) -> Iterator[tuple[int, int]]:
        starts = range(self._after, self._until, self._span)
        for start in reversed(starts) if self._reverse else starts:
            yield start, min(start + self._span, self._until)

    def _page(self, low: int, high: int, size: int) -> tuple[list[int], str]:
        """The positions, and of what kind each is."""
        values = [*self._before, low, high, *self._behind, size]
        ((found, kinds),) = self._rows(self._sql, values)
        return msgspec.json.decode(found, type=list[int]), kinds or ""

    def _common_keys(self, where: Tree) -> Keys:
        """Which of the keys asked for most documents have, by a few of them."""
        keys, count = keys_of(where), self._until - self._after
        if not keys or count < 2 * self._span:
            return frozenset()
        sample = self._at_positions(
            self._after + 1 + count * part // SAMPLES for part in range(SAMPLES)
        )
        return frozenset(it for it in keys if sum(1 for one in sample if _has(one, *it)) >= MOST)


def kind_of(bounds: Bounds) -> Sql:
    """2 of what surely meets a filter, 1 of what may, 0 of what does not."""
    if bounds.is_exact:
        return Sql(text=SURE)
    if bounds.kind is not None:
        return bounds.kind
    text = KIND.format(sure=bounds.sure.text, maybe=bounds.maybe.text)
    return Sql(text=text, values=(*bounds.sure.values, *bounds.maybe.values))


def candidates_of(kind: Sql, where: str, *, reverse: bool) -> str:
    """The positions that may meet a filter, each with its kind."""
    order = "DESC" if reverse else "ASC"
    return CANDIDATES.format(kind=kind.text, where=where, order=order)


def _has(event: RecordedEvent, is_metadata: bool, key: str) -> bool:
    return f'"{key}"' in (event.metadata_json if is_metadata else event.data_json)


def _sorted_out(found: list[int], kinds: str) -> tuple[list[int], list[int]]:
    """Without what is none, and of this what is not sure."""
    if kinds.count(SURE) == len(found):
        return found, []
    each = kinds.encode()
    some, unsure = each.translate(_SOME), each.translate(_UNSURE)
    return list(compress(found, some)), list(compress(found, unsure))
