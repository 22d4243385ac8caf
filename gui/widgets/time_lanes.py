"""The picture of the lanes: density when far, marks when near. Its cost follows the pixels."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from gui.widgets.time_axis import Viewport

PITCH_PX: Final = 3  # a bar of two pixels and a gap
MARK_PX: Final = 9
LABELLED: Final = 40  # marks in sight up to which each has a label

Counts = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row of the panel. `key` is the owner's; `color_index` chooses colour and shape."""

    key: int
    name: str
    color_index: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Things near enough to be drawn one by one, between two coordinates."""

    start: float
    end: float
    lanes: npt.NDArray[np.int64]  # keys
    coordinates: npt.NDArray[np.float64]  # ascending
    values: npt.NDArray[np.int64]  # shown as labels, given back by a click


def density_image(
    counts: Counts, colors: list[QColor], *, lane_px: int, ratio: float
) -> QImage:
    """Bars for `counts[lane, bucket]`: heights on a logarithmic scale, the same for all lanes.

    The image is transparent where there is nothing; `ratio` is device pixels per logical one.
    """
    pitch, height = max(round(PITCH_PX * ratio), 1), round(lane_px * ratio)
    lanes, buckets = counts.shape
    room = height - round(5 * ratio)
    most = float(np.log1p(counts.max(initial=1)))
    heights = np.ceil(np.log1p(counts.astype(np.float64)) / most * room).astype(np.int64)
    rows = np.arange(height)[None, :, None]
    is_bar = rows >= (height - heights)[:, None, :]
    argb = np.array([color.rgba() for color in colors], dtype=np.uint32)[:, None, None]
    bars = np.where(is_bar, argb, np.uint32(0)).reshape(lanes * height, buckets)
    picture = np.repeat(bars, pitch, axis=1)
    if pitch > 1:
        picture[:, pitch - 1 :: pitch] = 0
    picture = np.ascontiguousarray(picture)
    image = QImage(
        picture.data, picture.shape[1], picture.shape[0], picture.shape[1] * 4,
        QImage.Format.Format_ARGB32,
    ).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # fmt: skip
    image.setDevicePixelRatio(ratio)
    return image


def draw_marks(
    painter: QPainter,
    marks: Marks,
    view: Viewport,
    rows: dict[int, tuple[float, QColor, str]],
) -> None:
    """Draw what is in sight; `rows` gives each lane's middle (pixels), colour and shape."""
    first, last = np.searchsorted(marks.coordinates, [view.start, view.end])
    is_labelled = last - first <= LABELLED
    ratio = painter.device().devicePixelRatioF()
    for at in range(first, last):
        row = rows.get(int(marks.lanes[at]))
        if row is None:
            continue
        middle, color, shape = row
        x = view.x_of(float(marks.coordinates[at]))
        stamp = mark_pixmap(shape, color.name(), ratio)
        painter.drawPixmap(QPointF(x - MARK_PX / 2 - 1, middle - MARK_PX / 2 - 1), stamp)
        if is_labelled:
            painter.setPen(color)
            painter.drawText(QPointF(x + MARK_PX / 2 + 3, middle + 4), f"{marks.values[at]:,}")


@lru_cache(maxsize=128)
def mark_pixmap(shape: str, color: str, ratio: float) -> QPixmap:
    """One mark: circle, square, diamond, triangle, bar, cross, ring or chevron."""
    size = round((MARK_PX + 2) * ratio)
    pixmap = QPixmap(size, size)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, shape, QColor(color), QRectF(1, 1, MARK_PX, MARK_PX))
    painter.end()
    return pixmap


def paint_mark(painter: QPainter, shape: str, color: QColor, box: QRectF) -> None:
    """Draw a shape that fills a box."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if shape in ("ring", "cross", "chevron"):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 2))
        box = box.adjusted(1, 1, -1, -1)
    if shape in ("circle", "ring"):
        painter.drawEllipse(box)
    elif shape == "bar":
        painter.drawRect(box.adjusted(box.width() / 3, 0, -box.width() / 3, 0))
    elif shape == "cross":
        painter.drawLine(box.topLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomLeft())
    elif shape in _POLYGONS:
        points = [
            QPointF(box.x() + x * box.width(), box.y() + y * box.height())
            for x, y in _POLYGONS[shape]
        ]
        draw = painter.drawPolyline if shape == "chevron" else painter.drawPolygon
        draw(QPolygonF(points))
    else:
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


_POLYGONS: Final = {
    "diamond": ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)),
    "triangle": ((0.5, 0.0), (1.0, 1.0), (0.0, 1.0)),
    "chevron": ((0.2, 0.0), (0.9, 0.5), (0.2, 1.0)),
}
