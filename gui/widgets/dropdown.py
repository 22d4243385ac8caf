"""A drop-down list whose arrow has the theme's colour."""

from typing import Final

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from gui.look.icons import pixmap
from gui.look.theme import themes

CHEVRON_PX: Final = 14


class Dropdown(QComboBox):
    """A QComboBox."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style sheet takes the arrow away; this one has the theme's colour."""
        super().paintEvent(event)
        painter = QPainter(self)
        left, top = self.width() - CHEVRON_PX - 5, (self.height() - CHEVRON_PX) // 2
        color = themes().current["text_dim"]
        painter.drawPixmap(left, top, pixmap("chevron-down", color, CHEVRON_PX))
