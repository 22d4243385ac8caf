"""Rows of text as a Qt model that the grid paints."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from store.visible_text import visible

Index = QModelIndex | QPersistentModelIndex

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One row; `is_warning` paints its warning column in the colour of its tone."""

    texts: tuple[str, ...]
    is_warning: bool = False
    tone: str = "warn"
    color_index: int = 0


class TextRows(QAbstractTableModel):
    """All rows are there; for lists of some thousands."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = tuple(titles)
        self._rows: tuple[TextRow, ...] = ()

    def show_titles(self, titles: Sequence[str]) -> None:
        """Other columns, and no rows yet."""
        self.beginResetModel()
        self._titles, self._rows = tuple(titles), ()
        self.endResetModel()

    def show_rows(self, rows: Sequence[TextRow]) -> bool:
        """Show these. Returns whether they are others: a list that is the same stands still."""
        if tuple(rows) == self._rows:
            return False
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()
        return True

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        return self._rows[row].texts[column]

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
        return visible(self.text(index.row(), index.column()))

    def cells(self, row: int) -> TextRow:
        """The row ready to be painted."""
        return self._rows[row]
