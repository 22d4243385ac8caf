"""Icons of one family (Lucide, ISC licence), tinted with the theme's colours."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.theme import RESOURCES

FOLDER: Final = RESOURCES / "icons"
SIZES: Final = (16, 24, 32, 48)


def icon(name: str, color: QColor, disabled: QColor | None = None) -> QIcon:
    """An icon in one colour, sharp at the usual sizes. Raises KeyError for an unknown name."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(pixmap(name, color, size))
        if disabled is not None:
            made.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, color: QColor, size: int) -> QPixmap:
    """One icon as a picture of `size` pixels."""
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, color.name()).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    file = FOLDER / f"{name}.svg"
    if not file.is_file():
        raise KeyError(f"there is no icon named {name}")
    svg = file.read_text("utf-8").replace("currentColor", color)
    return QSvgRenderer(QByteArray(svg.encode()))
