"""Arcs over the lanes: from one event to another that belongs to it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from gui.look.tokens import Theme
from gui.widgets.time.frame import Frame

HIGHEST_PX: Final = 44
LEAST_PX: Final = 8
END_PX: Final = 5  # of the point at either end
STEEP: Final = 3  # so much wider than high, where there is room


def draw_arcs(
    painter: QPainter, frame: Frame, ends: Sequence[tuple[float, float]], theme: Theme
) -> None:
    """`ends`: from and to, in pixels of the plot; an arc may begin or end out of sight."""
    painter.save()
    painter.setClipRect(frame.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme["warn"], 1.6)
    painter.translate(frame.name_px, frame.plot.top())
    for start, end in ends:
        if max(start, end) < 0 or min(start, end) > frame.plot.width():
            continue
        room = max(frame.plot.height() - END_PX, LEAST_PX)
        height = min(max(abs(end - start) / STEEP, LEAST_PX), HIGHEST_PX, room)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_arc(start, end, height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme["warn"])
        for x in (start, end):
            painter.drawEllipse(QRectF(x - END_PX / 2, height - END_PX / 2, END_PX, END_PX))
    painter.restore()


def _arc(start: float, end: float, height: float) -> QPainterPath:
    """From the height of the lanes up to their top, and down again."""
    path = QPainterPath(QPointF(start, height))
    path.cubicTo(QPointF(start, -height / 3), QPointF(end, -height / 3), QPointF(end, height))
    return path
