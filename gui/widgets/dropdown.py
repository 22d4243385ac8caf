"""A drop-down list."""

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox

WIDEST_PX: Final = 320  # that it asks for: a long name in it does not widen what it stands in


class Dropdown(QComboBox):
    """A QComboBox; the style draws its arrow. What is cut tells all of it on hover."""

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(QSize(WIDEST_PX, 16_777_215))

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().boundedTo(QSize(WIDEST_PX, 16_777_215))
