"""What the time panel shows: lanes, axis, cursors and range, and where each of them is.

Nothing here paints or listens: the painter and the inputs are given the scene. The background is
kept as a pixmap and the lanes as two images, so a moving playhead costs blits of what changed and
not a look at the events.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QRect, QTimer, Signal, Slot
from PySide6.QtWidgets import QStyle, QWidget

from gui.look.theme import themes
from gui.widgets.time import parts as parts
from gui.widgets.time.axis import Axis, AxisKind, Viewport
from gui.widgets.time.axis_map import Floats, Gap, idle_gaps
from gui.widgets.time.axis_view import AxisView
from gui.widgets.time.background import Background
from gui.widgets.time.frame import LANES_TOP, Frame
from gui.widgets.time.lanes import Density, Lane, Marks
from gui.widgets.time.picture import LanesPicture, Rows
from gui.widgets.time.ticks import moment_text
from gui.words import said

BEYOND_PX: Final = 100.0  # a line so far outside is not seen
OVERVIEW_BUCKETS: Final = 1_024
GAP_SHARE: Final = 0.12  # an idle gap takes at least so much of the axis
FRAME_MS: Final = 16
ASK_MS: Final = 40


class TimeScene(QObject):
    """Knows no log. `surface` is the widget that shows it: asked for its size, and told what to
    paint again. GUI thread."""

    near_wanted = Signal(float, float)

    def __init__(self, surface: QWidget) -> None:
        super().__init__(surface)
        self._surface = surface
        self.axis_view = AxisView()
        self.picture = LanesPicture()
        self.first_lane = 0
        self.name_px = parts.names_width((), 800, themes().current)
        self.cursor: float | None = None
        self.anchor: float | None = None
        self.known: float | None = None
        self.flags: tuple[float, ...] = ()
        self._pointed: list[str] = []  # what is said of the mark at the playhead
        self.flagged: tuple[tuple[float, float], ...] = ()  # ranges that a person has marked
        self.breaches: tuple[float, ...] = ()
        self.forks: tuple[float, ...] = ()
        self.is_branch = False
        self.range: tuple[float, float] | None = None
        self.indexed_until: float | None = None
        self.pointer_x: float | None = None
        self._gap_share = GAP_SHARE
        self.opened_gaps: list[float] = []  # a coordinate in each gap that a person opened
        self._has_kept_gaps = False
        self.empty_text = ""
        self.background = Background()
        self.shows_focus = False
        self._asked: Viewport | None = None
        self._asking = QTimer(self, singleShot=True, interval=ASK_MS)
        self._asking.timeout.connect(self._ask_for_marks)
        self.easing = QTimer(self, interval=FRAME_MS)
        self.easing.timeout.connect(self._ease)
        themes().changed.connect(self.restyle)

    def set_lanes(self, lanes: Sequence[Lane]) -> None:
        """The rows, top to bottom; the density gives counts in this order."""
        self._take_lanes(lanes)
        self.recount()

    def set_axis(self, kind: AxisKind, start: float, end: float, *, keep_view: bool) -> None:
        """What coordinates mean and where the first and the last event are.

        With `keep_view` the viewport stays, unless it shows everything: then it goes on to.
        """
        self._take_axis(kind, start, end, keep_view=keep_view)
        self.recount()

    def set_counted(
        self, kind: AxisKind, start: float, end: float, lanes: Sequence[Lane], density: Density
    ) -> None:
        """Axis, lanes and density at once, as when there are more events: they are counted once.

        Who has zoomed in finds everything where it was: the gaps stay as they are, and the names
        as wide.
        """
        grows = self.picture.density is not None and self.axis_view.can_grow(kind)
        if grows:
            self.axis_view.grow(start, end)
            self.picture.lanes = list(lanes)
            self.scroll_to(self.first_lane)
        else:
            self._take_axis(kind, start, end, keep_view=True)
            self._take_lanes(lanes)
        self.picture.density = density
        self.recount(keeps_gaps=grows)

    def _take_lanes(self, lanes: Sequence[Lane]) -> None:
        self.picture.lanes = list(lanes)
        self.scroll_to(self.first_lane)
        self.fit_names()

    def _take_axis(self, kind: AxisKind, start: float, end: float, *, keep_view: bool) -> None:
        if kind != self.axis_view.axis.kind:
            self.opened_gaps.clear()
            self.picture.jump()
        self.axis_view.set_axis(Axis(kind=kind, first=start, last=end), keep_view=keep_view)

    def set_density(self, density: Density | None) -> None:
        """Where counts come from (see `Density`); call it again when there are more events."""
        self.picture.density = density
        self.recount()

    def set_marks(self, marks: Marks | None) -> None:
        """What is near enough to be drawn one by one; the answer to `near_wanted`."""
        self.picture.marks = marks
        self.picture.forget_drawing()
        self._surface.update()

    def set_anchor(self, coordinate: float | None) -> None:
        """Move the second cursor, A."""
        if coordinate != self.anchor:
            self.anchor = coordinate
            self._describe()
            self._surface.update()

    def set_flags(
        self, coordinates: tuple[float, ...], ranges: tuple[tuple[float, float], ...] = ()
    ) -> None:
        """Mark these moments, and these ranges."""
        self.flags, self.flagged = coordinates, ranges
        self._surface.update()

    def set_breaches(self, coordinates: tuple[float, ...]) -> None:
        """Mark these moments as ones at which a rule was broken."""
        self.breaches = coordinates
        self._surface.update()

    def set_range(self, ends: tuple[float, float] | None) -> None:
        """Show a chosen range, or none."""
        self.range = ends
        self._surface.update()

    def set_indexed_until(self, coordinate: float | None) -> None:
        """What lies after is not counted yet and is hatched; None when all is counted."""
        if coordinate != self.indexed_until:
            self.indexed_until = coordinate
            self._forget_still()

    def set_empty_text(self, text: str) -> None:
        """Why there is nothing to see."""
        self.empty_text = text
        self._surface.update()

    def set_gap_share(self, share: float | None) -> None:
        """How eager idle gaps collapse: the least share of the axis; None for never."""
        self._gap_share = 2.0 if share is None else share
        self.opened_gaps.clear()
        self.recount()

    def viewport(self) -> Viewport:
        """What is in sight; `show_range(start, end)` brings it back."""
        return self.axis_view.view

    def cursor_coordinate(self) -> float | None:
        """Where the playhead is drawn."""
        return self.cursor

    def show_range(self, start: float, end: float) -> None:
        """Bring a range into sight."""
        self.axis_view.show(start, end)
        self.show_other_part()

    @Slot()
    def frame_all(self) -> None:
        """Show everything there is."""
        self.axis_view.frame_all()
        if self._has_kept_gaps:  # as they were when somebody zoomed in
            self.recount()
        self.show_other_part()

    def reveal_cursor(self) -> None:
        """Pan so that the playhead is in sight."""
        if self.cursor is not None and self.axis_view.reveal(self.cursor):
            self.show_other_part()

    # What has to be done again.

    def show_other_part(self) -> None:
        """Another part of the axis is in sight."""
        self.picture.forget_counts()
        self._ask_soon()
        self._forget_still()

    def recount(self, *, keeps_gaps: bool = False) -> None:
        """There may be other counts, and so other gaps, unless they are kept as they are."""
        axis, density = self.axis_view.axis, self.picture.density
        totals: Floats | None = None
        gaps: tuple[Gap, ...] = ()
        if density is not None and self.picture.lanes:
            counts = np.asarray(density(axis.first, axis.last + 1, OVERVIEW_BUCKETS))
            totals = counts.sum(axis=0, dtype=np.float64)
            if axis.kind == "time" and not keeps_gaps:
                gaps = idle_gaps(totals, axis.first, axis.last + 1, share=self._gap_share)
        if not keeps_gaps:
            self.axis_view.set_axis(replace(axis, gaps=self._closed(gaps)), keep_view=True)
        self._has_kept_gaps = keeps_gaps
        self.background.set_totals(totals)
        self._asked = None
        self.picture.forget_counts()
        self._ask_soon()
        self._forget_still()

    def _closed(self, gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
        return tuple(
            gap for gap in gaps if not any(gap.start <= it <= gap.end for it in self.opened_gaps)
        )

    def _forget_still(self) -> None:
        self.background.forget()
        self._surface.update()

    @Slot()
    def restyle(self) -> None:
        """Other colours, or another font."""
        self.fit_names()
        self.background.forget_skyline()
        self.picture.forget_drawing()
        self._forget_still()

    def begin_easing(self) -> None:
        """Heights glide to another scale, unless the system asks for no motion."""
        duration = self._surface.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        if duration > 0:
            self.easing.start()
        else:
            self.picture.jump()
            self.picture.forget_counts()
            self._surface.update()

    @Slot()
    def _ease(self) -> None:
        if not self.picture.ease():
            self.easing.stop()
        self._surface.update(self.frame().plot.toAlignedRect())

    def _ask_soon(self) -> None:
        if not self._asking.isActive():
            self._asking.start()

    @Slot()
    def _ask_for_marks(self) -> None:
        view, asked = self.axis_view.view, self._asked
        is_asked = asked is not None and asked.start <= view.start and asked.end >= view.end
        if is_asked or not self.picture.few_in_sight(self.axis_view):
            return
        self._asked = replace(view, start=view.start - view.span / 2, end=view.end + view.span / 2)
        self.near_wanted.emit(self._asked.start, self._asked.end)

    # Cursors.

    def move_cursor(self, coordinate: float | None) -> None:
        """Move the playhead."""
        if coordinate == self.cursor:
            return
        before, self.cursor = self.cursor, coordinate
        self._describe()
        if before is None or coordinate is None or self.anchor is not None:
            self._surface.update()
            return
        xs = sorted(
            self._near_sight(self.frame().name_px + self.x_of(it)) for it in (before, coordinate)
        )
        for x in xs:
            self.update_around(x)
        self._surface.update(
            QRect(int(xs[0]) - 1, LANES_TOP, int(xs[1] - xs[0]) + 3, self._surface.height())
        )
        self._surface.update(self.frame().overview.toAlignedRect())

    def update_around(self, x: float) -> None:
        """Paint a line at a pixel of the widget again."""
        x = self._near_sight(x)
        self._surface.update(QRect(round(x) - 12, 0, 24, self._surface.height()))

    def _near_sight(self, x: float) -> float:
        """What lies far outside is as good as just outside, and a number that Qt can take."""
        return min(max(x, -BEYOND_PX), self._surface.width() + BEYOND_PX)

    def _describe(self) -> None:
        """Say in words where the cursors are."""
        kind = self.axis_view.axis.kind
        zone = " UTC" if kind == "time" else ""
        told = [
            said("{name} at {moment}{zone}", name=name, moment=moment_text(it, kind), zone=zone)
            for name, it in ((said("Cursor"), self.cursor), ("A", self.anchor))
            if it is not None
        ]
        self._surface.setAccessibleDescription("; ".join([*told, *self._pointed]))

    def describe(self, words: str) -> None:
        """Say what stands at the playhead too."""
        self._pointed = [words] if words else []
        self._describe()

    def shaded(self) -> tuple[float, float] | None:
        """The chosen range; without one from A to the playhead."""
        if self.range is not None:
            return self.range
        if self.anchor is None or self.cursor is None:
            return None
        return self.anchor, self.cursor

    def resize(self) -> None:
        """The widget has another size."""
        self.fit_names()
        self.scroll_to(self.first_lane)
        self.picture.jump()
        self.background.forget_skyline()
        self.axis_view.set_width(self.frame().plot.width())
        self.show_other_part()

    def show_focus(self, is_shown: bool) -> None:
        """Frame the panel while it has the keyboard, or do not."""
        self.shows_focus = is_shown
        self._surface.update()

    def scroll_by(self, lanes: int) -> None:
        """Towards the last lane (or, below 0, the first)."""
        self.scroll_to(self.first_lane + lanes)

    def open_gap(self, gap: Gap) -> None:
        """Show the inside of a collapsed gap."""
        self.opened_gaps.append((gap.start + gap.end) / 2)
        self.recount()
        self.show_other_part()

    # Places.

    def frame(self) -> Frame:
        """Where the parts are, at the size of now."""
        return Frame(
            width=self._surface.width(),
            height=self._surface.height(),
            name_px=self.name_px,
            lane_px=themes().current.row_px,
        )

    def fit_names(self) -> None:
        """Give the names as much room as they need."""
        room = parts.names_width(self.picture.lanes, self._surface.width(), themes().current)
        if room != self.name_px:
            self.name_px = room
            self.background.forget_skyline()
            self.axis_view.set_width(self.frame().plot.width())

    def rows(self) -> Rows:
        """The lanes in sight, for the picture of them."""
        frame = self.frame()
        return Rows(
            first=self.first_lane,
            count=frame.begun_lanes,
            lane_px=frame.lane_px,
            ratio=self._surface.devicePixelRatioF(),
        )

    def lane_count(self) -> int:
        """How many there are, in sight or not."""
        return len(self.picture.lanes)

    def shown_lanes(self) -> list[Lane]:
        """Those in sight, the last one perhaps in part."""
        return self.picture.lanes[self.first_lane :][: self.frame().begun_lanes]

    def scroll_to(self, lane: int) -> None:
        """Bring a lane to the top, as far as there are lanes below it."""
        last = max(self.lane_count() - self.frame().whole_lanes, 0)
        lane = min(max(lane, 0), last)
        if lane != self.first_lane:
            self.first_lane = lane
            self.picture.forget_drawing()
            self._forget_still()

    def x_of(self, coordinate: float) -> float:
        """The pixel of the plot for a coordinate."""
        return self.axis_view.map.x_of(coordinate)

    def at(self, x: float) -> float:
        """The whole position or microsecond under a pixel of the plot, within the axis."""
        axis = self.axis_view.axis
        return float(min(max(round(self.axis_view.map.at(x)), axis.first), axis.last))
