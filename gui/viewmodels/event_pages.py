"""Which positions stand in which rows of the event list, and its rows read page by page."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from gui.viewmodels.column_source import ColumnSource
from gui.viewmodels.event_order import EventOrder, Places
from gui.viewmodels.event_rows import EventRow, read_rows
from gui.work.reads import Reads

PAGE_ROWS: Final = 32

Positions: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Page:
    """`PAGE_ROWS` rows of one generation of the list; the last page may hold fewer."""

    number: int
    generation: int
    rows: tuple[EventRow, ...]

    @property
    def first_row(self) -> int:
        """The row of the list that its first row is."""
        return self.number * PAGE_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The list at one moment. Unchanging, so a reader thread may use it.

    `found` holds the positions that a filter lets through, row by row; None lists everything.
    `order` is the one that the list is in; None for that of the log. Then `places` holds where
    each row of a filtered list stands in it. `sources` are those of the columns that were added.
    """

    found: Positions | None
    count: int
    generation: int
    order: EventOrder | None = None
    places: Places | None = None
    sources: tuple[ColumnSource, ...] = ()

    @staticmethod
    def of(
        found: Positions | None,
        *,
        count: int,
        generation: int,
        order: EventOrder | None = None,
        sources: tuple[ColumnSource, ...] = (),
    ) -> "Listing":
        """`found` ascending, whatever the order; then there are as many rows as it has."""
        places: Places | None = None
        if found is not None and order is not None:
            places = np.sort(order.places[found[found <= order.until] - 1])
            found = order.positions[places].astype(np.int64)
            count = len(found)
        return Listing(
            found=found,
            count=count,
            generation=generation,
            order=order,
            places=places,
            sources=sources,
        )

    def position(self, row: int) -> int:
        """The position of the event in a row, from 0."""
        if self.found is not None:
            return int(self.found[row])
        return row + 1 if self.order is None else int(self.order.positions[row])

    def row_of(self, position: int) -> int:
        """The last row that is not behind the event at a position; -1 when all are."""
        if self.order is not None:
            place = self.order.place(position) if position else -1
            if self.places is None:
                return min(place, self.count - 1)
            return int(np.searchsorted(self.places, place, side="right")) - 1
        if self.found is None:
            return min(position, self.count) - 1
        return int(np.searchsorted(self.found, position, side="right")) - 1

    def begins_with(self, other: "Listing") -> bool:
        """Whether the rows of an earlier listing are the first ones of this one, for all that is
        known without comparing every event: the order of a whole log is not looked through."""
        if self.found is None or other.found is None or self.order is None:
            return True
        return np.array_equal(self.found[: other.count], other.found)

    def pages(self, first: int, last: int) -> range:
        """The numbers of the pages that hold these rows."""
        last = min(last, self.count - 1)
        return range(max(first, 0) // PAGE_ROWS, last // PAGE_ROWS + 1)

    def read(self, reads: Reads, numbers: Iterable[int]) -> list[Page]:
        """Read whole pages."""
        return [self._page(reads, number) for number in numbers]

    def read_around(
        self, reads: Reads, position: int, *, rows: int, held: Collection[int]
    ) -> list[Page]:
        """Read the pages within so many rows of a position, but for those that are held."""
        row = self.row_of(position)
        wanted = self.pages(row - rows, row + rows) if row >= 0 else range(0)
        return self.read(reads, [number for number in wanted if number not in held])

    def _page(self, reads: Reads, number: int) -> Page:
        before, *positions = self._positions(number)
        rows = read_rows(
            reads,
            positions,
            before=before,
            is_by_occurrence=self.order is not None,
            sources=self.sources,
        )
        return Page(number, self.generation, rows)

    def _positions(self, number: int) -> Sequence[int]:
        """The positions of a page, with the one before it in front (0 when there is none)."""
        first, last = number * PAGE_ROWS, min((number + 1) * PAGE_ROWS, self.count)
        before = self.position(first - 1) if first else 0
        return [before, *(self.position(row) for row in range(first, last))]


def read_pages(reads: Reads, *, listing: Listing, numbers: Sequence[int]) -> list[Page]:
    """Whole pages of a listing; on a reader thread."""
    return listing.read(reads, numbers)
