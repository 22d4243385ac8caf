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
from replay.history.navigation import SORTS, Counted, Sort, StreamList, list_types

SHARE: Final = 20  # of one reader's time that a list of many streams may take: one part of these


class NavigatorViewModel(QObject):
    """`streams_changed()`, `types_changed()`, `failed(error)`.

    Asks again when the views have advanced; the text filter runs over all streams. Of a category
    the streams are read that somebody has come to.
    """

    streams_changed = Signal()
    types_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.types: tuple[Counted, ...] = ()
        self.listed_types: list[Counted] = []  # the most frequent first, as of the first count
        self.type_words: dict[str, str] = {}
        self.type_numbers: dict[str, int] = {}  # a type's place in the palette
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
        self._tasks.latest("types", _types, done=self._show_types, failed=self.failed.emit)

    def color_index(self, type_: str) -> int:
        """The type's place in the palette: types keep it as long as the log lives."""
        return self.type_numbers.get(type_, len(self.type_numbers))

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
        """Not while the list rests: one of many streams takes long to count."""
        if self._is_due and not self._resting.isActive():
            self._ask(restart=False)

    def _show_streams(self, found: tuple[Listed, float]) -> None:
        listed, seconds = found
        self._resting.start(round(seconds * 1_000 * SHARE))
        if self._is_first_count:
            self._row_places.forget()
        listed = replace(listed, rows=self._row_places.arranged(listed.rows))
        if listed != self._listed:
            self._listed = listed
            self.streams_changed.emit()

    def _show_types(self, types: tuple[Counted, ...]) -> None:
        if types != self.types:
            self.types = types
            self._arrange_types()
            self.type_words = told_apart([it.name for it in types])
            self.type_numbers = {it.name: number for number, it in enumerate(types)}
            self.types_changed.emit()

    @property
    def _is_first_count(self) -> bool:
        """Whether the views have not yet come to where the log was at the beginning."""
        return sum(it.count for it in self.types) <= self._first_head

    def _arrange_types(self) -> None:
        self._first_head = self._first_head or self._selection.head
        if self._is_first_count:
            self._type_order.forget()
        by_count = sorted(self.types, key=lambda it: -it.count)
        self.listed_types = self._type_order.arranged(by_count, lambda it: it.name)


def _timed(reads: Reads, *, wanted: Wanted) -> tuple[Listed, float]:
    begun = time.perf_counter()
    return list_rows(reads, wanted=wanted), time.perf_counter() - begun


def _types(reads: Reads) -> tuple[Counted, ...]:
    views = reads.views()
    return () if views is None else list_types(views)
