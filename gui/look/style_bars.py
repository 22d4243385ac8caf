"""Bars: to scroll, of progress, between panels, above columns."""

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QWidget,
)

from gui.look.shapes import draw_box
from gui.look.tokens import Theme

SCROLL_PX: Final = 10
LEAST_PX: Final = 28  # of the part of a scroll bar that is dragged
BRANCH_PX: Final = 3  # of the line beside a bar while a branch is in view
_PART: Final = QStyle.SubControl
_STATE: Final = QStyle.StateFlag
_LONGEST: Final = 2**30  # more values than this have no share of the length


def scroll_bar_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    """Where the parts of a scroll bar are; it has no arrows."""
    rect = option.rect
    is_wide = option.orientation == Qt.Orientation.Horizontal
    length = rect.width() if is_wide else rect.height()
    size = _slider_px(option, length)
    start = QStyle.sliderPositionFromValue(
        option.minimum,
        option.maximum,
        option.sliderPosition,
        length - size,
        option.upsideDown,
    )
    spans = {
        _PART.SC_ScrollBarSlider: (start, size),
        _PART.SC_ScrollBarSubPage: (0, start),
        _PART.SC_ScrollBarAddPage: (start + size, length - start - size),
        _PART.SC_ScrollBarGroove: (0, length),
    }
    if part not in spans:
        return QRect()
    at, extent = spans[part]
    if is_wide:
        return QRect(rect.x() + at, rect.y(), extent, rect.height())
    return QRect(rect.x(), rect.y() + at, rect.width(), extent)


def _slider_px(option: QStyleOptionSlider, length: int) -> int:
    span = option.maximum - option.minimum
    if span <= 0:
        return length
    share = option.pageStep * length // (span + option.pageStep) if span < _LONGEST else 0
    return min(max(share, LEAST_PX), length)


def draw_scroll_bar(
    theme: Theme, option: QStyleOptionComplex, painter: QPainter, _widget: QWidget | None
) -> None:
    """The part that is dragged, and nothing else."""
    if not isinstance(option, QStyleOptionSlider) or option.maximum <= option.minimum:
        return
    part = scroll_bar_part(option, _PART.SC_ScrollBarSlider).adjusted(2, 2, -2, -2)
    is_hot = option.state & (_STATE.State_MouseOver | _STATE.State_Sunken)
    draw_box(painter, part, fill=theme["text_faint" if is_hot else "line_strong"], radius=3)


def draw_groove(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """Where progress is shown."""
    draw_box(painter, option.rect, fill=theme["line"], radius=2)


def draw_progress(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """How far it is; all of it where nobody knows."""
    if not isinstance(option, QStyleOptionProgressBar):
        return
    span, done = option.maximum - option.minimum, option.progress - option.minimum
    share = min(max(done / span, 0.0), 1.0) if span > 0 else 1.0
    bar = QRect(option.rect)
    bar.setWidth(round(bar.width() * share))
    if bar.width() > 0:
        draw_box(painter, bar, fill=theme["accent"], radius=2)


def draw_splitter(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """A thin line between two panels."""
    painter.fillRect(option.rect, theme["line"])


def draw_header(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """The ground of a column's title."""
    rect = option.rect
    painter.fillRect(rect, theme["panel"])
    painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), theme["line"])


def draw_ground(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """A bar at the top has a line below it, one at the foot has it above. While a branch is in view
    both are tinted."""
    role, rect = ("" if widget is None else widget.property("role")), option.rect
    is_branch = widget is not None and widget.property("line") == "branch"
    line, width = (theme["branch"], BRANCH_PX) if is_branch else (theme["line"], 1)
    if is_branch:
        painter.fillRect(rect, theme["branch_ground"])
    if role == "bar":
        painter.fillRect(QRect(rect.x(), rect.bottom() + 1 - width, rect.width(), width), line)
    elif role == "foot":
        painter.fillRect(QRect(rect.x(), rect.y(), rect.width(), width), line)


def draw_nothing(
    _theme: Theme, _option: QStyleOption, _painter: QPainter, _widget: QWidget | None
) -> None:
    """What Qt would draw here is left out."""
