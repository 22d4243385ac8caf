"""The fixed parts of the time panel: ruler, overview, names, cursors."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from gui.theme import Theme
from gui.widgets.time_axis import AxisKind, Viewport, ticks
from gui.widgets.time_lanes import Lane, paint_mark

NAME_PX: Final = 150
RIGHT_PX: Final = 14
RULER_PX: Final = 24
OVERVIEW_TOP: Final = 28
OVERVIEW_PX: Final = 12
LANES_TOP: Final = 48
HANDLE_PX: Final = 15


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things are: the widget's size and the room of the lanes in it."""

    width: float
    height: float

    @property
    def plot(self) -> QRectF:
        """The lanes, without their names."""
        room = max(self.width - NAME_PX - RIGHT_PX, 10)
        return QRectF(NAME_PX, LANES_TOP, room, max(self.height - LANES_TOP, 0))

    @property
    def ruler(self) -> QRectF:
        """The labels above the lanes."""
        return QRectF(NAME_PX, 0, self.plot.width(), RULER_PX)

    @property
    def overview(self) -> QRectF:
        """The whole axis, with a window for what is in sight."""
        return QRectF(NAME_PX, OVERVIEW_TOP, self.plot.width(), OVERVIEW_PX)


def draw_ruler(
    painter: QPainter, frame: Frame, view: Viewport, kind: AxisKind, theme: Theme
) -> None:
    """Labels and the lines below them."""
    painter.fillRect(QRectF(0, 0, frame.width, RULER_PX), theme["panel"])
    painter.setPen(theme["line"])
    painter.drawLine(QPointF(0, RULER_PX), QPointF(frame.width, RULER_PX))
    painter.setFont(theme.ui_font(px=theme.small_px))
    metrics = QFontMetricsF(painter.font())
    painter.save()
    painter.setClipRect(QRectF(NAME_PX, 0, frame.plot.width() + RIGHT_PX, frame.height))
    free_from = 0.0
    for tick in ticks(view, kind):
        x = NAME_PX + view.x_of(tick.coordinate)
        painter.setPen(theme["line_strong"] if tick.is_major else theme["line"])
        painter.drawLine(QPointF(x, 4), QPointF(x, frame.height))
        if x >= free_from:
            painter.setPen(theme["text"] if tick.is_major else theme["text_dim"])
            painter.drawText(QPointF(x + 4, 16), tick.label)
            free_from = x + metrics.horizontalAdvance(tick.label) + 12
    painter.restore()


def draw_overview(
    painter: QPainter, frame: Frame, view: Viewport, whole: Viewport, theme: Theme
) -> None:
    """The whole axis as a bar, and the part in sight as a window on it."""
    box = frame.overview
    painter.setPen(theme["line"])
    painter.setBrush(theme["canvas"])
    painter.drawRoundedRect(box, 2, 2)
    left = max(whole.x_of(view.start), 0.0)
    right = min(whole.x_of(view.end), box.width())
    window = QRectF(box.x() + left, box.y(), max(right - left, 4.0), box.height())
    painter.setPen(Qt.PenStyle.NoPen)
    color = theme["accent"]
    color = type(color)(color.red(), color.green(), color.blue(), 70)
    painter.setBrush(color)
    painter.drawRoundedRect(window, 2, 2)


def draw_names(
    painter: QPainter, frame: Frame, lanes: list[Lane], *, lane_px: int, theme: Theme
) -> None:
    """Each lane's swatch and name at the left, and the lines between lanes."""
    painter.setFont(theme.ui_font(px=theme.small_px + 1))
    metrics = QFontMetricsF(painter.font())
    painter.fillRect(
        QRectF(0, RULER_PX + 1, NAME_PX - 1, frame.height - RULER_PX - 1), theme["canvas"]
    )
    for row, lane in enumerate(lanes):
        top = LANES_TOP + row * lane_px
        painter.setPen(theme["line"])
        painter.drawLine(QPointF(0, top + lane_px - 1), QPointF(frame.width, top + lane_px - 1))
        shape, color = theme.event_mark(lane.color_index), theme.event_color(lane.color_index)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, shape, color, QRectF(10, top + lane_px / 2 - 4, 8, 8))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(theme["text"])
        name = metrics.elidedText(lane.name, Qt.TextElideMode.ElideRight, NAME_PX - 32)
        box = QRectF(25, top, NAME_PX - 30, lane_px)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
    painter.setPen(theme["line"])
    painter.drawLine(QPointF(NAME_PX - 1, 0), QPointF(NAME_PX - 1, frame.height))


def draw_cursor(painter: QPainter, frame: Frame, x: float, theme: Theme) -> None:
    """The playhead: a handle in the ruler and a line through the lanes."""
    painter.setPen(QPen(theme["accent"], 2))
    painter.drawLine(QPointF(x, HANDLE_PX), QPointF(x, frame.height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme["accent"])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPolygon(_handle(x))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_anchor(painter: QPainter, frame: Frame, x: float, theme: Theme) -> None:
    """The second cursor, A: a tag and a dashed line."""
    painter.setPen(QPen(theme["text_dim"], 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(x, HANDLE_PX), QPointF(x, frame.height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme["text_dim"])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPolygon(_handle(x))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme["canvas"])
    painter.setFont(theme.ui_font(px=theme.small_px))
    painter.drawText(QRectF(x - 8, 0, 16, HANDLE_PX), Qt.AlignmentFlag.AlignCenter, "A")


def _handle(x: float) -> QPolygonF:
    """A shield that points down at a pixel."""
    corners = ((-8, 1), (8, 1), (8, HANDLE_PX - 4), (0, HANDLE_PX + 4), (-8, HANDLE_PX - 4))
    return QPolygonF([QPointF(x + dx, y) for dx, y in corners])
