"""Streams, by category where there are many, and event types to choose from."""

import time
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.kept_order import KeptOrder
from gui.viewmodels.navigator_rows import NOTHING, PAGE, Listed, StreamRow, Wanted, list_rows
from gui.viewmodels.row_places import RowPlaces
from gui.viewmodels.told_apart import told_apart
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.navigation import (
    LISTED,
    SORTS,
    Counted,
    Sort,
    StreamList,
    TypeList,
    list_types,
)
from replay.timeline.timeline_index import MOST_TYPES

NO_TYPES: Final = TypeList(types=(), first=(), total=0, events=0)
SHARE: Final = 20  # of one reader's time that a list of many streams may take: one part of these


class NavigatorViewModel(QObject):
    """`streams_changed()`, `types_changed()`, `failed(error)`.

    Asks again when the views have advanced; the text filter runs over all streams. Of a category
    the streams are read that somebody has come to.
    """

    streams_changed = Signal()
    types_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, *, most_types: int = LISTED) -> None:
        """Of more than `most_types` the most frequent are listed."""
        super().__init__()
        self.listed_types: list[Counted] = []  # the most frequent first, as of the first count
        self.type_words: dict[str, str] = {}
        self.type_numbers: dict[str, int] = {}  # the places in the palette of those that came first
        self._types = NO_TYPES
        self._most_types = most_types
        self._tasks, self._selection = tasks, selection
        self._type_order, self._row_places = KeptOrder(), RowPlaces()
        self._first_head = 0  # of the log, when the first types were counted
        self._listed: Listed = NOTHING
        self._wanted = Wanted()
        self._resting = QTimer(self, singleShot=True)
        self._is_due = False
        self._resting.timeout.connect(self._ask_if_due)

    @property
    def streams(self) -> StreamList:
        """The streams that are listed, and how many there are in all."""
        return self._listed.streams

    @property
    def types(self) -> tuple[Counted, ...]:
        """Those that are listed, in the order in which they first appeared."""
        return self._types.types

    @property
    def types_total(self) -> int:
        """How many types there are."""
        return self._types.total

    @property
    def is_counting(self) -> bool:
        """Whether there are events, and none of them is counted yet."""
        return bool(self._selection.head) and not self._types.events

    @property
    def rows(self) -> tuple[StreamRow, ...]:
        """Categories, and streams."""
        return self._listed.rows

    @property
    def sort(self) -> Sort:
        """What the streams go by."""
        return self._wanted.sort

    def search_streams(self, containing: str) -> None:
        """List the streams whose name holds a text."""
        self._want(Wanted(containing=containing, sort=self.sort, opened=self._wanted.opened))

    @Slot(str)
    def sort_by(self, sort: str) -> None:
        """List the streams by name, by how many events they have, or the newest first."""
        if sort in SORTS:
            self._want(
                Wanted(
                    containing=self._wanted.containing,
                    sort=next(it for it in SORTS if it == sort),
                    opened=self._wanted.opened,
                )
            )

    def open_category(self, category: str, *, is_open: bool) -> None:
        """Show the streams of a category, or hide them."""
        opened = {it.name: PAGE for it in self.rows if it.kind == "category" and it.is_open}
        opened |= dict(self._wanted.opened or ())
        if is_open:
            opened[category] = opened.get(category, PAGE)
        else:
            opened.pop(category, None)
        self._open(opened)

    def want_more(self, category: str) -> None:
        """Somebody has come to the last of the streams that are listed of a category."""
        opened = dict(self._wanted.opened or ())
        listed = sum(it.kind == "stream" and it.is_inner for it in self._rows_of(category))
        if opened.get(category, PAGE) <= listed:  # else they are on their way
            self._open({**opened, category: listed + PAGE})

    @Slot()
    def refresh(self) -> None:
        """The views have advanced: ask for both lists again."""
        self._is_due = True
        self._ask_if_due()

    def color_index(self, type_: str) -> int:
        """The type's place in the palette: types keep it as long as the log lives. Those that the
        time panel counts together look like their lane."""
        return self.type_numbers.get(type_, min(len(self.type_numbers), MOST_TYPES - 1))

    def _rows_of(self, category: str) -> list[StreamRow]:
        """The rows behind a category's own, up to the next one's."""
        rows: list[StreamRow] = []
        is_of_it = False
        for it in self.rows:
            if it.kind == "category":
                is_of_it = it.name == category
            elif is_of_it:
                rows.append(it)
        return rows

    def _open(self, opened: dict[str, int]) -> None:
        wanted = self._wanted
        self._want(
            Wanted(
                containing=wanted.containing, sort=wanted.sort, opened=tuple(sorted(opened.items()))
            )
        )

    def _want(self, wanted: Wanted) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._row_places.forget()
            self._ask(restart=True)

    def _ask(self, *, restart: bool) -> None:
        self._is_due = False
        work = partial(_timed, wanted=self._wanted)
        self._tasks.latest(
            "streams", work, done=self._show_streams, failed=self.failed.emit, restart=restart
        )

    @Slot()
    def _ask_if_due(self) -> None:
        """Not while the lists rest: many streams or types take long to count."""
        if self._is_due and not self._resting.isActive():
            self._ask(restart=False)
            work = partial(_types, most=self._most_types)
            self._tasks.latest("types", work, done=self._show_types, failed=self.failed.emit)

    def _show_streams(self, found: tuple[Listed, float]) -> None:
        listed, seconds = found
        self._rest(seconds)
        if self._is_first_count:
            self._row_places.forget()
        listed = replace(listed, rows=self._row_places.arranged(listed.rows))
        if listed != self._listed:
            self._listed = listed
            self.streams_changed.emit()

    def _show_types(self, found: tuple[TypeList, float]) -> None:
        types, seconds = found
        self._rest(seconds)
        if types != self._types:
            self._types = types
            self._arrange_types()
            self.type_words = told_apart([it.name for it in types.types])
            self.type_numbers = {name: number for number, name in enumerate(types.first)}
            self.types_changed.emit()

    def _rest(self, seconds: float) -> None:
        """After a look that took so long; one that has begun is not made shorter."""
        rest = round(seconds * 1_000 * SHARE)
        if rest > self._resting.remainingTime():
            self._resting.start(rest)

    @property
    def _is_first_count(self) -> bool:
        """Whether the views have not yet come to where the log was at the beginning."""
        return self._types.events <= self._first_head

    def _arrange_types(self) -> None:
        self._first_head = self._first_head or self._selection.head
        if self._is_first_count:
            self._type_order.forget()
        by_count = sorted(self.types, key=lambda it: -it.count)
        self.listed_types = self._type_order.arranged(by_count, lambda it: it.name)


def _timed(reads: Reads, *, wanted: Wanted) -> tuple[Listed, float]:
    begun = time.perf_counter()
    return list_rows(reads, wanted=wanted), time.perf_counter() - begun


def _types(reads: Reads, *, most: int) -> tuple[TypeList, float]:
    begun = time.perf_counter()
    views = reads.views()
    types = NO_TYPES if views is None else list_types(views, most=most, numbered=MOST_TYPES - 1)
    return types, time.perf_counter() - begun
