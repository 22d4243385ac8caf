"""Icons of one family (Lucide, ISC licence), tinted with the theme's colours."""

from functools import cache, lru_cache
from typing import ClassVar, Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleOption

from gui.look.tokens import RESOURCES

FOLDER: Final = RESOURCES / "icons"

_Mode = QIcon.Mode
_State = QIcon.State


def icon(name: str, color: QColor, disabled: QColor | None = None) -> QIcon:
    """An icon in one colour, sharp at every size: drawn in those in which it is seen, since most
    stand in menus that are closed. Raises KeyError for an unknown name."""
    if not has_icon(name):
        raise KeyError(f"there is no icon named {name}")
    return QIcon(_Drawing(name, color, disabled))


class _Drawing(QIconEngine):
    """Draws an icon when it is asked for. A switch of the theme makes eighty of them."""

    _clones: ClassVar[list["_Drawing"]] = []  # Qt owns them, but only the original is kept for it

    def __init__(self, name: str, color: QColor, disabled: QColor | None) -> None:
        super().__init__()
        self._name, self._color, self._disabled = name, color, disabled

    def pixmap(self, size: QSize, mode: _Mode, _state: _State) -> QPixmap:
        side = max(min(size.width(), size.height()), 1)  # device pixels
        if mode == _Mode.Disabled and self._disabled is not None:
            return pixmap(self._name, self._disabled, side)
        drawn = pixmap(self._name, self._color, side)
        if mode == _Mode.Normal:
            return drawn
        option = QStyleOption()
        option.palette = QApplication.palette()
        return QApplication.style().generatedIconPixmap(mode, drawn, option)

    def paint(self, painter: QPainter, rect: QRect, mode: _Mode, state: _State) -> None:
        size = rect.size() * painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.pixmap(size, mode, state))

    def clone(self) -> QIconEngine:
        made = _Drawing(self._name, self._color, self._disabled)
        self._clones.append(made)
        return made


def pixmap(name: str, color: QColor, size: int) -> QPixmap:
    """One icon as a picture of `size` device pixels. Raises KeyError for an unknown name."""
    return QPixmap(_drawn(name, color.name(), size))


def has_icon(name: str) -> bool:
    """Whether there is an icon of this name."""
    return name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(it.stem for it in FOLDER.glob("*.svg"))


@lru_cache(maxsize=512)
def _drawn(name: str, color: str, size: int) -> QPixmap:
    renderer = _renderer(name, color)  # may raise: not while a painter is at work
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def _renderer(name: str, color: str) -> QSvgRenderer:
    if not has_icon(name):
        raise KeyError(f"there is no icon named {name}")
    svg = (FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", color)
    return QSvgRenderer(QByteArray(svg.encode()))
