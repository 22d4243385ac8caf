"""The drawing half of the time panel: what it is told to show, and how that is painted.

Still parts are kept as a pixmap and the lanes as two images, so a moving playhead costs blits
of what changed and not a look at the events.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from gui.look.theme import themes
from gui.widgets.time import cursors as cursors
from gui.widgets.time import parts as parts
from gui.widgets.time.axis import Axis, AxisKind, Viewport
from gui.widgets.time.axis_map import Floats, Gap, idle_gaps
from gui.widgets.time.frame import LANES_TOP, Frame
from gui.widgets.time.lanes import Density, Lane, Marks
from gui.widgets.time.picture import LanesPicture, Rows
from gui.widgets.time.sight import Sight
from gui.widgets.time.still import StillParts
from gui.widgets.time.ticks import moment_text

OVERVIEW_BUCKETS: Final = 1_024
GAP_SHARE: Final = 0.12  # an idle gap takes at least so much of the axis
FRAME_MS: Final = 16
ASK_MS: Final = 40


class TimeCanvas(QWidget):
    """Shows lanes, density or marks, cursors; knows no log. Call it on the GUI thread."""

    viewport_changed = Signal()
    near_wanted = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Time panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._sight = Sight()
        self._picture = LanesPicture()
        self._first_lane = 0
        self._name_px = parts.name_room((), 800, themes().current)
        self._cursor: float | None = None
        self._anchor: float | None = None
        self._range: tuple[float, float] | None = None
        self._indexed_until: float | None = None
        self._pointer_x: float | None = None
        self._gap_share = GAP_SHARE
        self._opened: list[float] = []  # a coordinate in each gap that a person opened
        self._empty_text = ""
        self._still = StillParts()
        self._shows_focus = False
        self._asked: Viewport | None = None
        self._asking = QTimer(self, singleShot=True, interval=ASK_MS)
        self._asking.timeout.connect(self._ask_for_marks)
        self._easing = QTimer(self, interval=FRAME_MS)
        self._easing.timeout.connect(self._ease)
        themes().changed.connect(self._restyle)

    # What the owner says.

    def set_lanes(self, lanes: Sequence[Lane]) -> None:
        """The rows, top to bottom; the density gives counts in this order."""
        self._picture.lanes = list(lanes)
        self._scroll_to(self._first_lane)
        self._fit_names()
        self._recount()

    def set_axis(self, kind: AxisKind, start: float, end: float, *, keep_view: bool) -> None:
        """What coordinates mean and where the first and the last event are.

        With `keep_view` the viewport stays, unless it shows everything: then it goes on to.
        """
        if kind != self._sight.axis.kind:
            self._opened.clear()
            self._picture.jump()
        self._sight.set_axis(Axis(kind=kind, first=start, last=end), keep_view=keep_view)
        self._recount()
        self.viewport_changed.emit()

    def set_density(self, density: Density | None) -> None:
        """Where counts come from (see `Density`); call it again when there are more events."""
        self._picture.density = density
        self._recount()

    def set_marks(self, marks: Marks | None) -> None:
        """What is near enough to be drawn one by one; the answer to `near_wanted`."""
        self._picture.marks = marks
        self._picture.forget_drawing()
        self.update()

    def set_cursor(self, coordinate: float | None) -> None:
        """Move the playhead."""
        self._move_cursor(coordinate)

    def set_anchor(self, coordinate: float | None) -> None:
        """Move the second cursor, A."""
        if coordinate != self._anchor:
            self._anchor = coordinate
            self._describe()
            self.update()

    def set_range(self, ends: tuple[float, float] | None) -> None:
        """Show a chosen range, or none."""
        self._range = ends
        self.update()

    def set_indexed_until(self, coordinate: float | None) -> None:
        """What lies after is not counted yet and is hatched; None when all is counted."""
        if coordinate != self._indexed_until:
            self._indexed_until = coordinate
            self._forget_still()

    def set_empty_text(self, text: str) -> None:
        """Why there is nothing to see."""
        self._empty_text = text
        self.update()

    def set_gap_share(self, share: float | None) -> None:
        """How eager idle gaps collapse: the least share of the axis; None for never."""
        self._gap_share = 2.0 if share is None else share
        self._opened.clear()
        self._recount()

    def viewport(self) -> Viewport:
        """What is in sight; `show_range(start, end)` brings it back."""
        return self._sight.view

    def cursor_coordinate(self) -> float | None:
        """Where the playhead is drawn."""
        return self._cursor

    def show_range(self, start: float, end: float) -> None:
        """Bring a range into sight."""
        self._sight.show(start, end)
        self._seen()

    @Slot()
    def frame_all(self) -> None:
        """Show everything there is."""
        self._sight.frame_all()
        self._seen()

    @Slot()
    def reveal_cursor(self) -> None:
        """Pan so that the playhead is in sight."""
        if self._cursor is not None and self._sight.reveal(self._cursor):
            self._seen()

    # Sizes.

    def sizeHint(self) -> QSize:
        return QSize(800, LANES_TOP + themes().current.row_px * min(self._lane_count(), 8) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, LANES_TOP + 3 * themes().current.row_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()
        self._scroll_to(self._first_lane)
        self._picture.jump()
        self._still.forget_skyline()
        self._sight.set_width(self._frame().plot.width())
        self._seen()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._restyle()
        super().changeEvent(event)

    # Painting.

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, frame = themes().current, self._frame()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still_parts(frame))
        if not self._picture.lanes:
            painter.setPen(theme["text_dim"])
            painter.drawText(frame.plot, Qt.AlignmentFlag.AlignCenter, self._empty_text)
        else:
            self._paint_lanes(painter, frame)
            self._paint_cursors(painter, frame)
        if self._shows_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme["accent"])
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_lanes(self, painter: QPainter, frame: Frame) -> None:
        theme, ends = themes().current, self._shaded()
        if ends is not None:
            xs = (self._x(ends[0]), self._x(ends[1]))
            cursors.draw_shade(painter, frame, xs, theme, is_range=self._range is not None)
        split = None if self._cursor is None else round(self._x(self._cursor)) + 1.0
        self._picture.draw(painter, frame.plot, self._sight, self._rows(), theme, split=split)
        if self._picture.ease() and not self._easing.isActive():
            self._begin_easing()

    def _paint_cursors(self, painter: QPainter, frame: Frame) -> None:
        theme, room = themes().current, frame.plot.width()
        whole = self._sight.whole
        if self._pointer_x is not None:
            scale = self._sight.map.scale
            text = moment_text(self._at(self._pointer_x), self._sight.axis.kind, scale=scale)
            cursors.draw_pointer(painter, frame, self._pointer_x, text, theme)
        for coordinate, draw, color in (
            (self._anchor, cursors.draw_anchor, theme["text_dim"]),
            (self._cursor, cursors.draw_cursor, theme["accent"]),
        ):
            if coordinate is not None:
                cursors.draw_in_overview(painter, frame, whole.x_of(coordinate), color)
                if -1 <= (x := self._x(coordinate)) <= room + 1:
                    draw(painter, frame, x, theme)

    def _still_parts(self, frame: Frame) -> QPixmap:
        return self._still.pixmap(
            frame,
            self._sight,
            self._picture.lanes,
            first_lane=self._first_lane,
            indexed_until=self._indexed_until,
            ratio=self.devicePixelRatioF(),
        )

    # What has to be done again.

    def _seen(self) -> None:
        """Another part of the axis is in sight."""
        self._picture.forget_counts()
        self._ask_soon()
        self._forget_still()
        self.viewport_changed.emit()

    def _recount(self) -> None:
        """There may be other counts, and so other gaps."""
        axis, density = self._sight.axis, self._picture.density
        totals: Floats | None = None
        gaps: tuple[Gap, ...] = ()
        if density is not None and self._picture.lanes:
            counts = np.asarray(density(axis.first, axis.last + 1, OVERVIEW_BUCKETS))
            totals = counts.sum(axis=0, dtype=np.float64)
            if axis.kind == "time":
                gaps = idle_gaps(totals, axis.first, axis.last + 1, share=self._gap_share)
        before = self._sight.view
        self._sight.set_axis(replace(axis, gaps=self._closed(gaps)), keep_view=True)
        self._still.set_totals(totals)
        self._asked = None
        self._picture.forget_counts()
        self._ask_soon()
        self._forget_still()
        if self._sight.view != before:
            self.viewport_changed.emit()

    def _closed(self, gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
        return tuple(
            gap for gap in gaps if not any(gap.start <= it <= gap.end for it in self._opened)
        )

    def _forget_still(self) -> None:
        self._still.forget()
        self.update()

    @Slot()
    def _restyle(self) -> None:
        self._fit_names()
        self._still.forget_skyline()
        self._picture.forget_drawing()
        self._forget_still()

    def _begin_easing(self) -> None:
        """Heights glide to another scale, unless the system asks for no motion."""
        duration = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        if duration > 0:
            self._easing.start()
        else:
            self._picture.jump()
            self._picture.forget_counts()
            self.update()

    @Slot()
    def _ease(self) -> None:
        if not self._picture.ease():
            self._easing.stop()
        self.update(self._frame().plot.toAlignedRect())

    def _ask_soon(self) -> None:
        if not self._asking.isActive():
            self._asking.start()

    @Slot()
    def _ask_for_marks(self) -> None:
        view, asked = self._sight.view, self._asked
        is_asked = asked is not None and asked.start <= view.start and asked.end >= view.end
        if is_asked or not self._picture.few_in_sight(self._sight):
            return
        self._asked = replace(view, start=view.start - view.span / 2, end=view.end + view.span / 2)
        self.near_wanted.emit(self._asked.start, self._asked.end)

    # Cursors.

    def _move_cursor(self, coordinate: float | None) -> None:
        if coordinate == self._cursor:
            return
        before, self._cursor = self._cursor, coordinate
        self._describe()
        if before is None or coordinate is None or self._anchor is not None:
            self.update()
            return
        for it in (before, coordinate):
            self._update_around(self._frame().name_px + self._x(it))
        xs = sorted(self._frame().name_px + self._x(it) for it in (before, coordinate))
        self.update(QRect(int(xs[0]) - 1, LANES_TOP, int(xs[1] - xs[0]) + 3, self.height()))
        self.update(self._frame().overview.toAlignedRect())

    def _update_around(self, x: float) -> None:
        self.update(QRect(round(x) - 12, 0, 24, self.height()))

    def _describe(self) -> None:
        """Say in words where the cursors are."""
        kind = self._sight.axis.kind
        zone = " UTC" if kind == "time" else ""
        told = [
            f"{name} at {moment_text(it, kind)}{zone}"
            for name, it in (("Playhead", self._cursor), ("A", self._anchor))
            if it is not None
        ]
        self.setAccessibleDescription("; ".join(told))

    def _shaded(self) -> tuple[float, float] | None:
        if self._range is not None:
            return self._range
        if self._anchor is None or self._cursor is None:
            return None
        return self._anchor, self._cursor

    # Places.

    def _frame(self) -> Frame:
        return Frame(
            width=self.width(),
            height=self.height(),
            name_px=self._name_px,
            lane_px=themes().current.row_px,
        )

    def _fit_names(self) -> None:
        room = parts.name_room(self._picture.lanes, self.width(), themes().current)
        if room != self._name_px:
            self._name_px = room
            self._still.forget_skyline()
            self._sight.set_width(self._frame().plot.width())

    def _rows(self) -> Rows:
        frame = self._frame()
        return Rows(
            first=self._first_lane,
            count=frame.begun_lanes,
            lane_px=frame.lane_px,
            ratio=self.devicePixelRatioF(),
        )

    def _lane_count(self) -> int:
        return len(self._picture.lanes)

    def _shown(self) -> list[Lane]:
        return self._picture.lanes[self._first_lane :][: self._frame().begun_lanes]

    def _scroll_to(self, lane: int) -> None:
        last = max(self._lane_count() - self._frame().whole_lanes, 0)
        lane = min(max(lane, 0), last)
        if lane != self._first_lane:
            self._first_lane = lane
            self._picture.forget_drawing()
            self._forget_still()

    def _x(self, coordinate: float) -> float:
        """The pixel of the plot for a coordinate."""
        return self._sight.map.x_of(coordinate)

    def _at(self, x: float) -> float:
        """The whole position or microsecond under a pixel of the plot, within the axis."""
        axis = self._sight.axis
        return float(min(max(round(self._sight.map.at(x)), axis.first), axis.last))
