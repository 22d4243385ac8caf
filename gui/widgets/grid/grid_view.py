"""A table of millions of rows that paints straight from its model's ready rows."""

from typing import Any, Final, Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from gui.look.theme import themes
from gui.widgets.empty_words import EmptyWords
from gui.widgets.grid.cell_tips import CellTips
from gui.widgets.grid.column_fitting import ColumnFitting
from gui.widgets.grid.column_layout import layout_of, layout_text
from gui.widgets.grid.grid_header import GridHeader
from gui.widgets.grid.grid_painter import (
    Column,
    PlacedColumn,
    PlacedRow,
    RowCells,
    paint_focus,
    paint_rows,
)
from gui.widgets.own_keys import takes_key

__all__ = ["MOST_PX", "Column", "GridRows", "GridView", "RowCells"]

MOST_PX: Final = 2**31 - 1  # Qt counts a table's height in 32 bits
_TO_ROW: Final = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)
_TO_CURRENT: Final = QItemSelectionModel.SelectionFlag.Current
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDS: Final = (Qt.Key.Key_Home, Qt.Key.Key_End)


class GridRows(Protocol):
    """What the grid asks of its model besides Qt's own methods. `data()` is asked by screen
    readers alone; painting never calls it.
    """

    def cells(self, row: int) -> RowCells | None:
        """The row ready to be painted; None while it is on its way. Must not block."""


