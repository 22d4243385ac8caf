"""Icons of one family (Lucide, ISC licence), tinted with the theme's colours."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.look.tokens import RESOURCES

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
    """One icon as a picture of `size` device pixels. Raises KeyError for an unknown name."""
    return QPixmap(_drawn(name, color.name(), size))


def has_icon(name: str) -> bool:
    """Whether there is an icon of this name."""
    return (FOLDER / f"{name}.svg").is_file()


@lru_cache(maxsize=512)
def _drawn(name: str, color: str, size: int) -> QPixmap:
    renderer = _renderer(name, color)  # may raise: not while a painter is at work
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


@lru_cache(maxsize=8)  # an icon is asked for in all its sizes at once: its file is read once
def _renderer(name: str, color: str) -> QSvgRenderer:
    if not has_icon(name):
        raise KeyError(f"there is no icon named {name}")
    svg = (FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", color)
    return QSvgRenderer(QByteArray(svg.encode()))
