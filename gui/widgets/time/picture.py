"""The lanes as a cached picture: in full colour, and dimmed for what is after the playhead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.look.tokens import Theme
from gui.widgets.time.axis_view import AxisView
from gui.widgets.time.density import Strip, draw_bars, in_sight, most, strips
from gui.widgets.time.lanes import Clusters, Density, Lane, Marks, clustered
from gui.widgets.time.mark_shapes import MARK_PX
from gui.widgets.time.marks import draw_labels, draw_marks

NEAR: Final = 2_000  # things in sight up to which they are drawn one by one
EASED: Final = 0.4  # how much of its way a height goes in one frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which lanes are in sight, and how tall each is in logical pixels."""

    first: int
    count: int
    lane_px: int
    ratio: float  # device pixels per logical one


class LanesPicture:
    """Counts are looked up and drawn once for a viewport; moving the playhead costs two blits."""

    def __init__(self) -> None:
        self.lanes: list[Lane] = []
        self.density: Density | None = None
        self.marks: Marks | None = None
        self._strips: tuple[Strip, ...] | None = None
        self._full: QImage | None = None
        self._dim: QImage | None = None
        self._clusters: Clusters | None = None
        self._top = 0.0

    def forget_counts(self) -> None:
        """What is in sight has changed, or what it is counted from."""
        self._strips = None
        self.forget_drawing()

    def forget_drawing(self) -> None:
        """The counts still hold, but they look different."""
        self._full = None

    def jump(self) -> None:
        """Let heights take their new scale at once."""
        self._top = 0.0

    def ease(self) -> bool:
        """Bring heights a frame nearer to their scale. False when they are there."""
        wanted = self._wanted_top()
        if abs(wanted - self._top) <= 0.01 * wanted:
            return False
        self.forget_drawing()
        self._top += (wanted - self._top) * EASED
        return True

    def draw(
        self,
        painter: QPainter,
        plot: QRectF,
        axis_view: AxisView,
        rows: Rows,
        theme: Theme,
        *,
        split: float | None,
    ) -> None:
        """Paint the lanes into `plot`; right of pixel `split` of the plot they are dimmed."""
        full, dim = self._images(plot, axis_view, rows, theme)
        at = plot.width() if split is None else min(max(split, 0.0), plot.width())
        for image, left, right in ((full, 0.0, at), (dim, at, plot.width())):
            if right > left:
                source = QRectF(
                    left * rows.ratio, 0, (right - left) * rows.ratio, plot.height() * rows.ratio
                )
                target = QRectF(plot.left() + left, plot.top(), right - left, plot.height())
                painter.drawImage(target, image, source)
        if split is not None and self._clusters is not None:
            self._draw_whole(painter, plot, split, rows, theme)

    def few_in_sight(self, axis_view: AxisView) -> bool:
        """Whether so little is in sight that marks say more than density."""
        return bool(self.lanes) and in_sight(self._counted(axis_view)) <= NEAR

    def usable_marks(self, axis_view: AxisView) -> Marks | None:
        """The marks, when they cover what is in sight and are few enough."""
        marks, view = self.marks, axis_view.view
        if marks is None or marks.start > view.start or marks.end < view.end:
            return None
        first, last = np.searchsorted(marks.coordinates, [view.start, view.end])
        return marks if last - first <= NEAR else None

    def _counted(self, axis_view: AxisView) -> tuple[Strip, ...]:
        if self._strips is None:
            self._strips = ()
            if self.density is not None and self.lanes:
                self._strips = strips(self.density, axis_view.map, anchor=axis_view.axis.first)
            if self._top == 0.0:
                self._top = self._wanted_top()
        return self._strips

    def _wanted_top(self) -> float:
        return max(most(self._strips or ()), 1.0)

    def _images(
        self, plot: QRectF, axis_view: AxisView, rows: Rows, theme: Theme
    ) -> tuple[QImage, QImage]:
        if self._full is None or self._dim is None:
            self._full = _blank(plot, rows.ratio)
            marks = self.usable_marks(axis_view)
            self._clusters = None
            shown = self.lanes[rows.first : rows.first + rows.count]
            if marks is not None:
                self._draw_marks(self._full, marks, shown, axis_view, rows, theme)
                self._dim = _dimmed(self._full, shown, rows, theme)
                self._draw_labels(self._full, marks, theme["text_dim"], rows, theme)
                self._draw_labels(self._dim, marks, theme.later_words("text_dim"), rows, theme)
            else:
                colors = [theme.event_color(lane.color_index) for lane in shown]
                draw_bars(
                    self._full,
                    self._counted(axis_view),
                    colors,
                    first_lane=rows.first,
                    lane_px=rows.lane_px,
                    top=self._top,
                )
                self._dim = _dimmed(self._full, shown, rows, theme)
        return self._full, self._dim

    def _draw_marks(
        self,
        image: QImage,
        marks: Marks,
        shown: Sequence[Lane],
        axis_view: AxisView,
        rows: Rows,
        theme: Theme,
    ) -> None:
        keys = [lane.key for lane in shown]
        self._clusters = clustered(marks, axis_view.map, keys, ratio=rows.ratio)
        painter = QPainter(image)
        painter.scale(1 / rows.ratio, 1 / rows.ratio)
        looks = _looks(shown, theme)
        draw_marks(painter, self._clusters, looks, lane_px=rows.lane_px, ratio=rows.ratio)
        painter.end()

    def _draw_labels(
        self, image: QImage, marks: Marks, color: QColor, rows: Rows, theme: Theme
    ) -> None:
        if self._clusters is None:
            return
        painter = QPainter(image)
        painter.setPen(color)
        draw_labels(
            painter,
            self._clusters,
            marks,
            theme.mono_font(px=theme.small_px),
            lane_px=rows.lane_px,
            width=image.width() / rows.ratio,
            ratio=rows.ratio,
        )
        painter.end()

    def _draw_whole(
        self, painter: QPainter, plot: QRectF, split: float, rows: Rows, theme: Theme
    ) -> None:
        """The mark under the playhead belongs to what has happened: no half of it is dimmed."""
        clusters = self._clusters
        if clusters is None:
            return
        xs = clusters.xs / rows.ratio
        here = np.flatnonzero((xs <= split) & (xs > split - MARK_PX))
        if not len(here):
            return
        near = Clusters(
            clusters.rows[here], clusters.xs[here], clusters.counts[here], clusters.firsts[here]
        )
        shown = self.lanes[rows.first : rows.first + rows.count]
        painter.save()
        painter.translate(plot.topLeft())
        painter.scale(1 / rows.ratio, 1 / rows.ratio)
        draw_marks(painter, near, _looks(shown, theme), lane_px=rows.lane_px, ratio=rows.ratio)
        painter.restore()


def _looks(shown: Sequence[Lane], theme: Theme) -> list[tuple[str, QColor]]:
    return [(theme.event_mark(it.color_index), theme.event_color(it.color_index)) for it in shown]


def _blank(plot: QRectF, ratio: float) -> QImage:
    """A transparent image as large as the plot."""
    size = (max(round(plot.width() * ratio), 1), max(round(plot.height() * ratio), 1))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _dimmed(full: QImage, shown: Sequence[Lane], rows: Rows, theme: Theme) -> QImage:
    """The same shapes, each lane in the thinner colour of what is still to come."""
    image = QImage(full)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    width = image.width() / rows.ratio
    for row, lane in enumerate(shown):
        place = QRectF(0, row * rows.lane_px, width, rows.lane_px)
        painter.fillRect(place, theme.later_event_color(lane.color_index))
    painter.end()
    return image
