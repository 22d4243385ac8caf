"""A grid over numbered rows, and hands for it."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    Qt,
)
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.grid.grid_view import Column, GridView

Index = QModelIndex | QPersistentModelIndex

COLUMNS = (
    Column(title="position", width=80, is_mono=True, is_right=True),
    Column(title="recorded", width=110, is_mono=True),
    Column(title="type", width=160, has_swatch=True),
    Column(title="summary", width=120, is_dim=True),
)
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
MISSING = 13  # rows whose number is a multiple of this are never ready
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Cells:
    texts: tuple[str, ...]
    color_index: int
    is_warning: bool
    tone: str = "warn"


class Numbers(QAbstractTableModel):
    """Rows that say their number; it counts how often it is asked."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.asked_data = 0
        self.asked_rows: list[int] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self.count

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        self.asked_data += 1
        return f"{index.row()}" if role == DISPLAY else None

    def cells(self, row: int) -> Cells | None:
        self.asked_rows.append(row)
        if row and row % MISSING == 0:
            return None
        texts = (f"{row:,}", "09:41:07.118", "OrderPlaced", "a text that is too long for it")
        return Cells(texts, row % 8, row % 5 == 4)

    def grow(self, by: int) -> None:
        self.beginInsertRows(NOWHERE, self.count, self.count + by - 1)
        self.count += by
        self.endInsertRows()


def make_grid(qtbot: QtBot, count: int, columns: tuple[Column, ...] = COLUMNS) -> GridView:
    grid = GridView("Events", columns, warning_column=1)
    qtbot.addWidget(grid)
    model = Numbers(count)
    model.setParent(grid)
    grid.setModel(model)
    grid.resize(520, 27 + 24 * 10)
    grid.show()
    return grid


def click(grid: GridView, row: int, keys: Qt.KeyboardModifier | None = None) -> None:
    at = grid.visualRect(grid.model().index(row, 0)).center()
    keys = keys or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, keys, at)


def model_of(grid: GridView) -> Numbers:
    model = grid.model()
    assert isinstance(model, Numbers)
    return model


def color_at(grid: GridView, row: int, x: int) -> QColor:
    image = grid.viewport().grab().toImage()
    return image.pixelColor(x, grid.rowViewportPosition(row) + 12)


def has_color(grid: GridView, row: int, column: int, color: QColor) -> bool:
    image = grid.viewport().grab().toImage()
    left, top = grid.columnViewportPosition(column), grid.rowViewportPosition(row)
    xs, ys = range(left, left + grid.columnWidth(column)), range(top + 1, top + 23)
    return any(image.pixelColor(x, y) == color for x in xs for y in ys)


def drag_to(grid: GridView, at: QPoint) -> None:
    held, free = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where, kind = QPointF(at), QMouseEvent.Type.MouseMove
    moved = QMouseEvent(kind, where, QPointF(grid.viewport().mapToGlobal(at)), held, held, free)
    QApplication.sendEvent(grid.viewport(), moved)
