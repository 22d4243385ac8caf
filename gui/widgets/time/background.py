"""The parts of the time panel that a moving playhead leaves alone, kept as one pixmap."""

from collections.abc import Sequence

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QPainter, QPixmap

from gui.look.theme import themes
from gui.widgets.time import parts as parts
from gui.widgets.time.axis_map import Floats
from gui.widgets.time.axis_view import AxisView
from gui.widgets.time.density import skyline
from gui.widgets.time.frame import Frame
from gui.widgets.time.lanes import Lane


class Background:
    """Ruler, overview, names, gaps; painted again only after `forget`."""

    def __init__(self) -> None:
        self._totals: Floats | None = None
        self._skyline: QImage | None = None
        self._pixmap: QPixmap | None = None

    def set_totals(self, totals: Floats | None) -> None:
        """How many events there are along the whole axis."""
        self._totals = totals
        self.forget_skyline()

    def forget_skyline(self) -> None:
        """The overview has another width, other counts or other colours."""
        self._skyline = None
        self.forget()

    def forget(self) -> None:
        """Something here looks different now."""
        self._pixmap = None

    def pixmap(
        self,
        frame: Frame,
        axis_view: AxisView,
        lanes: Sequence[Lane],
        *,
        first_lane: int,
        indexed_until: float | None,
        ratio: float,
    ) -> QPixmap:
        """All of it, as large as the panel."""
        if self._pixmap is None:
            self._pixmap = _blank(frame, ratio)
            if lanes:
                painter = QPainter(self._pixmap)
                self._paint(painter, frame, axis_view, lanes, first_lane, ratio)
                if indexed_until is not None:
                    parts.draw_unindexed(painter, frame, axis_view, indexed_until, themes().current)
                painter.end()
        return self._pixmap

    def _paint(
        self,
        painter: QPainter,
        frame: Frame,
        axis_view: AxisView,
        lanes: Sequence[Lane],
        first_lane: int,
        ratio: float,
    ) -> None:
        theme = themes().current
        shown = lanes[first_lane:][: frame.begun_lanes]
        parts.draw_ruler(painter, frame, axis_view, theme)
        parts.draw_overview(painter, frame, axis_view, self._skyline_of(axis_view, ratio), theme)
        parts.draw_names(painter, frame, shown, theme, ratio=ratio)
        parts.draw_scroll_bar(painter, frame, first_lane, len(lanes), theme)

    def _skyline_of(self, axis_view: AxisView, ratio: float) -> QImage | None:
        if self._skyline is None and self._totals is not None:
            whole, axis = axis_view.whole, axis_view.axis
            self._skyline = skyline(
                self._totals,
                themes().current["line_strong"],
                width=whole.x_of(axis.last) - whole.x_of(axis.first),
                height=parts.SKYLINE_PX,
                ratio=ratio,
            )
        return self._skyline


def _blank(frame: Frame, ratio: float) -> QPixmap:
    pixmap = QPixmap((QSizeF(frame.width, frame.height) * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(themes().current["canvas"])
    return pixmap
