"""The time panel with its transport bar."""

from typing import Any, Final

from PySide6.QtCore import QPoint, QPointF, Qt, Slot
from PySide6.QtWidgets import QFrame, QInputDialog, QVBoxLayout

from gui.offers.spots import Spot
from gui.panel import Panel
from gui.selection import Selection
from gui.time_card import TimeCard
from gui.viewmodels.corrections import CorrectionsViewModel
from gui.viewmodels.flags import FlagsViewModel
from gui.viewmodels.forks import ForksViewModel
from gui.viewmodels.playback import PlaybackViewModel
from gui.viewmodels.rule_marks import RuleMarksViewModel
from gui.viewmodels.scrub import ScrubViewModel
from gui.viewmodels.status import StatusViewModel
from gui.viewmodels.things import (
    BookmarkThing,
    EventThing,
    OtherTypesThing,
    SpanThing,
    Thing,
    TypeThing,
)
from gui.viewmodels.time_hover import TimeHoverViewModel
from gui.viewmodels.timeline import TimelineViewModel
from gui.viewmodels.two_times import TwoTimesViewModel
from gui.widgets.time.axis import AxisKind
from gui.widgets.time.lanes import Lane, Marks
from gui.widgets.time.panel import TimePanel
from gui.widgets.time.transport_bar import TransportBar
from gui.words import said


