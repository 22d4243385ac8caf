"""A grid of texts whose columns may become others: results of a question, rows of a view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.grid_view import Column, GridView

Index = QModelIndex | QPersistentModelIndex

LEAST_PX: Final = 72
MOST_PX: Final = 260
LETTER_PX: Final = 8
PADDING_PX: Final = 24
LOOKED_AT: Final = 50  # rows that a column's width is taken from
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One row; `is_warning` paints its first column in the warning colour."""

    texts: tuple[str, ...]
    is_warning: bool = False
    color_index: int = 0


class TextGrid(QWidget):
    """`row_chosen(row)` when a person moves to a row, `row_activated(row)` on Enter."""

    row_chosen = Signal(int)
    row_activated = Signal(int)
    scrolled = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._titles: tuple[str, ...] = ()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._model = _Model(())
        self.grid = self._new_grid(())

    def show_rows(self, titles: Sequence[str], rows: Sequence[TextRow]) -> None:
        """Show these in place of what was shown."""
        if tuple(titles) != self._titles:
            self._titles = tuple(titles)
            widths = [_width(title, [it.texts[n] for it in rows[:LOOKED_AT]])
                      for n, title in enumerate(titles)]  # fmt: skip
            self._rows.removeWidget(self.grid)
            self.grid.deleteLater()
            self._model = _Model(self._titles)
            self.grid = self._new_grid(
                tuple(
                    Column(title=title, width=width, is_mono=True)
                    for title, width in zip(titles, widths, strict=True)
                )
            )
        if self._model.has(rows):
            return
        row, top = self.grid.current_row(), self.grid.verticalScrollBar().value()
        self._model.show_rows(rows)
        if row >= 0:
            self.grid.go_to_row(row)
        self.scroll_to(top)

    def scroll_to(self, value: int) -> None:
        """Bring the row with this number to the top."""
        self.grid.verticalScrollBar().setValue(value)

    def go_to_row(self, row: int) -> None:
        """Make a row the current one, without telling anyone."""
        self.grid.go_to_row(row)

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        return self._model.text(row, column)

    def count(self) -> int:
        """How many rows there are."""
        return self._model.rowCount()

    def _new_grid(self, columns: tuple[Column, ...]) -> GridView:
        grid = GridView(self._name, columns, warning_column=0)
        grid.setModel(self._model)
        grid.row_chosen.connect(self.row_chosen)
        grid.row_activated.connect(self.row_activated)
        grid.verticalScrollBar().valueChanged.connect(self._tell_scroll)
        self._rows.addWidget(grid)
        return grid

    @Slot(int)
    def _tell_scroll(self, value: int) -> None:
        self.scrolled.emit(value)


class _Model(QAbstractTableModel):
    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__()
        self._titles = titles
        self._rows: tuple[TextRow, ...] = ()

    def show_rows(self, rows: Sequence[TextRow]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def has(self, rows: Sequence[TextRow]) -> bool:
        return tuple(rows) == self._rows

    def text(self, row: int, column: int) -> str:
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
        return self.text(index.row(), index.column())

    def cells(self, row: int) -> TextRow:
        """The row ready to be painted."""
        return self._rows[row]


def _width(title: str, texts: Sequence[str]) -> int:
    longest = max((len(it) for it in (title, *texts)), default=0)
    return min(max(longest * LETTER_PX + PADDING_PX, LEAST_PX), MOST_PX)
