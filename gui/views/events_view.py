"""The endless event table with its filter bar."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QByteArray, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from gui.itemmodels.event_model import EventModel
from gui.panel import Panel
from gui.selection import Selection
from gui.viewmodels.completion import CompletionViewModel, Offers
from gui.viewmodels.event_columns import EVENT_COLUMNS, EventColumn, copied_line
from gui.viewmodels.event_count import count_words
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.filter_text import EXAMPLE, LANGUAGE, WORDS, kind_of_typed, wrong_typed
from gui.viewmodels.navigator import NavigatorViewModel
from gui.viewmodels.pinned_column import PinnedSource
from gui.viewmodels.row_copies import RowCopiesViewModel
from gui.viewmodels.row_marks import RowMarksViewModel
from gui.widgets.chip import Chip
from gui.widgets.empty_state import EmptyState
from gui.widgets.filter_box import FilterBox
from gui.widgets.grid.grid_place import GridPlace
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.pill import Pill
from gui.widgets.words import Words
from gui.words import counted, said

PLACEHOLDER: Final = said("words, or a filter: {example}", example=EXAMPLE)
NONE: Final = said("No event matches this filter.")
EMPTY: Final = said(
    "This store has no events yet. Issue a command, import a file with Ctrl+I, or append from a "
    "program. Events appear here as they are committed."
)
WARNING_COLUMN: Final = next(at for at, it in enumerate(EVENT_COLUMNS) if it.warns)


def _at(id_: str) -> int:
    """The number of a column."""
    return next(at for at, it in enumerate(EVENT_COLUMNS) if it.id == id_)


def _painted(column: EventColumn) -> Column:
    """How the grid paints a column."""
    return Column(
        id=column.id,
        title=column.title,
        width=column.width_px,
        is_mono=column.is_mono,
        is_right=column.is_right,
        is_dim=column.is_dim,
        has_swatch=column.has_swatch,
        is_flexible=column.is_flexible,
        is_removable=column.source is not None,
        widest=column.widest,
        tight=column.tight_px,
        leads=column.leads,
    )


COLUMNS: Final = tuple(map(_painted, EVENT_COLUMNS))


class EventsView(QFrame):
    """Moving to a row moves the cursor there and shows its stream's state."""

    def __init__(
        self,
        events: EventListViewModel,
        filter_: FilterViewModel,
        navigator: NavigatorViewModel,
        selection: Selection,
        *,
        copies: RowCopiesViewModel,
        completion: CompletionViewModel,
        marks: RowMarksViewModel,
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Events"))
        self.setProperty("role", "canvas")
        self._events, self._filter = events, filter_
        self._selection, self._copies = selection, copies
        self._seen_count = events.count
        self._is_row_awaited = self._is_typing = False
        self._is_arriving = True  # at another list: its columns fit the rows around the cursor
        self._digits = 0  # of the newest position
        self._is_occurred_first = False
        self._completion = completion
        self._typed = ""  # as last shown
        self.where = FilterBox(
            said("Search or filter events"), PLACEHOLDER, kind=kind_of_typed, wrong=wrong_typed
        )
        self.search = self.where.line
        self.stop = Chip(said("Stop the search"))
        self.only_stream = Chip(said("Clear the stream filter"))
        self.only_types = Chip(said("Clear the type filter"))
        self.news = Chip(said("Go to the new events and follow"))
        self.count = Pill(said("Events shown"))
        self.copying, self.notice = Words("dim"), Words("dim")
        self.grid = GridView(said("Event table"), COLUMNS, warning_column=WARNING_COLUMN, fits=True)
        self.grid.keeps_ends = False  # its rows are moments: they go where the window goes
        self._place = GridPlace(events, self.grid)
        self.empty = EmptyState(said("No events listed"))
        self._pages = QStackedWidget()
        self._model = EventModel(events, navigator, marks, most=GridView.most_rows())
        self.grid.setModel(self._model)
        self._learn_columns()
        self._lay_out()
        self._connect()
        self._show_filter()
        self._show_count()
        self._show_cursor()
        self._show_axis()

    @Slot(str)
    def say(self, words: str) -> None:
        """Something about the list that a person may not expect; until the axis is another one."""
        self.notice.say(words)

    def save_columns(self) -> QByteArray:
        """Order, widths and visibility of the columns, as they are on the recorded axis."""
        is_first = self._is_occurred_first
        self._put_occurred_first(False)
        saved = self.grid.save_columns()
        self._put_occurred_first(is_first)
        return saved

    def restore_columns(self, state: QByteArray) -> None:
        """Put the columns back as they were."""
        is_first = self._is_occurred_first
        self._put_occurred_first(False)
        self.grid.restore_columns(state)
        self._put_occurred_first(is_first)

    def _lay_out(self) -> None:
        bar = QFrame()
        bar.setProperty("role", "bar")
        cells = QHBoxLayout(bar)
        cells.setContentsMargins(8, 5, 8, 5)
        cells.setSpacing(6)
        self.where.setToolTip(
            said(
                "Type words, or a filter, and press Enter to list the matching events.\n{language}",
                language=LANGUAGE,
            )
        )
        cells.addWidget(self.where, 1)
        cells.addWidget(self.only_stream)
        cells.addWidget(self.only_types)
        cells.addWidget(self.news)
        cells.addWidget(self.count, 0, Qt.AlignmentFlag.AlignVCenter)
        cells.addWidget(self.stop)
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.empty)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(bar)
        self.copying.setContentsMargins(8, 4, 8, 4)
        rows.addWidget(self.copying)
        self.notice.setContentsMargins(8, 4, 8, 4)
        rows.addWidget(self.notice)
        rows.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self._events.reset.connect(self._show_list)
        self._events.page_arrived.connect(self._show_awaited)
        self._events.grown.connect(self._show_growth)
        self._events.filtering_changed.connect(self._show_filtering)
        self._events.searched.connect(self._show_progress)
        self._events.ordering.connect(self._show_count)
        self._events.columns.added.connect(self._learn_columns)
        self._events.columns.added.connect(self._bring_into_sight)
        self._events.columns.removed.connect(self._learn_columns)
        self._events.columns.years_shown.connect(self._learn_columns)
        self._filter.changed.connect(self._show_filter)
        self._selection.as_of_changed.connect(self._show_cursor)
        self._selection.follow_changed.connect(self._show_growth)
        self._selection.axis_changed.connect(self._show_axis)
        self.where.rested.connect(self._look_for_words)
        self.where.entered.connect(self._apply)
        self.where.offers_wanted.connect(self._completion.ask)
        self._completion.offered.connect(self._show_offers)
        self._completion.doubted.connect(self._show_doubt)
        self.stop.clicked.connect(self._events.stop)
        self.only_stream.clicked.connect(self._drop_stream)
        self.only_types.clicked.connect(self._drop_types)
        self.news.clicked.connect(self._follow)
        self.empty.step_wanted.connect(self._filter.clear)
        self.grid.row_chosen.connect(self._choose_row)
        self.grid.range_chosen.connect(self._choose_range)
        self.grid.rows_visible.connect(self._events.want_rows)
        self.grid.copy_wanted.connect(self._copy)
        self._copies.copied.connect(self._keep_copied)
        self._copies.told.connect(self._show_copying)
        self.search.left.connect(self.grid.setFocus)
        self.grid.removal_wanted.connect(self._events.columns.remove)

    @Slot()
    def _learn_columns(self) -> None:
        """The model has them already."""
        self._digits = len(str(self._selection.head))
        self.grid.learn_columns(self._columns())

    @Slot(int)
    def _bring_into_sight(self, at: int) -> None:
        """The column of a pinned field stands behind the type until it is put elsewhere: at the end
        it would often be out of sight."""
        if isinstance(self._events.columns.table[at].source, PinnedSource):
            header = self.grid.horizontalHeader()
            header.moveSection(header.visualIndex(at), header.visualIndex(_at("type")) + 1)

    def _columns(self) -> tuple[Column, ...]:
        """The columns that there are; the first has room for the newest position."""
        first, *others = map(_painted, self._events.columns.table)
        return (replace(first, widest=f"{self._selection.head:,}"), *others)

    @Slot()
    def _show_list(self) -> None:
        if self._events.is_regrown and self._place.go_back(self._selection.as_of):
            self._show_growth()
            return
        self._seen_count = self._events.count
        self._is_arriving = True
        self._show_growth()
        self._show_cursor()

    @Slot()
    def _show_growth(self) -> None:
        if len(str(self._selection.head)) != self._digits:
            self._learn_columns()
        fresh = self._events.count - self._seen_count
        if self._selection.is_following or self._events.is_filtering or self.grid.is_at_end():
            self._seen_count, fresh = self._events.count, 0
        if self._selection.is_following:
            self._show_cursor()  # in the order of the axis its row may have come only now
        news = counted("1 new event", "{count:,} new events", fresh)
        self.news.set_text(news if fresh > 0 else "")
        self._show_count()

    @Slot()
    def _show_count(self) -> None:
        self.count.set_text(count_words(self._events))
        self._show_page()

    def _show_page(self) -> None:
        """The table, or why there is none."""
        if self._events.count or self._events.is_filtering:
            self._pages.setCurrentWidget(self.grid)
            return
        if self._events.is_filtered:
            why = f"{NONE} {self._events.why_none}".strip()
            self.empty.show_state("search", why, said("Clear the filters"))
        else:
            self.empty.show_state("list", EMPTY)
        self._pages.setCurrentWidget(self.empty)

    @Slot()
    def _show_filter(self) -> None:
        stream, types = self._filter.stream, self._filter.types
        self.only_stream.set_text(f"{stream} ×" if stream else "")
        name = types[0] if len(types) == 1 else counted("{count} type", "{count} types", len(types))
        self.only_types.set_text(f"{name} ×" if types else "")
        if self._filter.typed != self._typed:  # else what is being written is left alone
            self._typed = self._filter.typed
            if not self._is_typing:
                self.where.set_text(self._typed)

    @Slot()
    def _show_axis(self) -> None:
        """The times that the list goes by stand in front."""
        self.notice.say("")
        self._put_occurred_first(self._selection.axis == "occurred")

    def _put_occurred_first(self, is_first: bool) -> None:
        if is_first != self._is_occurred_first:
            self._is_occurred_first = is_first
            self.grid.swap_columns(_at("recorded"), _at("occurred"))

    @Slot()
    def _show_cursor(self) -> None:
        """Go to the cursor's row; until it has come the table stays: a drag does not flicker."""
        row = self._events.row_of(self._selection.as_of)
        first, last = self.grid.visible_rows()
        around = (last - first) // 2 + 1
        self._is_row_awaited = row >= 0 and self._events.row(row) is None
        if self._is_row_awaited:
            self._events.want_rows(row - around, row + around)
            return
        self.grid.dim_after(row)
        self.grid.go_to_row(row)
        if self._is_arriving:
            self._is_arriving = False
            self.grid.fit_columns()

    @Slot()
    def _show_awaited(self) -> None:
        if self._is_row_awaited:
            self._show_cursor()

    @Slot(int)
    def _choose_row(self, row: int) -> None:
        event = self._events.row(row)
        if event is not None:
            self._selection.choose_stream(event.stream)
        self._selection.seek(self._events.position(row))

    @Slot(int, int)
    def _choose_range(self, first: int, last: int) -> None:
        self._selection.set_anchor(self._events.position(first))
        self._selection.seek(self._events.position(last))

    @Slot(object)
    def _copy(self, rows: tuple[int, int]) -> None:
        columns = self._events.columns.table
        self._copies.copy(*rows, partial(copied_line, columns=columns))

    @Slot(str)
    def _keep_copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    @Slot()
    def _show_copying(self) -> None:
        self.copying.say(self._copies.words)

    @Slot(str)
    def _look_for_words(self, text: str) -> None:
        """Words are looked for as one types; a filter waits for Enter, and lists meanwhile what was
        listed before the words that it began as."""
        self._is_typing = True
        if kind_of_typed(text) == WORDS:
            self._filter.set_typed(text)
        elif self._filter.text:
            self._filter.set_text("")
        self._is_typing = False

    @Slot(str)
    def _apply(self, text: str) -> None:
        self._is_typing = True
        self._filter.set_typed(text)
        self._is_typing = False
        self._completion.check(text)

    @Slot(object)
    def _show_offers(self, found: Offers) -> None:
        line = self.where.line
        if (line.text(), line.cursorPosition()) == (found.text, found.cursor):
            self.where.offer(found.start, [(it.text, it.detail) for it in found.offers])

    @Slot(str, int, str)
    def _show_doubt(self, text: str, at: int, sentence: str) -> None:
        if self.where.text() == text:
            self.where.tell(at, sentence)

    @Slot()
    def _show_filtering(self) -> None:
        """Once all was looked through the list is where the cursor is."""
        self.stop.set_text("")
        self._show_growth()
        if not self._events.is_filtering:
            self._show_cursor()

    @Slot()
    def _show_progress(self) -> None:
        self.stop.set_text(said("Stop ×"))
        self._show_count()

    @Slot()
    def _drop_stream(self) -> None:
        self._filter.set_stream("")

    @Slot()
    def _drop_types(self) -> None:
        self._filter.set_types(())

    @Slot()
    def _follow(self) -> None:
        self._selection.follow(True)


PANEL: Final = Panel(
    id="events",
    title=said("Events"),
    area="center",
    order=3,
    make=lambda it: EventsView(
        it.events,
        it.filter,
        it.navigator,
        it.selection,
        copies=it.row_copies,
        completion=it.completion,
        marks=RowMarksViewModel(it.two_times.late, it.inspector.corrections),
    ),
    begin=lambda it: it.grid.setFocus(),
)
