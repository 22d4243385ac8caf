"""Menus, their bar, and the notes that hover."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOption, QStyleOptionMenuItem, QWidget

from gui.look.shapes import draw_box
from gui.look.tokens import Theme

SEPARATOR_PX: Final = 9
_STATE: Final = QStyle.StateFlag
_CENTRED: Final = (
    Qt.AlignmentFlag.AlignCenter.value
    | Qt.TextFlag.TextShowMnemonic.value
    | Qt.TextFlag.TextSingleLine.value
)
_KIND: Final = QStyleOptionMenuItem.MenuItemType


def draw_menu_ground(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """A menu, or a note, above everything else."""
    draw_box(painter, option.rect, fill=theme["panel"], line=theme["line_strong"])


def draw_bar_ground(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """The bar of menus, with a line below."""
    rect = option.rect
    painter.fillRect(rect, theme["panel"])
    painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), theme["line"])


def draw_bar_item(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """The name of a menu, on a ground of its own while it is open or pointed at."""
    if not isinstance(option, QStyleOptionMenuItem) or widget is None:
        return
    is_on = bool(option.state & _STATE.State_Enabled)
    is_chosen = is_on and bool(option.state & _STATE.State_Selected)
    above = option.rect.adjusted(0, 0, 0, -1) if is_at_foot(option, widget) else option.rect
    painter.fillRect(above, theme["selection" if is_chosen else "panel"])
    role = QPalette.ColorRole.ButtonText
    widget.style().drawItemText(
        painter, option.rect, _CENTRED, option.palette, is_on, option.text, role
    )


def is_at_foot(option: QStyleOption, bar: QWidget) -> bool:
    """Whether it stands on the line below the bar, and must not be painted over it."""
    return option.rect.bottom() >= bar.rect().bottom()


def is_separator(option: QStyleOption) -> bool:
    """Whether an entry of a menu is the line between two groups."""
    return isinstance(option, QStyleOptionMenuItem) and option.menuItemType == _KIND.Separator


def draw_separator(theme: Theme, option: QStyleOption, painter: QPainter) -> None:
    """A thin line between two groups."""
    rect = option.rect
    painter.fillRect(QRect(rect.x() + 8, rect.center().y(), rect.width() - 16, 1), theme["line"])


def menu_item_size(option: QStyleOption, size: QSize) -> QSize:
    """An entry with room above and below."""
    if is_separator(option):
        return QSize(size.width(), SEPARATOR_PX)
    return QSize(size.width() + 8, max(size.height(), 16 + 8))


def bar_item_size(_option: QStyleOption, size: QSize, _widget: QWidget | None) -> QSize:
    """The name of a menu with room around it."""
    return size + QSize(16, 8)
