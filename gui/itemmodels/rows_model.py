"""Rows of text as a Qt model that the grid paints."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gui.viewmodels.painted_row import PaintedRow

Index = QModelIndex | QPersistentModelIndex

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NOWHERE: Final = QModelIndex()


class RowsModel(QAbstractTableModel):
    """All rows are there; for lists of some hundreds."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = tuple(titles)
        self._rows: tuple[PaintedRow, ...] = ()

    def show_rows(self, rows: Sequence[PaintedRow]) -> None:
        """Show these; a list that is the same is left as it stands."""
        if tuple(rows) != self._rows:
            self.beginResetModel()
            self._rows = tuple(rows)
            self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        is_title = role == _DISPLAY and orientation == Qt.Orientation.Horizontal
        return self._titles[section] if is_title and 0 <= section < len(self._titles) else None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _ACCESSIBLE) or not index.isValid():
            return None
        return self._rows[index.row()].texts[index.column()]

    def cells(self, row: int) -> PaintedRow:
        """The row ready to be painted."""
        return self._rows[row]