class TimeView(QFrame):
    """Hands on the panel move the one cursor; the bar plays it."""

    def __init__(
        self,
        timeline: TimelineViewModel,
        scrub: ScrubViewModel,
        playback: PlaybackViewModel,
        selection: Selection,
        *,
        status: StatusViewModel,
        hover: TimeHoverViewModel,
        flags: FlagsViewModel,
        forks: ForksViewModel,
        rule_marks: RuleMarksViewModel,
        two_times: TwoTimesViewModel,
        corrections: CorrectionsViewModel,
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Time"))
        self._timeline = timeline
        self._scrub = scrub
        self._playback = playback
        self._selection = selection
        self._status = status
        self._flags, self._forks = flags, forks
        self._rule_marks = rule_marks
        self._two_times = two_times
        self._corrections = corrections
        self.panel = TimePanel()
        self.hover = TimeCard(self.panel, hover, flags=flags, forks=forks, selection=selection)
        self.transport = TransportBar()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.panel, 1)
        rows.addWidget(self.transport)
        self._connect_panel()
        self._connect_transport()
        self._show_index()
        self._show_forks()
        self._show_playback()
        self._show_status()

    def spots(self) -> list[Spot]:
        """The panel: marks, bars, names of lanes, the chosen range and flags."""
        return [Spot(widget=self.panel, find=self._things, place=self._place)]

    def _things(self, at: QPoint | None) -> list[Thing]:
        """By keys: the event at the playhead, and what is chosen."""
        if at is None:
            here = [EventThing(position=self._selection.as_of)] if self._selection.as_of else []
            ends = self.panel.scene.shaded()
            chosen = ends is not None and ends[0] != ends[1]
            return [*here, *([_span(ends)] if ends and chosen else [])]
        it = self.panel.pointed_at(QPointF(at))
        if it.flag is not None:
            return self._marked(it.flag)
        lane = self._of_lane(it.lane)
        if it.is_name:
            return lane
        found: list[Thing] = []
        if it.mark is not None:
            found.append(EventThing(position=it.mark))
        elif it.bar is not None:
            found.append(_span(it.bar))
        elif it.range is not None:
            found.append(_span(it.range))
        return [*found, *lane]

    def _of_lane(self, lane: Lane | None) -> list[Thing]:
        """A type, or several; what the filter lists is none."""
        if lane is None or self._timeline.listed is not None:
            return []
        is_one = self._timeline.is_type(lane.name)
        return [TypeThing(name=lane.name) if is_one else OtherTypesThing()]

    def _marked(self, flag: float) -> list[Thing]:
        placed = (it.bookmark for it in self._flags.placed if it.start == flag)
        return [BookmarkThing(position=it.position, until=it.until) for it in placed]

    def _place(self) -> QPoint:
        cursor, scene = self.panel.cursor_coordinate(), self.panel.scene
        x = scene.frame().name_px + (0.0 if cursor is None else scene.x_of(cursor))
        return QPoint(round(min(max(x, 0.0), self.panel.width())), self.panel.height() // 2)

    def _connect_panel(self) -> None:
        self._timeline.indexed.connect(self._show_index)
        self._timeline.axis_changed.connect(self._show_axis)
        self._timeline.cursors_moved.connect(self._show_cursors)
        self._timeline.near_arrived.connect(self._show_near)
        self._flags.moved.connect(self._show_flags)
        self._rule_marks.moved.connect(self._show_breaches)
        self._corrections.arcs_moved.connect(self._show_arcs)
        self._forks.moved.connect(self._show_forks)
        self.panel.scrubbed.connect(self._scrub.scrub)
        self.panel.scrub_finished.connect(self._show_cursors)
        self.panel.near_wanted.connect(self._timeline.want_near)
        self.panel.range_selected.connect(self._timeline.select_range)
        self.panel.anchor_dragged.connect(self._timeline.drag_anchor)
        self.panel.mark_clicked.connect(self._selection.seek)

    def _connect_transport(self) -> None:
        bar, playback = self.transport, self._playback
        playback.changed.connect(self._show_playback)
        self._selection.follow_changed.connect(bar.set_following)
        self._selection.anchor_changed.connect(self._show_anchor)
        self._status.changed.connect(self._show_status)
        bar.first_wanted.connect(playback.to_first)
        bar.previous_wanted.connect(playback.step_back)
        bar.play_wanted.connect(playback.toggle)
        bar.next_wanted.connect(playback.step_forward)
        bar.end_wanted.connect(playback.to_end)
        bar.speed_wanted.connect(playback.set_speed)
        bar.pace_wanted.connect(playback.set_pace)
        bar.axis_wanted.connect(self._change_axis)
        bar.known_wanted.connect(self._change_known)
        self._two_times.changed.connect(self._show_known)
        bar.follow_wanted.connect(self._selection.follow)
        bar.anchor_wanted.connect(self._selection.anchor_here)
        bar.swap_wanted.connect(self._selection.swap)
        bar.no_anchor_wanted.connect(self._selection.drop_anchor)

    @Slot(str)
    def _change_axis(self, axis: Any) -> None:
        if axis == "both":
            self._two_times.know_all()
        else:
            self._selection.set_axis(axis)

    @Slot(str)
    def _change_known(self, choice: str) -> None:
        know = {
            "cursor": self._two_times.know_cursor,
            "anchor": self._two_times.know_anchor,
            "all": self._two_times.know_all,
            "typed": self._ask_known,
        }
        know[choice]()

    def _ask_known(self) -> None:
        """A position or a time, typed."""
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(said("What was known"))
        dialog.setLabelText(said("Known at a position, or by a time such as 2026-10-01"))
        dialog.textValueSelected.connect(self._two_times.know)
        dialog.open()

    @Slot()
    def _show_known(self) -> None:
        known = self._two_times.known
        self.transport.set_known("" if known is None else known.shown)
        self.panel.set_known(None if known is None or known.at_us is None else known.at_us)
        self.transport.set_axis(self._shown_axis())

    def _shown_axis(self) -> str:
        return self._timeline.axis if self._selection.known is None else "both"

    @Slot()
    def _show_index(self) -> None:
        lanes = [
            Lane(key=it.number, name=it.name, color_index=it.number, total=it.total)
            for it in self._timeline.lanes
        ]
        index = self._timeline.index
        if index is None:
            self.panel.set_empty_text(said("Counting events for the time panel…"))
        elif not lanes:
            self.panel.set_empty_text(said("No events yet. Issue a command or import events."))
        self.panel.set_counted(self._kind(), *self._timeline.extent, lanes, self._timeline.density)
        self.transport.set_axis(self._shown_axis())
        self._show_indexed_until()

    def _show_indexed_until(self) -> None:
        """Say where counting has come to while it lags behind the log."""
        index = self._timeline.index
        is_behind = index is not None and index.indexed_until < self._selection.head
        end = self._timeline.extent[1] if is_behind else None
        self.panel.set_indexed_until(end)

    @Slot()
    def _show_axis(self) -> None:
        self.panel.set_marks(None)
        self.panel.set_axis(self._kind(), *self._timeline.extent, keep_view=False)
        self.transport.set_axis(self._shown_axis())
        self.panel.set_density(self._timeline.density)

    def _kind(self) -> AxisKind:
        return "position" if self._timeline.axis == "position" else "time"

    @Slot()
    def _show_cursors(self) -> None:
        self.panel.set_cursor(self._timeline.cursor)
        self.panel.set_anchor(self._timeline.anchor)

    @Slot()
    def _show_flags(self) -> None:
        self.panel.set_flags(self._flags.coordinates, self._flags.ranges)

    @Slot()
    def _show_breaches(self) -> None:
        self.panel.set_breaches(self._rule_marks.coordinates)

    @Slot()
    def _show_arcs(self) -> None:
        self.panel.set_arcs(self._corrections.arcs)

    @Slot()
    def _show_forks(self) -> None:
        self.panel.set_forks(self._forks.coordinates, is_branch=self._forks.is_branch)

    @Slot()
    def _show_near(self) -> None:
        near = self._timeline.near
        self.panel.set_marks(
            None
            if near is None
            else Marks(
                start=near.start,
                end=near.end,
                lanes=near.numbers,
                coordinates=near.coordinates,
                values=near.positions,
            )
        )

    @Slot()
    def _show_playback(self) -> None:
        self.transport.set_playing(self._playback.is_playing)
        self.transport.set_speed(self._playback.speed)
        self.transport.set_pace(self._playback.pace)

    @Slot()
    def _show_anchor(self) -> None:
        self.transport.set_anchor(self._selection.anchor is not None)

    @Slot()
    def _show_status(self) -> None:
        self.transport.set_position(self._status.cursor, self._status.head)
        self.transport.set_time(self._status.time_text)


def _span(ends: tuple[float, float]) -> SpanThing:
    return SpanThing(start=min(ends), end=max(ends))


PANEL: Final = Panel(
    id="time",
    title=said("Time"),
    area="top",
    order=2,
    make=lambda it: TimeView(
        it.timeline,
        it.scrub,
        it.playback,
        it.selection,
        status=it.status,
        hover=it.time_hover,
        flags=it.flags,
        forks=it.forks,
        rule_marks=it.rule_marks,
        two_times=it.two_times,
        corrections=it.inspector.corrections,
    ),
    size_px=300,
)
