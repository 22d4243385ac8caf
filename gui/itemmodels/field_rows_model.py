"""The history of a field as a Qt model."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot

from gui.viewmodels.field_rows import TITLES, FieldRowsViewModel
from gui.viewmodels.painted_row import PaintedRow
from store.visible_text import visible

Index = QModelIndex | QPersistentModelIndex

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NOWHERE: Final = QModelIndex()


class FieldRowsModel(QAbstractTableModel):
    """`most` rows can be shown: the latest changes."""

    def __init__(self, rows: FieldRowsViewModel, *, most: int) -> None:
        super().__init__()
        self._rows, self._most = rows, most
        self._count = min(rows.count, most)
        rows.reset.connect(self._reset)
        rows.arrived.connect(self._show)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        is_title = role == _DISPLAY and orientation == Qt.Orientation.Horizontal
        return TITLES[section] if is_title and 0 <= section < len(TITLES) else None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _ACCESSIBLE) or not index.isValid():
            return None
        cells = self.cells(index.row())
        return "" if cells is None else cells.texts[index.column()]

    def cells(self, row: int) -> PaintedRow | None:
        """The row ready to be painted; None while its event is on its way."""
        texts = self._rows.texts(row) if row < self._rows.count else None
        if texts is None:
            return None
        return PaintedRow(texts=tuple(map(visible, texts)), color_index=0)

    @Slot()
    def _reset(self) -> None:
        self.beginResetModel()
        self._count = min(self._rows.count, self._most)
        self.endResetModel()

    @Slot(int, int)
    def _show(self, first: int, last: int) -> None:
        last = min(last, self._count - 1)
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(TITLES) - 1))
