"""A number over time as a bare step line, cheap enough to be drawn anew at every report.

A plot takes a third of a second to be made and ten milliseconds to be painted, which a thread that
must answer within a frame cannot spend while events are folded.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import themes
from store.visible_text import visible

HEIGHT_PX: Final = 56
LINE_PX: Final = 2
DOT_PX: Final = 4  # radius
MARGIN_PX: Final = 8
GAP_PX: Final = 8  # between the dot and its label

Floats = npt.NDArray[np.float64]


class StepLine(QWidget):
    """The newest value has a dot, with a label beside it. The line never lies below nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._xs: Floats = np.empty(0)
        self._ys: Floats = np.empty(0)
        self._label = ""
        themes().changed.connect(self._restyle)

    def show_steps(self, xs: Sequence[float], ys: Sequence[float], *, label: str) -> None:
        """The value is ys[i] from xs[i] on."""
        self._xs, self._ys = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
        self._label = visible(label)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT_PX)

    def points(self) -> list[tuple[float, float]]:
        """The corners of the line, in pixels: two for each step, the newest last."""
        if not self._xs.size:
            return []
        room = QFontMetricsF(self._font()).horizontalAdvance(self._label) + GAP_PX + DOT_PX
        wide = max(self.width() - 2 * MARGIN_PX - room, 1.0)
        high = max(self.height() - 2 * MARGIN_PX, 1.0)
        span = max(float(self._xs[-1] - self._xs[0]), 1e-9)
        most = max(float(self._ys.max()), 1e-9)
        across = MARGIN_PX + (self._xs - self._xs[0]) / span * wide
        down = self.height() - MARGIN_PX - self._ys / most * high
        corners = np.repeat(across, 2)[1:], np.repeat(down, 2)[:-1]
        return list(zip(*(it.tolist() for it in corners), strict=True))

    def paintEvent(self, _event: QPaintEvent) -> None:
        points = [QPointF(x, y) for x, y in self.points()]
        if not points:
            return
        theme = themes().current
        painter = QPainter(self)
        painter.setPen(QPen(theme["accent"], LINE_PX))
        painter.drawPolyline(QPolygonF(points))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme["accent"])
        end = QPointF(points[-1].toPoint())  # where the line ends: it is drawn on whole pixels
        painter.drawEllipse(end, DOT_PX, DOT_PX)
        painter.setPen(theme["text_dim"])
        painter.setFont(self._font())
        below = QFontMetricsF(self._font()).ascent() / 2 - 1
        beside = end + QPointF(DOT_PX + GAP_PX, below)
        painter.drawText(beside, self._label)

    def _font(self) -> QFont:
        theme = themes().current
        return theme.ui_font(px=theme.small_px)

    @Slot()
    def _restyle(self) -> None:
        self.update()
