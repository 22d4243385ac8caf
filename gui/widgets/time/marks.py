"""Marks in the lanes, and labels beside those that have room."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from gui.widgets.time.lanes import Clusters, Marks
from gui.widgets.time.mark_shapes import MARK_PX, mark_pixmap
from gui.widgets.time.ticks import count_text
from store.visible_text import visible

ROOM_PX: Final = 44  # below this much free room a mark has no label


def draw_marks(
    painter: QPainter,
    clusters: Clusters,
    looks: Sequence[tuple[str, QColor]],
    *,
    lane_px: int,
    ratio: float,
) -> None:
    """Stamp clusters into lanes that begin at y = 0; `looks` gives each row's shape and colour.

    The painter works in device pixels: whole numbers make a stamp three times as fast.
    """
    stamps = [_device_stamp(shape, color, ratio) for shape, color in looks]
    half = round((MARK_PX / 2 + 1) * ratio)
    tops = [round((row * lane_px + (lane_px - 1) / 2) * ratio) - half for row in range(len(looks))]
    for row, x in zip(clusters.rows.tolist(), (clusters.xs - half).tolist(), strict=True):
        painter.drawPixmap(x, tops[row], stamps[row])


def draw_labels(
    painter: QPainter,
    clusters: Clusters,
    marks: Marks,
    font: QFont,
    *,
    lane_px: int,
    width: float,
    ratio: float,
) -> None:
    """Write beside each mark that has room what it is, or how many share its pixel."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    xs = clusters.xs / ratio
    ends = np.append(xs[1:], width)
    ends[np.append(np.diff(clusters.rows) != 0, True)] = width
    for at in np.flatnonzero(ends - xs >= ROOM_PX).tolist():
        text = _label(clusters, marks, at)
        left = float(xs[at]) + MARK_PX / 2 + 4
        if left + metrics.horizontalAdvance(text) + MARK_PX <= ends[at]:
            middle = int(clusters.rows[at]) * lane_px + (lane_px - 1) / 2
            baseline = middle + metrics.capHeight() / 2
            painter.drawText(QPointF(left, baseline), text)


def _label(clusters: Clusters, marks: Marks, at: int) -> str:
    first, count = int(clusters.firsts[at]), int(clusters.counts[at])
    if count > 1:
        return f"× {count_text(count)}"
    return visible(marks.labels[first]) if marks.labels else count_text(int(marks.values[first]))


def _device_stamp(shape: str, color: QColor, ratio: float) -> QPixmap:
    stamp = QPixmap(mark_pixmap(shape, color.name(), ratio))
    stamp.setDevicePixelRatio(1.0)
    return stamp
