"""The still parts of the time panel: ruler, overview, names, gaps, what is not yet indexed."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from gui.look.tokens import Theme
from gui.widgets.elision import elided
from gui.widgets.time.axis_map import Gap
from gui.widgets.time.axis_view import AxisView
from gui.widgets.time.frame import LANES_TOP, OVERVIEW_PX, RULER_PX, Frame
from gui.widgets.time.lanes import Lane
from gui.widgets.time.mark_shapes import mark_pixmap
from gui.widgets.time.ticks import Tick, context_text, span_text, ticks
from gui.words import said
from store.visible_text import visible

SWATCH_PX: Final = 8
SWATCH_LEFT: Final = 12
NAME_LEFT: Final = 28
SKYLINE_PX: Final = OVERVIEW_PX - 3


def draw_ruler(painter: QPainter, frame: Frame, axis_view: AxisView, theme: Theme) -> None:
    """Labels and the lines below them."""
    painter.fillRect(QRectF(0, 0, frame.width, RULER_PX), theme["panel"])
    painter.setPen(theme["line"])
    painter.drawLine(QLineF(0, RULER_PX - 0.5, frame.width, RULER_PX - 0.5))
    painter.setFont(theme.ui_font(px=theme.small_px))
    to_x, kind = axis_view.map, axis_view.axis.kind
    context = context_text(to_x.coordinates[0], kind, scale=to_x.scale)
    painter.setPen(theme["text_faint"])
    painter.drawText(QPointF(SWATCH_LEFT, 16), context)
    painter.save()
    painter.setClipRect(QRectF(frame.name_px, 0, frame.width - frame.name_px, frame.height))
    for gap in to_x.gaps:
        _draw_gap(painter, frame, axis_view, gap, theme)
    free_from = -np.inf
    for piece in to_x.pieces():
        if not piece.is_gap:
            made = ticks(piece.start, piece.end, scale=to_x.scale, kind=kind)
            whole = frame.width - frame.name_px
            limit = piece.right if piece.right < axis_view.view.width else whole
            free_from = _draw_ticks(painter, frame, axis_view, made, theme, free_from, limit)
    painter.restore()


def draw_overview(
    painter: QPainter, frame: Frame, axis_view: AxisView, skyline: QImage | None, theme: Theme
) -> None:
    """The whole axis as a bar with its density, and the part in sight as a window on it."""
    box = frame.overview
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme["line"])
    painter.setBrush(theme["canvas"])
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if skyline is not None:
        first = box.left() + axis_view.whole.x_of(axis_view.axis.first)
        painter.drawImage(QPointF(first, box.bottom() - 1 - SKYLINE_PX), skyline)
    left, right = window_of(axis_view)
    accent = QColor(theme["accent"])
    accent.setAlpha(150)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(accent)
    accent.setAlpha(60)
    painter.setBrush(accent)
    window = QRectF(box.x() + left, box.y(), right - left, box.height())
    painter.drawRoundedRect(window.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def window_of(axis_view: AxisView) -> tuple[float, float]:
    """The pixels of the overview that stand for what is in sight; never too narrow to hold."""
    whole, width = axis_view.whole, axis_view.view.width
    left = min(max(whole.x_of(axis_view.view.start), 0.0), width)
    right = min(max(whole.x_of(axis_view.view.end), 0.0), width)
    missing = max(8.0 - (right - left), 0.0)
    left = min(max(left - missing / 2, 0.0), width - 8.0)
    return left, max(right, left + 8.0)


def draw_names(
    painter: QPainter, frame: Frame, shown: Sequence[Lane], theme: Theme, *, ratio: float
) -> None:
    """Each lane's shape and name at the left, and the lines between lanes."""
    painter.setFont(theme.ui_font(px=theme.mono_px))
    metrics = QFontMetricsF(painter.font())
    room = frame.name_px - NAME_LEFT - 8
    for row, lane in enumerate(shown):
        top = LANES_TOP + row * frame.lane_px
        bottom = top + frame.lane_px - 0.5
        painter.setPen(theme["line"])
        painter.drawLine(QLineF(0, bottom, frame.width, bottom))
        middle = top + (frame.lane_px - 1) / 2
        shape, color = theme.event_mark(lane.color_index), theme.event_color(lane.color_index)
        stamp = mark_pixmap(shape, color.name(), ratio, SWATCH_PX)
        painter.drawPixmap(QPointF(SWATCH_LEFT - 1, middle - SWATCH_PX / 2 - 1), stamp)
        painter.setPen(theme["text_dim"])
        name = elided(visible(lane.name), metrics, room)
        painter.drawText(QPointF(NAME_LEFT, middle + metrics.capHeight() / 2), name)
    painter.setPen(theme["line"])
    painter.drawLine(QLineF(frame.name_px - 0.5, 0, frame.name_px - 0.5, frame.height))


