"""A cut cell tells the whole of its text where the mouse rests on it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetricsF, QHelpEvent
from PySide6.QtWidgets import QTableView, QToolTip

from gui.look.theme import themes
from gui.widgets.grid.grid_painter import PADDING_PX, SWATCH_PX, Column
from gui.widgets.tips import tip_text


class CellTips(QObject):
    """Of a grid. What fits its cell needs no tip, and has none."""

    def __init__(self, grid: QTableView, columns: Callable[[], tuple[Column, ...]]) -> None:
        super().__init__(grid)
        self._grid, self._columns = grid, columns
        grid.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            told = self.tip_at(event)
            if told:
                QToolTip.showText(event.globalPos(), tip_text(told), self._grid.viewport())
                return True
        return super().eventFilter(watched, event)

    def tip_at(self, event: QHelpEvent) -> str:
        """The text of the cell under the mouse, if it is cut."""
        grid = self._grid
        index = grid.indexAt(event.pos())
        cells = getattr(grid.model(), "cells", None)
        if not index.isValid() or cells is None:
            return ""
        row = cells(index.row())
        columns = self._columns()
        if row is None or index.column() >= min(len(row.texts), len(columns)):
            return ""
        text, column = row.texts[index.column()], columns[index.column()]
        theme = themes().current
        font = theme.mono_font() if column.is_mono else theme.ui_font()
        room = grid.visualRect(index).width() - 2 * PADDING_PX
        room -= SWATCH_PX if column.has_swatch else 0
        return text if QFontMetricsF(font).horizontalAdvance(text) > room else ""
