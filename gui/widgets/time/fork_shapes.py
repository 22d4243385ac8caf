"""Where branches fork, and the line of the branch in view under that of the log."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.look.tokens import Theme
from gui.widgets.time.frame import LANES_TOP, OVERVIEW_PX, OVERVIEW_TOP, RULER_PX, Frame

LINE_PX: Final = 2
BELOW_PX: Final = 2  # between the overview and the branch's line
REACH_PX: Final = 5


def draw_forks(painter: QPainter, frame: Frame, xs: Sequence[float], theme: Theme) -> None:
    """A fork in the ruler for each pixel of the plot; those that share one are drawn once."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme["branch"], 1.6))
    painter.setBrush(theme["branch"])
    for at in {round(it) for it in xs if -1 <= it <= frame.plot.width() + 1}:
        x = round(frame.name_px) + at + 0.5
        foot = float(RULER_PX - 2)
        painter.drawLine(QPointF(x, foot), QPointF(x, foot - 10))
        painter.drawLine(QPointF(x, foot - 4), QPointF(x + 5, foot - 8))
        painter.drawEllipse(QPointF(x, foot - 10), 1.6, 1.6)
        painter.drawEllipse(QPointF(x + 5, foot - 8), 1.6, 1.6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_branch_line(
    painter: QPainter, frame: Frame, ends: tuple[float, float], theme: Theme
) -> None:
    """From the fork to the end, under the overview of the log; pixels of the whole axis. It leaves
    the log's line by a short way down."""
    left = frame.overview.left() + min(max(ends[0], 0.0), frame.overview.width())
    right = frame.overview.left() + min(max(ends[1], 0.0), frame.overview.width())
    top = float(OVERVIEW_TOP + OVERVIEW_PX + BELOW_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(QRectF(left, top, max(right - left, 1.0), LINE_PX), theme["branch"])
    painter.fillRect(QRectF(left, top - BELOW_PX - 3, LINE_PX, BELOW_PX + 3), theme["branch"])
    assert top + LINE_PX <= LANES_TOP
