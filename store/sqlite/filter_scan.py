"""Events that meet a query with a filter: found by SQL span by span, and looked at where SQL
cannot tell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final, TypeAlias

from store.events import RecordedEvent
from store.filter.evaluate import matches
from store.filter.tree import Tree
from store.query import EventQuery, SqlValue, conditions
from store.sqlite.filter_sql import compiled

Rows: TypeAlias = Callable[[str, Sequence[SqlValue]], list[tuple[Any, ...]]]
AtPositions: TypeAlias = Callable[[Iterable[int]], list[RecordedEvent]]

PAGE: Final = 1_000  # positions held at once
SPAN: Final = 1 << 15  # positions asked for at once: some hundredths of a second, so that the
# first hits come early, Ctrl+C is heard, and no transaction stays open for long
# A condition beside CASE is evaluated no further than it has to be; a bare one, to its end.
CANDIDATES: Final = """SELECT e.position, CASE WHEN {sure} THEN 1 ELSE 0 END FROM events e
WHERE e.position > ? AND e.position <= ? AND {where} ORDER BY e.position {order} LIMIT ?"""


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
        bounds, (text, values) = compiled(where), conditions(replace(query, where=None))
        self._sql = CANDIDATES.format(
            sure="1" if bounds.is_exact else bounds.sure.text,
            where=f"{text} AND {bounds.maybe.text}",
            order="DESC" if reverse else "ASC",
        )
        self._before = () if bounds.is_exact else bounds.sure.values
        self._behind = (*values, *bounds.maybe.values)
        self._is_exact = bounds.is_exact
        is_narrow = replace(query, where=where).is_narrow
        self._span = max(until - after, 1) if is_narrow else span

    def positions(self) -> Iterator[int]:
        """The positions, in order."""
        for page in self._pages(PAGE):
            unsure = [position for position, is_sure in page if not is_sure]
            events = self._at_positions(unsure) if unsure else []
            met = {it.position for it in events if self._is_met(it)}
            yield from (position for position, is_sure in page if is_sure or position in met)

    def events(self, *, limit: int | None = None) -> Iterator[RecordedEvent]:
        """The events, in order; at most `limit`, and no more is read for them than needed."""
        size = PAGE if limit is None or not self._is_exact else max(min(PAGE, limit), 1)
        return islice(self._events(size), limit)

    def _events(self, size: int) -> Iterator[RecordedEvent]:
        for page in self._pages(size):
            sure = {position for position, is_sure in page if is_sure}
            events = self._at_positions(position for position, _ in page) if page else []
            for event in reversed(events) if self._reverse else events:
                if event.position in sure or self._is_met(event):
                    yield event

    def _pages(self, size: int) -> Iterator[list[tuple[int, bool]]]:
        """(position, whether it is sure) of what SQL lets through."""
        for low, high in self._spans():
            page = self._page(low, high, size)
            while len(page) == size:
                yield page
                last = page[-1][0]
                low, high = (low, last - 1) if self._reverse else (last, high)
                page = self._page(low, high, size)
            yield page

    def _spans(self) -> Iterator[tuple[int, int]]:
        starts = range(self._after, self._until, self._span)
        for start in reversed(starts) if self._reverse else starts:
            yield start, min(start + self._span, self._until)

    def _page(self, low: int, high: int, size: int) -> list[tuple[int, bool]]:
        return self._rows(self._sql, [*self._before, low, high, *self._behind, size])
