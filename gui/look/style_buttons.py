"""Buttons: to push, flat ones, boxes to tick."""

from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import (
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComplex,
    QStyleOptionToolButton,
    QToolButton,
    QWidget,
)

from gui.look.shapes import draw_box, draw_chevron, draw_tick
from gui.look.tokens import Theme
from gui.widgets.elision import elided

MENU_PX: Final = 16  # the part of a split button that opens its menu
BOX_PX: Final = 14
WIDEST_PX: Final = 320  # of the words of a button
_STATE: Final = QStyle.StateFlag
_CHIP_RADIUS: Final = 11
_SPLIT: Final = QToolButton.ToolButtonPopupMode.MenuButtonPopup


def draw_push_button(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """The ground and the line of a button."""
    state, role = option.state, _role(widget)
    is_on, has_focus = bool(state & _STATE.State_Enabled), bool(state & _STATE.State_HasFocus)
    is_hot = has_focus or (is_on and bool(state & _STATE.State_MouseOver))
    fill, line = theme["field"], theme["line_strong"]
    if role == "chip":
        fill, line = (
            theme["panel" if state & _STATE.State_MouseOver else "selection"],
            theme["accent"],
        )
    elif role == "card":
        fill, line = theme["panel"], theme["line"]
    elif _is_primary(widget) and is_on:
        fill = line = theme["accent"]
    elif not is_on:
        line = theme["line"]
    if state & (_STATE.State_Sunken | _STATE.State_On) and not _is_primary(widget):
        fill = theme["selection"]
    radius = min(_CHIP_RADIUS, option.rect.height() / 2) if role == "chip" else theme.radius_px
    line_px = 2 if has_focus and (role == "chip" or _is_primary(widget)) else 1
    hot_line = theme["text"] if _is_primary(widget) and has_focus else theme["accent"]
    draw_box(
        painter,
        option.rect,
        fill=fill,
        line=hot_line if is_hot else line,
        radius=radius,
        line_px=line_px,
    )


def push_button_words(theme: Theme, option: QStyleOption, widget: QWidget | None) -> QStyleOption:
    """The words of a button, in the colour that its ground asks for."""
    if not isinstance(option, QStyleOptionButton):
        return option
    words = _cut(option)
    if not option.state & _STATE.State_Enabled:
        return _coloured(words, theme["text_faint"])
    if _is_primary(widget):
        return _coloured(words, theme["on_accent"])
    return _coloured(words, theme["accent"]) if _role(widget) == "chip" else words


def draw_tool_button(
    theme: Theme, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None
) -> None:
    """The ground of a flat button, and the arrow of a split one; its words come after."""
    state = option.state
    is_on = bool(state & _STATE.State_Enabled)
    fill: QColor | None = None
    if _is_primary(widget):
        fill = theme["accent" if is_on else "field"]
    elif state & (_STATE.State_On | _STATE.State_Sunken | _hover(is_on=is_on)):
        fill = theme["selection"]
    has_focus = bool(state & _STATE.State_HasFocus)
    ring = theme["text"] if _is_primary(widget) else theme["accent"]
    line = ring if has_focus else None
    if fill is not None or line is not None:
        draw_box(painter, option.rect, fill=fill, line=line, radius=theme.radius_px)
    if is_split(widget):
        menu = QRect(option.rect)
        menu.setLeft(menu.right() - MENU_PX)
        draw_chevron(painter, menu, theme["text_dim"])


def tool_button_words(
    theme: Theme, option: QStyleOptionToolButton, widget: QWidget | None
) -> QStyleOptionToolButton:
    """The words of a flat button, in their place and colour."""
    words = QStyleOptionToolButton(option)
    if is_split(widget):
        words.rect = option.rect.adjusted(0, 0, -MENU_PX, 0)
    color = theme["text"]
    if not option.state & _STATE.State_Enabled:
        color = theme["text_faint"]
    elif _is_primary(widget):
        color = theme["on_accent"]
    elif option.state & _STATE.State_On:
        color = theme["accent"]
    palette = QPalette(option.palette)
    for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(role, color)
    words.palette = palette
    return words


def tool_button_size(_option: QStyleOption, size: QSize, widget: QWidget | None) -> QSize:
    """A flat button around its words."""
    return size + QSize(8 + (MENU_PX if is_split(widget) else 0), 8)


def push_button_size(_option: QStyleOption, size: QSize, widget: QWidget | None) -> QSize:
    """A button around its words; a long name in them does not widen what it stands in."""
    width = min(size.width(), WIDEST_PX) + 26
    return QSize(width, max(size.height(), 16) + (6 if _role(widget) == "chip" else 10))


def draw_check_box(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """A box to tick."""
    is_ticked = bool(option.state & (_STATE.State_On | _STATE.State_NoChange))
    is_on = bool(option.state & _STATE.State_Enabled)
    line = theme["accent" if is_ticked or option.state & _STATE.State_HasFocus else "text_faint"]
    fill = theme["accent" if is_ticked else "field"]
    if not is_on:
        fill, line = theme["line" if is_ticked else "panel"], theme["line_strong"]
    draw_box(painter, option.rect, fill=fill, line=line, radius=2)
    if option.state & _STATE.State_On:
        draw_tick(painter, option.rect, theme["on_accent" if is_on else "text_faint"])


def draw_radio_button(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """A circle to choose."""
    is_chosen = bool(option.state & _STATE.State_On)
    is_on = bool(option.state & _STATE.State_Enabled)
    has_accent = is_on and (is_chosen or option.state & _STATE.State_HasFocus)
    line = theme["accent" if has_accent else "text_faint" if is_on else "line_strong"]
    radius = option.rect.height() / 2
    draw_box(
        painter, option.rect, fill=theme["field" if is_on else "panel"], line=line, radius=radius
    )
    if is_chosen:
        inset = round(radius / 2)
        dot = option.rect.adjusted(inset, inset, -inset, -inset)
        draw_box(painter, dot, fill=line, line=None, radius=dot.height() / 2)


def _hover(*, is_on: bool) -> QStyle.StateFlag:
    return _STATE.State_MouseOver if is_on else _STATE.State_None


def is_split(widget: QWidget | None) -> bool:
    """Whether a flat button has a part of its own that opens a menu."""
    return isinstance(widget, QToolButton) and widget.popupMode() == _SPLIT


def _role(widget: QWidget | None) -> str:
    return "" if widget is None else str(widget.property("role") or "")


def _is_primary(widget: QWidget | None) -> bool:
    return widget is not None and widget.property("primary") in (True, "true")


def _cut(option: QStyleOptionButton) -> QStyleOptionButton:
    """With as much of the words as the button has room for."""
    plain, metrics = option.text.replace("&", ""), QFontMetricsF(option.fontMetrics)
    if metrics.horizontalAdvance(plain) <= max(option.rect.width(), WIDEST_PX):
        return option
    words = QStyleOptionButton(option)
    words.text = elided(plain, metrics, option.rect.width())
    return words


def _coloured(option: QStyleOptionButton, color: QColor) -> QStyleOptionButton:
    words = QStyleOptionButton(option)
    palette = QPalette(option.palette)
    palette.setColor(QPalette.ColorRole.ButtonText, color)
    words.palette = palette
    return words
