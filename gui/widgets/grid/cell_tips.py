"""A cut cell tells all of its text where the mouse rests on it; Ctrl+F1 tells those of a row. A
model with `row_tip(row)` has a sentence of its own about a row, which stands before that."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetricsF, QHelpEvent
from PySide6.QtWidgets import QTableView, QToolTip

from gui.look.theme import themes
from gui.widgets.grid.grid_painter import PADDING_PX, SWATCH_PX, Column
from gui.widgets.key_tip import KeyTip
from gui.widgets.tips import tip_text


class CellTips(QObject):
    """Of a grid. What fits its cell needs no tip."""

    def __init__(self, grid: QTableView, columns: Callable[[], tuple[Column, ...]]) -> None:
        super().__init__(grid)
        self._grid, self._columns = grid, columns
        grid.viewport().installEventFilter(self)
        KeyTip(grid, self.tip_of_row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            told = self.tip_at(event)
            if told:
                QToolTip.showText(event.globalPos(), tip_text(told), self._grid.viewport())
                return True
        return super().eventFilter(watched, event)

    def tip_at(self, event: QHelpEvent) -> str:
        """What is told of the row under the mouse, and the text of its cell if it is cut."""
        index = self._grid.indexAt(event.pos())
        if not index.isValid():
            return ""
        told = (self._row_text(index.row()), self._cut_text(index.row(), index.column()))
        return "\n".join(filter(None, told))

    def tip_of_row(self, row: int) -> str:
        """What is cut in a row, a line for each cell, with the titles of its columns."""
        cut = ((it.title, self._cut_text(row, at)) for at, it in enumerate(self._columns()))
        lines = [f"{title}: {text}" for title, text in cut if text]
        return "\n".join(filter(None, [self._row_text(row), *lines]))

    def _row_text(self, row: int) -> str:
        tell = getattr(self._grid.model(), "row_tip", None)
        return "" if tell is None else str(tell(row))

    def _cut_text(self, row: int, at: int) -> str:
        """The text of a cell, if it is cut."""
        cells, columns = getattr(self._grid.model(), "cells", None), self._columns()
        ready = None if cells is None else cells(row)
        if ready is None or at >= min(len(ready.texts), len(columns)):
            return ""
        text, column = str(ready.texts[at]), columns[at]
        theme = themes().current
        font = theme.mono_font() if column.is_mono else theme.ui_font()
        room = self._grid.columnWidth(at) - 2 * PADDING_PX
        room -= SWATCH_PX if column.has_swatch else 0
        is_shown = not self._grid.isColumnHidden(at)
        return text if is_shown and QFontMetricsF(font).horizontalAdvance(text) > room else ""
