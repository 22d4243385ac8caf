"""The endless event list: which positions it holds, and the pages that are in sight."""

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.event_order import EventOrder, grown, read_order
from gui.viewmodels.event_pages import PAGE_ROWS, Listing, Page, Positions, read_pages
from gui.viewmodels.event_rows import EventRow
from gui.viewmodels.event_search import Found, next_step
from gui.viewmodels.shown_columns import ShownColumns
from gui.work.tasks import Tasks
from store.query import EVERYTHING, EventQuery

PAGES_KEPT: Final = 128


class EventListViewModel(QObject):
    """Rows of the unfiltered list are positions; a filtered one is an array of positions. On the
    occurred axis the list is in that order, once it has been read.

    `reset()` when the list is another one, `grown(old count, new count)`, `page_arrived(first
    row, last row)`, `filtering_changed(bool)`, `searched()` when a search has come further,
    `ordering()` when the order of the axis is being read, `failed(error)`.
    """

    reset = Signal()
    grown = Signal(object, object)
    page_arrived = Signal(object, object)
    filtering_changed = Signal(bool)
    searched = Signal()
    ordering = Signal()
    failed = Signal(Exception)

    def __init__(
        self, tasks: Tasks, selection: Selection, columns: ShownColumns | None = None
    ) -> None:
        super().__init__()
        self.query = EVERYTHING
        self.columns = columns or ShownColumns()
        self._tasks = tasks
        self._selection = selection
        self._count = 0
        self._found: Found | None = None  # None while everything is listed
        self._searched: Found | None = None  # by the search that is under way
        self._order: EventOrder | None = None  # None: that of the log
        self._listing = Listing.of(None, count=0, generation=0)
        self._generation = 0
        self._pages: OrderedDict[int, tuple[EventRow, ...]] = OrderedDict()
        self._wanted: list[int] = []
        self._is_filtering = self._is_stopped = False
        self.is_regrown = False  # the list is another one, as rows belong between those there were
        self._rows_in_sight = 0
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        selection.head_changed.connect(self._grow)
        selection.axis_changed.connect(self._change_order)
        self.columns.added.connect(self.read_again)
        self.columns.removed.connect(self.read_again)
        self.columns.replaced.connect(self.read_again)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    @property
    def is_filtered(self) -> bool:
        """Whether a filter leaves events out."""
        return self._found is not None

    @property
    def why_none(self) -> str:
        """What is wrong with a filter that no event meets; empty when nothing is."""
        return "" if self._found is None else self._found.why_none

    @property
    def is_filtering(self) -> bool:
        """Whether a search over the log is under way."""
        return self._is_filtering

    @property
    def search_share(self) -> float:
        """How much of the log a search that is under way has looked through, from 0 to 1."""
        return 0.0 if self._searched is None else self._searched.share

    @property
    def searched_count(self) -> int:
        """How many hits it has found so far."""
        return 0 if self._searched is None else len(self._searched.positions)

    @property
    def found(self) -> Positions | None:
        """The positions that the filter lets through, as far as known; None without one."""
        return None if self._found is None else self._found.positions

    @property
    def stopped_at(self) -> int:
        """Up to where was looked when a person stopped the search; 0 where nobody has."""
        is_stopped = self._is_stopped and self._found is not None
        return self._found.until if is_stopped and self._found is not None else 0

    @property
    def order(self) -> EventOrder | None:
        """The order of the axis that the list stands in; None for that of the log."""
        return self._order

    @property
    def is_ordering(self) -> bool:
        """Whether the list is about to stand in the order of the axis."""
        return self._selection.axis == "occurred" and self._order is None

    def row(self, number: int) -> EventRow | None:
        """A row, from 0; None while its page is on its way."""
        page, offset = divmod(number, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None or offset >= len(rows):
            self._want(page)
            return None
        return rows[offset]

    @property
    def listing(self) -> Listing:
        """Which positions are listed now."""
        return self._listing

    def listing_at(self, head: int) -> Listing:
        """Which positions are listed once the log has grown to `head`; what a filter lets through
        of those is looked for later."""
        if self._found is not None or self._order is not None:
            return self._listing
        sources = self.columns.sources
        return Listing.of(None, count=head, generation=self._generation, sources=sources)

    @property
    def rows_in_sight(self) -> int:
        """How many rows were asked for last."""
        return self._rows_in_sight

    @property
    def held_pages(self) -> frozenset[int]:
        """The numbers of the pages that are here and full: they do not grow with the log."""
        return frozenset(it for it, rows in self._pages.items() if len(rows) == PAGE_ROWS)

    def position(self, row: int) -> int:
        """The position of the event in a row."""
        return self.listing.position(row)

    def row_of(self, position: int) -> int:
        """The last row at or before a position; -1 when all rows come after it."""
        return self.listing.row_of(position)

    def want_rows(self, first: int, last: int) -> None:
        """These rows are in sight: fetch their pages if they are not here."""
        self._rows_in_sight = last - first
        for page in self.listing.pages(first, last):
            if not self._is_here(page):
                self._want(page)

    def set_query(self, query: EventQuery) -> None:
        """List the events that meet `query`; the search runs over the whole log."""
        if query == self.query:
            return
        self.query = query
        self._tasks.cancel("event filter")
        self._is_stopped = False
        if query.is_everything:
            self._set_filtering(False)
            self.show_all()
        else:
            self._search(query)

    def show_all(self) -> None:
        """List every event up to the head."""
        self._show(None)

    def step(self, steps: int) -> int:
        """The position `steps` rows from the cursor, within the list; the cursor if it is empty."""
        if not self._count:
            return self._selection.as_of
        row = self.row_of(self._selection.as_of)
        on_a_row = row >= 0 and self.position(row) == self._selection.as_of
        target = row + steps if on_a_row or steps > 0 else row + steps + 1
        return self.position(max(0, min(target, self._count - 1)))

    def stop(self) -> None:
        """Look no further: what was found so far is listed."""
        if self._is_filtering:
            self._tasks.cancel("event filter")
            self._is_stopped = True
            found = self._searched or Found(query=self.query, goal=self._selection.head)
            self._searched = None
            self._set_filtering(False)
            self._show(found)

    def _search(self, query: EventQuery) -> None:
        self._searched = None
        self._set_filtering(True)
        self._look_on(Found(query=query, goal=self._selection.head))

    def _look_on(self, found: Found) -> None:
        work = partial(next_step, found=found)
        self._tasks.latest(
            "event filter", work, done=self._take_step, failed=self._give_up, restart=True
        )

    def _take_step(self, found: Found) -> None:
        """Show what there is; in the order of an axis only once all is there."""
        if found.query != self.query:
            return
        before, self._searched = self._searched, found
        is_shown = self._found is before and before is not None
        if found.is_whole or (len(found.positions) and self._order is None):
            if is_shown and self._begins_with(found, self._found):
                self._found = found
                self._add_rows()
            else:
                self._show(found)
        if found.is_whole:
            self._searched = None
            self._set_filtering(False)
            self._grow()
        else:
            self._look_on(found)
            self.searched.emit()

    @staticmethod
    def _begins_with(found: Found, before: Found | None) -> bool:
        """Whether the hits that are shown are the first ones of these."""
        if before is None or not len(before.ahead):
            return True
        known = before.positions
        return np.array_equal(found.positions[: len(known)], known)

    def _give_up(self, error: Exception) -> None:
        self._searched = None
        self._set_filtering(False)
        self.failed.emit(error)

    def _show(self, found: Found | None, *, is_growth: bool = False) -> None:
        self._found, self.is_regrown = found, is_growth
        self.read_again()
        self.reset.emit()

    def read_anew(self) -> None:
        """Positions mean other events: what is asked for is looked for among those."""
        self._order = None
        self._change_order()
        query, self.query = self.query, EVERYTHING
        self._show(None)
        self.set_query(query)

    @Slot()
    def read_again(self) -> None:
        """The columns are others, or streams have another meaning: the same rows are read with what
        they say now."""
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self._list()

    def _list(self) -> None:
        """Which rows there are, of what was found and in the order that is held."""
        found = None if self._found is None else self._found.positions
        count = self._selection.head if self._order is None else self._order.until
        count = count if found is None else len(found)
        self._listing = Listing.of(
            found,
            count=count,
            generation=self._generation,
            order=self._order,
            sources=self.columns.sources,
        )
        self._count = self._listing.count

    @Slot()
    def _grow(self) -> None:
        """The log has grown: add rows at the end, never move what is in sight."""
        head = self._selection.head
        if self._order is not None and head > self._order.until:
            more = partial(grown, order=self._order, until=head)
            self._tasks.latest(
                "event order growth", more, done=self._grow_order, failed=self.failed.emit
            )
        if self._found is None:
            self._add_rows()
        elif head > self._found.until and not (self._is_filtering or self._is_stopped):
            work = partial(next_step, found=replace(self._found, goal=head, is_growth=True))
            self._tasks.latest(
                "event filter growth", work, done=self._add_found, failed=self.failed.emit
            )

    def _add_found(self, more: Found) -> None:
        found = self._found
        if found is None or more.query != found.query or more.until <= found.until:
            return
        self._found = more
        self._add_rows()
        self._grow()

    def _add_rows(self) -> None:
        """Behind those that there were; where one belongs between them the list is another one."""
        before = self._listing
        self._list()
        if not self._listing.begins_with(before):
            self._show(self._found, is_growth=True)
        elif self._count > before.count:
            self.grown.emit(before.count, self._count)

    @Slot()
    def _change_order(self) -> None:
        """The axis is another one: list in its order."""
        self._tasks.cancel("event order")
        if self._selection.axis == "occurred":
            self.ordering.emit()
            work = partial(read_order, until=self._selection.head)
            self._tasks.latest(
                "event order", work, done=self._show_order, failed=self.failed.emit, restart=True
            )
        elif self._order is not None:
            self._order = None
            self._show(self._found)

    def _show_order(self, order: EventOrder) -> None:
        if self._selection.axis == "occurred":
            self._order = order
            self._show(self._found)
            self._grow()

    def _grow_order(self, grown: tuple[EventOrder, bool]) -> None:
        """Rows are added at the end; events that occurred earlier make another list."""
        order, is_behind = grown
        if self._order is None or order.until <= self._order.until:
            return
        self._order = order
        if is_behind:
            self._add_rows()
        else:
            self._show(self._found, is_growth=True)
        self._grow()

    def _want(self, page: int) -> None:
        if page not in self._wanted and page * PAGE_ROWS < self._count:
            self._wanted = [*self._wanted[-3:], page]
            self._asking.start()

    @Slot()
    def _ask(self) -> None:
        """Fetch the newest wanted pages in one go; older wishes have scrolled away."""
        self._wanted = [page for page in self._wanted if page * PAGE_ROWS < self._count]
        if not self._wanted:
            return
        work = partial(read_pages, listing=self.listing, numbers=tuple(self._wanted))
        self._tasks.latest("event pages", work, done=self.take, failed=self.failed.emit)

    def take(self, pages: list[Page]) -> None:
        """Show pages that have been read; those of an earlier list are dropped."""
        for page in pages:
            if page.generation != self._generation:
                return
            self._keep(page)
            self.page_arrived.emit(page.first_row, page.first_row + len(page.rows) - 1)
        if self._wanted:
            self._asking.start()

    def expect(self, pages: list[Page]) -> None:
        """The cursor is about to go where these are: the rows need not be read then. Of those that
        were asked for already it is told."""
        for page in pages:
            if page.generation == self._generation:
                was_wanted = page.number in self._wanted
                self._keep(page)
                if was_wanted:
                    self.page_arrived.emit(page.first_row, page.first_row + len(page.rows) - 1)

    def _keep(self, page: Page) -> None:
        """Hold a page, unless more of it is here already."""
        if len(page.rows) >= len(self._pages.get(page.number, ())):
            self._pages[page.number] = page.rows
        self._pages.move_to_end(page.number)
        if page.number in self._wanted and self._is_here(page.number):
            self._wanted.remove(page.number)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)

    def _is_here(self, page: int) -> bool:
        """Whether all rows of a page are here that there are now."""
        wanted = min(self._count - page * PAGE_ROWS, PAGE_ROWS)
        return len(self._pages.get(page, ())) >= wanted

    def _set_filtering(self, is_filtering: bool) -> None:
        if is_filtering != self._is_filtering:
            self._is_filtering = is_filtering
            self.filtering_changed.emit(is_filtering)