def draw_unindexed(
    painter: QPainter, frame: Frame, axis_view: AxisView, until: float, theme: Theme
) -> None:
    """Hatch what no count is known of yet, and say so."""
    plot = frame.plot
    left = min(max(axis_view.map.x_of(until), 0.0), plot.width())
    area = QRectF(plot.left() + left, plot.top(), plot.width() - left, plot.height())
    if area.width() < 1:
        return
    painter.fillRect(area, QBrush(theme["line"], Qt.BrushStyle.BDiagPattern))
    text, metrics = said("not yet indexed"), QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(text) + 16
    if area.width() > width:
        chip = QRectF(area.center().x() - width / 2, area.center().y() - 10, width, 20)
        painter.fillRect(chip, theme["canvas"])
        painter.setPen(theme["text_dim"])
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def draw_scroll_bar(painter: QPainter, frame: Frame, first: int, lanes: int, theme: Theme) -> None:
    """Where among the lanes one is, when not all fit."""
    if lanes <= frame.whole_lanes:
        return
    room = frame.plot.height()
    height = max(room * frame.whole_lanes / lanes, 16.0)
    most_first = lanes - frame.whole_lanes
    top = LANES_TOP + (room - height) * min(first / most_first, 1.0)
    painter.fillRect(QRectF(frame.width - 5, top, 3, height), theme["line_strong"])


def _draw_ticks(
    painter: QPainter,
    frame: Frame,
    axis_view: AxisView,
    made: Sequence[Tick],
    theme: Theme,
    free_from: float,
    limit: float,
) -> float:
    """Draw labels that fit beside each other; returns where the last one ends."""
    metrics = QFontMetricsF(painter.font())
    for tick in made:
        x = round(frame.name_px + axis_view.map.x_of(tick.coordinate)) + 0.5
        painter.setPen(theme["line_strong"] if tick.is_major else theme["line"])
        painter.drawLine(QLineF(x, 6, x, RULER_PX - 1))
        painter.setPen(theme["line"])
        painter.drawLine(QLineF(x, RULER_PX, x, frame.height))
        width = metrics.horizontalAdvance(tick.label)
        if x >= free_from and x + 5 + width <= frame.name_px + limit:
            painter.setPen(theme["text"] if tick.is_major else theme["text_dim"])
            painter.drawText(QPointF(x + 5, 16), tick.label)
            free_from = x + width + 12
    return free_from


def _draw_gap(painter: QPainter, frame: Frame, axis_view: AxisView, gap: Gap, theme: Theme) -> None:
    """A pale band with a dashed line, and a zigzag in the ruler with the gap's length."""
    left = frame.name_px + axis_view.map.x_of(gap.start)
    right = frame.name_px + axis_view.map.x_of(gap.end)
    band = QRectF(left, LANES_TOP, right - left, frame.height - LANES_TOP)
    painter.fillRect(band, theme["panel"])
    middle = round(band.center().x()) + 0.5
    painter.setPen(QPen(theme["line_strong"], 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(middle, LANES_TOP, middle, frame.height))
    text = span_text(gap.length, axis_view.axis.kind)
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    x = band.center().x() - (width + 10) / 2
    painter.setPen(QPen(theme["text_faint"], 1.2))
    zigzag = [QPointF(x + at % 2 * 4, 7 + at * 2.5) for at in range(5)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPolyline(zigzag)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme["text_dim"])
    painter.drawText(QPointF(x + 10, 16), text)


def names_width(shown: Sequence[Lane], width: float, theme: Theme) -> float:
    """How wide the names' column is: as the longest name, within bounds."""
    metrics = QFontMetricsF(theme.ui_font(px=theme.mono_px))
    longest = max((metrics.horizontalAdvance(lane.name) for lane in shown), default=0.0)
    most = max(min(220.0, width * 0.28), 90.0)
    return float(round(min(max(longest + NAME_LEFT + 12, 132.0), most)))
