"""Tabs, of pages and of docked panels: the one in front is underlined."""

from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOption, QStyleOptionTab, QWidget

from gui.look.shapes import draw_box
from gui.look.tokens import Theme

LINE_PX: Final = 2
PADDINGS: Final = {"": 12, "tight": 8, "tighter": 5, "tightest": 3}  # by the `room` of a tab bar
_STATE: Final = QStyle.StateFlag


def draw_tab(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """The underline of the page in front; its ground when the keyboard is there."""
    if not option.state & _STATE.State_Selected:
        return
    if option.state & _STATE.State_HasFocus:
        painter.fillRect(option.rect, theme["selection"])
    _underline(theme, option.rect, painter)


def tab_words(theme: Theme, option: QStyleOption, _widget: QWidget | None) -> QStyleOption:
    """The title of a page: faint unless it is in front or pointed at."""
    if not isinstance(option, QStyleOptionTab):
        return option
    words = QStyleOptionTab(option)
    is_plain = option.state & (_STATE.State_Selected | _STATE.State_MouseOver)
    palette = QPalette(option.palette)
    palette.setColor(QPalette.ColorRole.WindowText, theme["text" if is_plain else "text_dim"])
    words.palette = palette
    words.state = option.state & ~_STATE.State_HasFocus  # the ground says so
    return words


def padding_of(bar: QWidget) -> int:
    """The room at each side of a title."""
    return PADDINGS[str(bar.property("room") or "")]


def draw_shaped_frame(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> bool:
    """What our style adds to a frame of these kinds. False: it is one of the others."""
    if widget is None:
        return False
    if widget.property("role") in ("callout", "palette"):
        draw_box(painter, option.rect, line=theme["accent"], radius=theme.radius_px)
        return True
    name = widget.metaObject().className()
    if name == "ads::CDockWidgetTab":
        if widget.property("activeTab"):
            _underline(theme, option.rect, painter)
        if widget.hasFocus():
            draw_box(painter, option.rect, line=theme["accent"], radius=theme.radius_px)
        return True
    if name == "ads::CDockAreaTitleBar":
        rect = option.rect
        painter.fillRect(rect, theme["panel"])
        painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), theme["line"])
        return True
    return False


def _underline(theme: Theme, rect: QRect, painter: QPainter) -> None:
    line = QRect(rect.x(), rect.bottom() + 1 - LINE_PX, rect.width(), LINE_PX)
    painter.fillRect(line, theme["accent"])
