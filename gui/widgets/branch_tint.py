"""The ground and the line below what shows a branch, so that nobody takes it for the log."""

from typing import Final

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.look.theme import themes

TINT_PX: Final = 3  # of the line


def paint_tint(widget: QWidget) -> None:
    """From its paintEvent, before anything else of it is drawn."""
    theme, painter = themes().current, QPainter(widget)
    painter.fillRect(widget.rect(), theme["branch_ground"])
    painter.fillRect(0, widget.height() - TINT_PX, widget.width(), TINT_PX, theme["branch"])
