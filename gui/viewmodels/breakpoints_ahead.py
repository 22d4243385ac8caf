"""What playing asks before each step: how far it may go before a breakpoint stops it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.breakpoints import BreakpointsViewModel
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_order import EventOrder
from gui.viewmodels.hits import Asked, Sought, seek
from gui.viewmodels.running import RunningViewModel
from gui.words import said
from gui.work.tasks import Tasks
from store.errors import StoreError

KEY: Final = "breakpoints ahead"


@dataclass(slots=True, kw_only=True)
class _Search:
    """What is known of the way from one place on."""

    asked: Asked
    number: int
    start: int
    clear: int  # the place up to where nothing stops
    sought: Sought | None = None

    @property
    def stop(self) -> int | None:
        """The place of what stops."""
        found = self.sought
        return found.place if found is not None and found.hit is not None else None


class BreakpointsAheadViewModel(QObject):
    """Looks ahead of the cursor while one plays. `failed(error)`. GUI thread."""

    failed = Signal(Exception)
    _cleared = Signal(object, object)  # from a reader thread

    def __init__(
        self,
        tasks: Tasks,
        selection: Selection,
        events: EventListViewModel,
        breakpoints: BreakpointsViewModel,
        running: RunningViewModel,
    ) -> None:
        super().__init__()
        self._tasks, self._selection, self._events = tasks, selection, events
        self._breakpoints, self._running = breakpoints, running
        self._search: _Search | None = None
        self._number = 0
        self._cleared.connect(self._learn_clear)

    def way(self, target: int) -> int | None:
        """Where a step from the cursor to a position may end: there, or at what stops before it.
        None while that is not known yet."""
        here = self._selection.as_of
        if not self._breakpoints.enabled or target == here:
            return target
        order = self._order
        if self._selection.axis == "occurred" and order is None:
            return None
        start, end = _place(order, here), _place(order, target)
        search = self._search_from(start, is_back=end < start)
        sign = -1 if search.asked.is_back else 1
        stop = search.stop
        if stop is not None and (end - stop) * sign >= 0:
            return _position(order, stop)
        return target if stop is not None or (search.clear - end) * sign >= 0 else None

    def tell_stop(self) -> bool:
        """Whether the cursor stands at what stops; then it is said."""
        sought = self._search.sought if self._search is not None else None
        if sought is None or sought.hit is None or sought.event is None:
            return False
        if sought.hit.position != self._selection.as_of or not self._breakpoints.enabled:
            return False
        self._running.stop_at(sought.hit, sought.event)
        return True

    def forget(self) -> None:
        """States have another meaning: what was found may not hold."""
        self._tasks.cancel(KEY)
        self._search = None

    @property
    def _order(self) -> EventOrder | None:
        return self._events.order if self._selection.axis == "occurred" else None

    def _search_from(self, here: int, *, is_back: bool) -> _Search:
        """The one that is under way, where it is of use from here."""
        known, order = self._search, self._order
        if known is not None and _is_of_use(known, here):
            asked = known.asked
            is_same = asked.breakpoints == self._breakpoints.enabled and asked.order is order
            if is_same and asked.axis == self._selection.axis and asked.is_back == is_back:
                return known
        self._number += 1
        asked = Asked(
            breakpoints=self._breakpoints.enabled,
            position=self._selection.as_of,
            axis=self._selection.axis,
            order=order,
            is_back=is_back,
        )
        search = self._search = _Search(asked=asked, number=self._number, start=here, clear=here)
        work = partial(seek, asked=asked, told=self._telling(self._number))
        done = partial(self._learn, search)
        self._tasks.latest(KEY, work, done=done, failed=self._fail, restart=True)
        return search

    def _telling(self, number: int) -> Callable[[int, int], None]:
        cleared = self._cleared

        def tell(_count: int, place: int) -> None:
            cleared.emit(number, place)

        return tell

    @Slot(object, object)
    def _learn_clear(self, number: int, place: int) -> None:
        if self._search is not None and self._search.number == number:
            self._search.clear = place

    def _learn(self, search: _Search, sought: Sought) -> None:
        search.sought = sought
        if sought.hit is None:
            search.clear = sought.place

    def _fail(self, error: Exception) -> None:
        """Nothing is known: what is played to the end stops nowhere, and it is said why."""
        search = self._search
        if search is not None:
            search.clear = 0 if search.asked.is_back else self._selection.head
            search.sought = Sought(hit=None, event=None, place=search.clear)
        if isinstance(error, StoreError):
            self._running.stopped.emit(said("Breakpoints are ignored: {error}", error=error))
        else:
            self.failed.emit(error)


def _place(order: EventOrder | None, position: int) -> int:
    """In the order of an axis, from 1."""
    return position if order is None or not position else order.place(position) + 1


def _position(order: EventOrder | None, place: int) -> int:
    return place if order is None else int(order.positions[place - 1])


def _is_of_use(search: _Search, here: int) -> bool:
    """Whether the cursor is on the way, and what is known of it does not end here."""
    sign = -1 if search.asked.is_back else 1
    if (here - search.start) * sign < 0:
        return False
    if search.stop is not None:
        return (search.stop - here) * sign > 0
    is_over = search.sought is not None and (search.clear - here) * sign <= 0
    return not is_over and (search.clear - here) * sign >= 0