class GridView(QTableView):
    """One current row, which keys and clicks move; Shift widens the selection.

    Signals: `row_chosen(row)` when a person moves to a row, `range_chosen(start, end)` when more
    than one is selected (`end` is the current row, `start` where the selection began),
    `row_activated(row)` on Enter or double click, `rows_visible(first, last)` when other rows
    come into sight, `copy_wanted((first, last))` on Ctrl+C, `removal_wanted(id)` of a column.

    With `fits` columns are as wide as what the rows in sight hold; see `column_fitting`. `empty`
    is what it says while there are no rows.
    """

    row_chosen = Signal(int)
    range_chosen = Signal(int, int)
    row_activated = Signal(int)
    rows_visible = Signal(int, int)
    copy_wanted = Signal(object)
    removal_wanted = Signal(str)
    arrange_wanted = Signal()

    def __init__(
        self,
        name: str,
        columns: tuple[Column, ...],
        *,
        warning_column: int = -1,
        fits: bool = False,
        empty: str = "",
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._columns = columns
        self._warning_column = warning_column
        self._row_px = themes().current.row_px
        self._last_bright_row = MOST_PX
        self.marked_column = -1  # of the current row: its cell is painted as the chosen one
        self.keeps_ends = True  # Home and End move in here, whatever they do in the window
        self._is_setting_row = False
        self._start_row = -1  # where a selection of more than one row began
        self._header = GridHeader(columns, self)
        self._fitting = ColumnFitting(self, self._header, is_on=fits)
        self._fitting.learn_columns(columns)
        self._header.remove_wanted.connect(self.removal_wanted)
        self._header.arrange_wanted.connect(self.arrange_wanted)
        self._set_up()
        self._tips = CellTips(self, self.columns)
        self.empty_words = EmptyWords(self, empty)
        self.verticalScrollBar().valueChanged.connect(self._tell_visible)
        self.activated.connect(self._tell_activated)
        themes().changed.connect(self._restyle)

    @staticmethod
    def most_rows() -> int:
        """How many rows Qt can show at this row height; a model must not have more."""
        return MOST_PX // max(themes().current.row_px, 1)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self._header.set_widths()
        if model is not None:
            self.selectionModel().currentRowChanged.connect(self._tell_row)
            self.selectionModel().selectionChanged.connect(self._tell_range)
            model.rowsInserted.connect(self._tell_visible)
            model.modelReset.connect(self._tell_visible)
            model.modelReset.connect(self.fit_columns)
            model.dataChanged.connect(self._fitting.fit_if_due)
        self.empty_words.follow(model)

    # Rows.

    def dim_after(self, row: int) -> None:
        """Paint the rows behind this one faintly: they are the future."""
        if row != self._last_bright_row:
            self._last_bright_row = row
            self.viewport().update()

    def go_to_row(self, row: int) -> None:
        """Make a row the current one and bring it into sight, without telling anyone."""
        model = self.model()
        if model is None or not 0 <= row < model.rowCount():
            return
        self._is_setting_row = True
        self.scroll_to_row(row)  # first: Qt would bring it to the nearest edge
        if row != self.current_row() or self.selected_range() is None:  # a range stays
            self.selectionModel().setCurrentIndex(model.index(row, 0), _TO_ROW)
        self._is_setting_row = False

    def scroll_to_row(self, row: int, *, center: bool = True) -> None:
        """Bring a row into sight; one that already is stays where it is."""
        first, last = self.visible_rows()
        if first <= row < max(last, first + 1):
            return
        above = (last - first) // 2 if center else 0 if row < first else last - first - 1
        self.verticalScrollBar().setValue(row - above)

    def current_row(self) -> int:
        """The row that keys move; -1 for none."""
        return self.currentIndex().row()

    def selected_range(self) -> tuple[int, int] | None:
        """The first and last selected row."""
        if self.model() is None:
            return None
        chosen = self.selectionModel().selection()
        if not (parts := [chosen.at(at) for at in range(chosen.count())]):
            return None
        return min(part.top() for part in parts), max(part.bottom() for part in parts)

    def visible_rows(self) -> tuple[int, int]:
        """The first and last row in sight; the last may be cut off."""
        first = self.verticalScrollBar().value()
        return first, first + max(self.viewport().height() // self._row_px, 1)

    def is_at_end(self) -> bool:
        """Whether the last row is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum()

    # Columns.

    def columns(self) -> tuple[Column, ...]:
        """How they look, in the order of the model."""
        return self._columns

    def set_columns(self, columns: tuple[Column, ...]) -> None:
        """Other columns, once the model has them."""
        self._columns = columns
        self._fitting.learn_columns(columns)
        self._header.set_columns(columns)
        self.viewport().update()

    def swap_columns(self, one: int, other: int) -> None:
        """Let two columns change places, wherever they stand; twice is as before."""
        header = self._header
        header.swapSections(header.visualIndex(one), header.visualIndex(other))

    def learn_columns(self, columns: tuple[Column, ...]) -> None:
        """The model has a column more or less than before; the others stay as they are."""
        self._columns = columns
        self._fitting.learn_columns(columns)
        self._header.learn_columns(columns)
        self.fit_columns()

    def save_columns(self) -> QByteArray:
        """Order, widths that a person chose, and which columns are hidden, by the columns' ids."""
        return QByteArray(layout_text(self._header.places()))

    def restore_columns(self, state: QByteArray) -> None:
        """Put saved columns back, those that are there; those that come later, when they do."""
        self._header.lay_out(layout_of(bytes(state.data())))

    @Slot()
    def fit_columns(self) -> None:
        """Let columns fit what the rows in sight hold, once those are there."""
        self._fitting.fit()

    def is_settled(self) -> bool:
        """Whether the columns have been fitted to rows that stood still."""
        return self._fitting.is_settled

    def sizeHintForColumn(self, at: int) -> int:
        """For a double click at the edge of a column."""
        return self._fitting.needed_px(at)

    def column_menu(self) -> QMenu:
        """A menu that shows and hides columns; the caller deletes it."""
        return self._header.menu()

    # What Qt asks.

    def selectAll(self) -> None:
        """Selecting millions of rows one by one would take minutes; there is no use for it."""

    def setSelection(  # noqa: N802 Qt's name
        self, rect: QRect, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Qt widens from where a person last clicked; here it is from the row that was chosen
        last, by whomever.
        """
        is_drag = self.state() == QAbstractItemView.State.DragSelectingState
        if is_drag or self._start_row < 0 or not command & _TO_CURRENT:
            super().setSelection(rect, command)
            return
        start, end = sorted((self._start_row, self.current_row()))
        rows = QItemSelection(self.model().index(start, 0), self.model().index(end, 0))
        self.selectionModel().select(rows, _TO_ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes().current
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme["canvas"])
        model: Any = self.model()
        if model is None or not model.rowCount():
            return
        first, last = self._rows_in(event.rect(), model.rowCount())
        self._paint_ground(painter, first, last)
        top, chosen = self._top_of(first), self.selected_range() or (-1, -1)
        rows = [
            PlacedRow(
                top + (row - first) * self._row_px,
                model.cells(row),
                row > self._last_bright_row and not chosen[0] <= row <= chosen[1],
            )
            for row in range(first, last + 1)
        ]
        paint_rows(
            painter,
            rows,
            self._columns_in_sight(),
            row_px=self._row_px,
            warning_column=self._warning_column,
            theme=theme,
        )

    def event(self, event: QEvent) -> bool:
        is_asked = self.keeps_ends and event.type() == QEvent.Type.ShortcutOverride
        return (is_asked and takes_key(event, _ENDS)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._want_copy()
        elif event.key() in _ENTER and self.currentIndex().isValid():
            self.row_activated.emit(self.currentIndex().row())
        elif event.key() in _ENDS and not event.modifiers() and self.model() is not None:
            last = self.model().rowCount() - 1
            index = self.model().index(last if event.key() == Qt.Key.Key_End else 0, 0)
            self.selectionModel().setCurrentIndex(index, _TO_ROW)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fitting.fit_if_due()

    def focusInEvent(self, event: QFocusEvent) -> None:
        was_setting, self._is_setting_row = self._is_setting_row, True  # Qt chooses a row here
        super().focusInEvent(event)
        self._is_setting_row = was_setting
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._header.fit(self.viewport().width())
        self._tell_visible()
        self._fitting.fit_if_due()

    def _set_up(self) -> None:
        self.setHorizontalHeader(self._header)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        vertical = self.verticalHeader()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(self._row_px)
        vertical.setDefaultSectionSize(self._row_px)
        vertical.hide()

    def _rows_in(self, box: QRect, count: int) -> tuple[int, int]:
        start = self.verticalScrollBar().value()
        offset = self.rowViewportPosition(start)
        first = start + (box.top() - offset) // self._row_px  # at the end, one above is cut off
        last = start + (box.bottom() - offset) // self._row_px
        return max(first, 0), min(last, count - 1)

    def _top_of(self, row: int) -> int:
        start = self.verticalScrollBar().value()
        return self.rowViewportPosition(start) + (row - start) * self._row_px

    def _columns_in_sight(self) -> list[PlacedColumn]:
        header, width = self._header, self.viewport().width()
        placed = []
        for at, column in enumerate(self._columns):
            left, size = header.sectionViewportPosition(at), header.sectionSize(at)
            if size > 0 and left < width and left + size > 0:
                placed.append(PlacedColumn(at, left, size, column))
        return placed

    def _paint_ground(self, painter: QPainter, first: int, last: int) -> None:
        theme, width = themes().current, self.viewport().width()
        chosen = self.selected_range()
        if chosen is not None:
            top, bottom = max(chosen[0], first), min(chosen[1], last)
            if top <= bottom:
                height = (bottom - top + 1) * self._row_px
                painter.fillRect(QRect(0, self._top_of(top), width, height), theme["selection"])
        current = self.currentIndex().row()
        if self.marked_column >= 0 and first <= current <= last:
            cell = self.visualRect(self.model().index(current, self.marked_column))
            painter.fillRect(cell, theme["changed"])
        if self.hasFocus() and first <= current <= last:
            box = QRect(0, self._top_of(current), width, self._row_px)
            paint_focus(painter, box, theme["accent"])

    def _want_copy(self) -> None:
        if (chosen := self.selected_range()) is not None:
            self.copy_wanted.emit(chosen)

    @Slot(QModelIndex)
    def _tell_row(self, current: QModelIndex) -> None:
        self.viewport().update()  # Qt would repaint the cells, and leave the frame round the row
        if not self._is_setting_row and current.isValid():
            self.row_chosen.emit(current.row())

    @Slot()
    def _tell_range(self) -> None:
        first, last = self.selected_range() or (-1, -1)
        if first == last:
            self._start_row = first
        elif not self._is_setting_row:
            is_upward = self._start_row > first
            self.range_chosen.emit(*((last, first) if is_upward else (first, last)))

    @Slot(QModelIndex)
    def _tell_activated(self, index: QModelIndex) -> None:
        self.row_activated.emit(index.row())

    @Slot()
    def _tell_visible(self) -> None:
        self.rows_visible.emit(*self.visible_rows())
        self._fitting.fit_if_due()

    @Slot()
    def _restyle(self) -> None:
        self._row_px = themes().current.row_px
        self.verticalHeader().setMinimumSectionSize(self._row_px)
        self.verticalHeader().setDefaultSectionSize(self._row_px)
        self.viewport().update()
