"""The shapes that repeat what colour says: circle, square, diamond, triangle and so on."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

MARK_PX: Final = 9

_POLYGONS: Final = {
    "diamond": ((0.5, -0.05), (1.05, 0.5), (0.5, 1.05), (-0.05, 0.5)),
    "triangle": ((0.5, 0.0), (1.05, 0.95), (-0.05, 0.95)),
    "chevron": ((0.25, 0.0), (0.8, 0.5), (0.25, 1.0)),
}


@lru_cache(maxsize=256)
def mark_pixmap(shape: str, color: str, ratio: float, size: int = MARK_PX) -> QPixmap:
    """One mark: circle, square, diamond, triangle, bar, cross, ring or chevron."""
    pixels = round((size + 2) * ratio)
    pixmap = QPixmap(pixels, pixels)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, shape, QColor(color), QRectF(1, 1, size, size))
    painter.end()
    return pixmap


def paint_mark(painter: QPainter, shape: str, color: QColor, box: QRectF) -> None:
    """Draw a shape that fills a box; an unknown one is a square."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if shape in ("ring", "cross", "chevron"):
        pen = QPen(color, max(box.width() / 4.5, 1.5))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        box = box.adjusted(1, 1, -1, -1)
    if shape in ("circle", "ring"):
        painter.drawEllipse(box)
    elif shape == "bar":
        painter.drawRect(box.adjusted(box.width() / 3, 0, -box.width() / 3, 0))
    elif shape == "cross":
        painter.drawLine(box.topLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomLeft())
    elif shape in _POLYGONS:
        _paint_polygon(painter, shape, box)
    else:
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_polygon(painter: QPainter, shape: str, box: QRectF) -> None:
    left, top, size = box.x(), box.y(), box.width()
    corners = [QPointF(left + x * size, top + y * size) for x, y in _POLYGONS[shape]]
    if shape == "chevron":
        painter.drawPolyline(QPolygonF(corners))
    else:
        painter.drawPolygon(QPolygonF(corners))
