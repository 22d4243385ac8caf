"""What moves over the time panel: playhead, A, the shaded range, and the pointer's moment."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.look.tokens import SHADE, Theme
from gui.widgets.time.frame import HANDLE_PX, OVERVIEW_TOP, RULER_PX, Frame

_FLAG: Final = ((0.0, -9.0), (7.0, -6.0), (0.0, -3.0))
_WEDGE: Final = ((-4.0, 0.0), (4.0, 0.0), (0.0, 7.0))
_SHIELD: Final = ((-8.0, 1.0), (8.0, 1.0), (8.0, 11.0), (0.0, 18.0), (-8.0, 11.0))


def draw_shade(
    painter: QPainter, frame: Frame, ends: tuple[float, float], theme: Theme, *, is_range: bool
) -> None:
    """The chosen range, or what lies between A and the playhead; pixels of the plot."""
    plot = frame.plot
    left = min(max(min(ends), 0.0), plot.width()) + plot.left()
    right = min(max(max(ends), 0.0), plot.width()) + plot.left()
    color = QColor(theme["accent"])
    color.setAlphaF(SHADE)
    painter.fillRect(QRectF(left, 0, right - left, frame.height), color)
    if is_range:
        color.setAlpha(200)
        painter.fillRect(QRectF(left, RULER_PX - 3, right - left, 3), color)
        for x in (left, right - 2):
            painter.fillRect(QRectF(x, RULER_PX - 10, 2, 10), color)


def draw_cursor(painter: QPainter, frame: Frame, x: float, theme: Theme) -> None:
    """The playhead: a handle in the ruler and a line through the lanes."""
    x = round(frame.name_px + x)
    painter.fillRect(QRectF(x - 1, HANDLE_PX, 2, frame.height - HANDLE_PX), theme["accent"])
    _draw_shield(painter, x, theme["accent"])


def draw_anchor(painter: QPainter, frame: Frame, x: float, theme: Theme) -> None:
    """The second cursor, A: a tag and a dashed line."""
    x = round(frame.name_px + x)
    pen = QPen(theme["text_dim"], 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawLine(QLineF(x + 0.5, HANDLE_PX, x + 0.5, frame.height))
    _draw_shield(painter, x, theme["text_dim"])
    painter.setPen(theme["canvas"])
    painter.setFont(theme.ui_font(px=theme.small_px, weight=QFont.Weight.DemiBold))
    painter.drawText(QRectF(x - 8, 0, 16, 15), Qt.AlignmentFlag.AlignCenter, "A")


def draw_known(painter: QPainter, frame: Frame, x: float, theme: Theme) -> None:
    """The moment up to which events were known: a tag and a dotted line. One beyond the plot
    stands at its edge."""
    at = round(frame.name_px + min(max(x, 0.0), frame.plot.width() - 1))
    pen = QPen(theme["ok"], 2, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([1, 2])
    painter.setPen(pen)
    painter.drawLine(QLineF(at, HANDLE_PX, at, frame.height))
    _draw_shield(painter, at, theme["ok"])
    painter.setPen(theme["canvas"])
    painter.setFont(theme.ui_font(px=theme.small_px, weight=QFont.Weight.DemiBold))
    painter.drawText(QRectF(at - 8, 0, 16, 15), Qt.AlignmentFlag.AlignCenter, "K")


def draw_flags(painter: QPainter, frame: Frame, xs: Sequence[float], theme: Theme) -> None:
    """Places that a person has marked: a tag in the ruler and a thin line; pixels of the plot.
    Those that share a pixel are drawn once."""
    for at in {round(it) for it in xs if -1 <= it <= frame.plot.width() + 1}:
        x = round(frame.name_px) + at
        line = QRectF(x, RULER_PX, 1, frame.height - RULER_PX)
        painter.fillRect(line, theme.flag_line())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme["warn"])
        painter.drawPolygon(QPolygonF([QPointF(x + dx, RULER_PX + dy) for dx, dy in _FLAG]))


def draw_flagged(painter: QPainter, frame: Frame, ends: tuple[float, float], theme: Theme) -> None:
    """A range that a person has marked: a line along the foot of the ruler; pixels of the plot."""
    left, right = (min(max(it, 0.0), frame.plot.width()) for it in ends)
    if right > left:
        painter.fillRect(QRectF(frame.name_px + left, RULER_PX - 2, right - left, 2), theme["warn"])


def draw_breaches(painter: QPainter, frame: Frame, xs: Sequence[float], theme: Theme) -> None:
    """Moments at which a rule was broken: a wedge that hangs from the ruler; pixels of the plot.
    Those that share a pixel are drawn once."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme["error"])
    for at in {round(it) for it in xs if -1 <= it <= frame.plot.width() + 1}:
        x = round(frame.name_px) + at
        painter.drawPolygon(QPolygonF([QPointF(x + dx, RULER_PX + dy) for dx, dy in _WEDGE]))


def draw_in_overview(painter: QPainter, frame: Frame, x: float, color: QColor) -> None:
    """A cursor on the whole axis."""
    box = frame.overview
    painter.fillRect(QRectF(round(box.left() + x) - 1, OVERVIEW_TOP, 2, box.height()), color)


def draw_pointer(painter: QPainter, frame: Frame, x: float, text: str, theme: Theme) -> None:
    """A thin line under the pointer and, in the ruler, the moment it points at."""
    at = round(frame.name_px + x) + 0.5
    painter.setPen(theme["line_strong"])
    painter.drawLine(QLineF(at, RULER_PX, at, frame.height))
    font = theme.mono_font(px=theme.small_px)
    width = QFontMetricsF(font).horizontalAdvance(text) + 12
    room = frame.name_px + frame.plot.width()
    left = at + 12 if at + 12 + width <= room else at - 12 - width
    chip = QRectF(left, 3, width, RULER_PX - 6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme["line_strong"])
    painter.setBrush(theme["canvas"])
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme["text"])
    painter.setFont(font)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def _draw_shield(painter: QPainter, x: float, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y) for dx, y in _SHIELD]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
