"""Widgets below one another, and side by side."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

GAP_PX = 6  # at the right, before what comes next


def column_of(*parts: tuple[QWidget, int]) -> QWidget:
    """Each with its share of the height that is left; 0: as high as it must be."""
    column = QWidget()
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, GAP_PX, 0)
    for part, share in parts:
        rows.addWidget(part, share)
    return column


def row_of(*parts: QWidget) -> QWidget:
    """All as wide as they are."""
    row = QWidget()
    cells = QHBoxLayout(row)
    cells.setContentsMargins(0, 0, 0, 0)
    for it in parts:
        cells.addWidget(it)
    return row
