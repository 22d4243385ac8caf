"""The shapes that the style is drawn with."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF


def draw_box(
    painter: QPainter,
    rect: QRect,
    *,
    fill: QColor | None = None,
    line: QColor | None = None,
    radius: float = 0.0,
    line_px: int = 1,
) -> None:
    """A box with round corners, sharp on the pixels of the screen."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if line is None else QPen(line, line_px))
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
    inset = 0.0 if line is None else line_px / 2
    box = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(box, radius, radius)
    painter.restore()


def draw_chevron(painter: QPainter, rect: QRect, color: QColor) -> None:
    """An arrow down in the middle of a place: there is more below."""
    middle = QRectF(rect).center()
    points = [QPointF(-3.5, -1.75), QPointF(0, 1.75), QPointF(3.5, -1.75)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.4))
    painter.drawPolyline(QPolygonF([middle + it for it in points]))
    painter.restore()


def draw_tick(painter: QPainter, rect: QRect, color: QColor) -> None:
    """A tick that fills a place."""
    box = QRectF(rect)
    shares = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))
    points = [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in shares]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.8))
    painter.drawPolyline(QPolygonF(points))
    painter.restore()
