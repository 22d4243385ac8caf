"""The event list as a Qt model: the grid paints its ready rows, screen readers its texts."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot

from gui.viewmodels.event_columns import EventColumn
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_rows import EventRow
from gui.viewmodels.navigator import NavigatorViewModel
from gui.viewmodels.painted_row import PaintedRow
from gui.viewmodels.row_marks import RowMarksViewModel
from store.visible_text import visible

Index = QModelIndex | QPersistentModelIndex

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_HORIZONTAL: Final = Qt.Orientation.Horizontal
_NOWHERE: Final = QModelIndex()
MARKED: Final = "summary"  # the column that says that an event came late, or was corrected


class EventModel(QAbstractTableModel):
    """Rows and columns come and go with the view model's; `most` rows can be shown."""

    def __init__(
        self,
        events: EventListViewModel,
        navigator: NavigatorViewModel,
        marks: RowMarksViewModel,
        *,
        most: int,
    ) -> None:
        super().__init__()
        self._events = events
        self._navigator = navigator
        self._marks = marks
        self._most = most
        self._count = min(events.count, most)
        self._columns = events.columns.table
        events.columns.added.connect(self._add_column)
        events.columns.removed.connect(self._remove_column)
        events.columns.years_shown.connect(self._show_years)
        events.reset.connect(self._reset)
        events.grown.connect(self._grow)
        events.page_arrived.connect(self._show_page)
        marks.changed.connect(self._recolor)
        navigator.types_changed.connect(self._recolor)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        is_title = role == _DISPLAY and orientation == _HORIZONTAL
        if is_title and 0 <= section < len(self._columns):
            return self._columns[section].title
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _ACCESSIBLE) or not index.isValid():
            return None
        cells = self.cells(index.row())
        return "" if cells is None else cells.texts[index.column()]

    def cells(self, row: int) -> PaintedRow | None:
        """The row ready to be painted; None while its page is on its way."""
        event = self._events.row(row)
        return None if event is None else self._painted(event)

    def row_tip(self, row: int) -> str:
        """What is told where the mouse rests on a row: that its event came late, and how; what it
        corrects, or is corrected by."""
        event = self._events.row(row)
        return "" if event is None else self._marks.tip(event)

    def _painted(self, event: EventRow) -> PaintedRow:
        return PaintedRow(
            texts=tuple(visible(self._text(it, event)) for it in self._columns),
            color_index=self._navigator.color_index(event.type),
            is_warning=event.is_step_back or event.is_ahead,
        )

    def _text(self, column: EventColumn, event: EventRow) -> str:
        text = column.text(event)
        return self._marks.marked(event, text) if column.id == MARKED else text

    @Slot(int)
    def _add_column(self, place: int) -> None:
        self.beginInsertColumns(QModelIndex(), place, place)
        self._columns = self._events.columns.table
        self.endInsertColumns()

    @Slot(int)
    def _remove_column(self, place: int) -> None:
        self.beginRemoveColumns(QModelIndex(), place, place)
        self._columns = self._events.columns.table
        self.endRemoveColumns()

    @Slot()
    def _show_years(self) -> None:
        self._columns = self._events.columns.table
        self._recolor()

    @Slot()
    def _reset(self) -> None:
        self.beginResetModel()
        self._count = min(self._events.count, self._most)
        self.endResetModel()

    @Slot(object, object)
    def _grow(self, old: int, new: int) -> None:
        first, last = min(old, self._most), min(new, self._most) - 1
        if first <= last:
            self.beginInsertRows(QModelIndex(), first, last)
            self._count = last + 1
            self.endInsertRows()

    @Slot(object, object)
    def _show_page(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    @Slot()
    def _recolor(self) -> None:
        if self._count:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self._count - 1, len(self._columns) - 1)
            )
