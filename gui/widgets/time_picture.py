"""The lanes of the time panel as a cached picture: full up to the playhead, dimmed behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gui.theme import themes
from gui.widgets.time_axis import Viewport
from gui.widgets.time_lanes import PITCH_PX, Counts, Lane, Marks, density_image, draw_marks

Density = Callable[[float, float, int], Counts]

NEAR: Final = 2_000  # things in sight up to which they are drawn one by one
DIMMED: Final = 0.32


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
        self._counts: Counts | None = None
        self._image: QImage | None = None

    def forget(self) -> None:
        """What is in sight, or its colours, have changed."""
        self._counts, self._image = None, None

    def draw(
        self, painter: QPainter, plot: QRectF, view: Viewport, rows: Rows, *, split: float | None
    ) -> None:
        """Paint the lanes into `plot`; right of pixel `split` they are dimmed."""
        at = plot.right() if split is None else min(max(split, plot.left()), plot.right())
        for clip, opacity in (
            (QRectF(plot.left(), plot.top(), at - plot.left(), plot.height()), 1.0),
            (QRectF(at, plot.top(), plot.right() - at, plot.height()), DIMMED),
        ):
            if clip.width() > 0:
                painter.save()
                painter.setClipRect(clip)
                painter.setOpacity(opacity)
                self._draw_half(painter, plot, view, rows)
                painter.restore()

    def usable_marks(self, view: Viewport) -> Marks | None:
        """The marks, when they cover what is in sight and are few enough."""
        marks = self.marks
        if marks is None or marks.start > view.start or marks.end < view.end:
            return None
        first, last = np.searchsorted(marks.coordinates, [view.start, view.end])
        return marks if last - first <= NEAR else None

    def wants_marks(self, view: Viewport) -> bool:
        """Whether so little is in sight that marks would be better than density."""
        counts = self._count(view)
        few = counts is not None and int(counts.sum()) <= NEAR
        return few and self.usable_marks(view) is None

    def _draw_half(self, painter: QPainter, plot: QRectF, view: Viewport, rows: Rows) -> None:
        marks = self.usable_marks(view)
        if marks is None:
            if image := self._density_image(view, rows):
                painter.drawImage(plot.topLeft(), image)
            return
        theme = themes().current
        places = {
            lane.key: (
                row * rows.lane_px + rows.lane_px / 2,
                theme.event_color(lane.color_index),
                theme.event_mark(lane.color_index),
            )
            for row, lane in enumerate(self.lanes[rows.first : rows.first + rows.count])
        }
        painter.translate(plot.topLeft())
        painter.setFont(theme.mono_font(px=theme.small_px))
        draw_marks(painter, marks, view, places)

    def _density_image(self, view: Viewport, rows: Rows) -> QImage | None:
        if self._image is None and (counts := self._count(view)) is not None:
            shown = slice(rows.first, rows.first + rows.count)
            colors = [themes().current.event_color(it.color_index) for it in self.lanes[shown]]
            if colors:
                self._image = density_image(
                    counts[shown], colors, lane_px=rows.lane_px, ratio=rows.ratio
                )
        return self._image

    def _count(self, view: Viewport) -> Counts | None:
        if self._counts is None and self.density is not None and self.lanes:
            buckets = max(int(view.width // PITCH_PX), 1)
            self._counts = self.density(view.start, view.at(buckets * PITCH_PX), buckets)
        return self._counts
