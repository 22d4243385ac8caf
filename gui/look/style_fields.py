"""Fields: where one types and chooses."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOption,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QWidget,
)

from gui.look.shapes import draw_box, draw_chevron
from gui.look.tokens import Theme

SIDE_PX: Final = 7  # a line and six pixels
TOP_PX: Final = 4
ARROW_PX: Final = 18
INSET_PX: Final = 1  # of the words of a drop-down list, on both sides: Qt draws them so
GAP_PX: Final = 4  # between them and the arrow
_STATE: Final = QStyle.StateFlag
_PART: Final = QStyle.SubControl


def is_bare(widget: QWidget | None) -> bool:
    """Whether a field has no ground of its own: it reads as words until it is focused."""
    return widget is not None and widget.property("role") in ("fact", "plain")


def draw_line_edit(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """The ground and the frame of a field. One inside another control has none."""
    is_inside = isinstance(option, QStyleOptionFrame) and option.lineWidth == 0
    if is_bare(widget):
        if option.state & _STATE.State_HasFocus:
            draw_box(painter, option.rect, line=theme["accent"], radius=theme.radius_px)
    elif not is_inside:
        draw_box(
            painter,
            option.rect,
            fill=theme["field"],
            line=_line(theme, option, widget),
            radius=theme.radius_px,
        )


def draw_spin_box(
    theme: Theme, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None
) -> None:
    """A field of a number; ours have no buttons."""
    line = _line(theme, option, widget)
    draw_box(painter, option.rect, fill=theme["field"], line=line, radius=theme.radius_px)


def draw_combo(
    theme: Theme, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None
) -> None:
    """A field with an arrow at its end."""
    draw_spin_box(theme, option, painter, widget)
    is_on = bool(option.state & _STATE.State_Enabled)
    arrow = combo_part(option.rect, _PART.SC_ComboBoxArrow)
    draw_chevron(painter, arrow, theme["text_dim" if is_on else "text_faint"])


def combo_words(_theme: Theme, option: QStyleOption, _widget: QWidget | None) -> QStyleOption:
    """The chosen words, with … where there is no room for all; gui.look.cut_tips tells them."""
    if not isinstance(option, QStyleOptionComboBox):
        return option
    words = QStyleOptionComboBox(option)
    room = combo_part(option.rect, _PART.SC_ComboBoxEditField).width() - 2 * INSET_PX
    words.currentText = option.fontMetrics.elidedText(
        option.currentText, Qt.TextElideMode.ElideRight, room
    )
    return words


def combo_part(rect: QRect, part: QStyle.SubControl) -> QRect:
    """Where the words and the arrow of a drop-down list are."""
    if part == _PART.SC_ComboBoxArrow:
        return QRect(rect.right() - ARROW_PX - 1, rect.top(), ARROW_PX, rect.height())
    if part == _PART.SC_ComboBoxEditField:
        return rect.adjusted(SIDE_PX, 1, -ARROW_PX - 3, -1)
    return rect


def spin_part(rect: QRect, part: QStyle.SubControl) -> QRect:
    """Where the number of a field is; there are no buttons."""
    if part == _PART.SC_SpinBoxEditField:
        return rect.adjusted(SIDE_PX, 1, -SIDE_PX, -1)
    return rect if part == _PART.SC_SpinBoxFrame else QRect()


def contents_of(option: QStyleOption, widget: QWidget | None) -> QRect:
    """Where the text of a line is."""
    if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
        return option.rect.adjusted(1, 1, -1, -1) if is_bare(widget) else option.rect
    return option.rect.adjusted(SIDE_PX, TOP_PX, -SIDE_PX, -TOP_PX)


def line_edit_size(option: QStyleOption, size: QSize, widget: QWidget | None) -> QSize:
    """A line with its frame."""
    if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
        return size + QSize(2, 2) if is_bare(widget) else size
    return size + QSize(2 * SIDE_PX, 2 * TOP_PX)


def draw_frame(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """The frame of a text of many lines; lists and trees have none."""
    if isinstance(widget, QAbstractItemView):
        return
    if is_bare(widget):
        if option.state & _STATE.State_HasFocus:
            draw_box(painter, option.rect, line=theme["accent"])
    elif isinstance(widget, QPlainTextEdit):
        line = _line(theme, option, widget)
        draw_box(painter, option.rect, fill=theme["canvas"], line=line, radius=theme.radius_px)
    else:
        draw_box(painter, option.rect, line=theme["line"])


def _line(theme: Theme, option: QStyleOption, widget: QWidget | None) -> QColor:
    if widget is not None and widget.property("problem"):
        return theme["error"]
    has_focus = bool(option.state & _STATE.State_HasFocus)
    if isinstance(widget, QAbstractSpinBox | QLineEdit):
        has_focus = has_focus or widget.hasFocus()
    return theme["accent" if has_focus else "line_strong"]


def combo_size(_option: QStyleOption, size: QSize, _widget: QWidget | None) -> QSize:
    """A drop-down list around its longest words."""
    around = SIDE_PX + 2 * INSET_PX + GAP_PX + ARROW_PX + 4  # one for parts of pixels
    return QSize(size.width() + around, max(size.height(), 18) + 8)


def spin_size(_option: QStyleOption, size: QSize, _widget: QWidget | None) -> QSize:
    """A number with its frame."""
    return QSize(size.width() + 2 * SIDE_PX, max(size.height(), 18) + 8)
