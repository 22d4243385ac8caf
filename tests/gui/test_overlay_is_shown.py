"""The window's real view models and views list and draw an overlay as they do a log in a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.look.tokens import load_fonts
from gui.selection import Axis, Selection
from gui.viewmodels.bookmarks import BookmarksViewModel
from gui.viewmodels.branches import BranchesViewModel
from gui.viewmodels.breakpoints import BreakpointsViewModel
from gui.viewmodels.breakpoints_ahead import BreakpointsAheadViewModel
from gui.viewmodels.completion import CompletionViewModel
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.event_rows import EventRow
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.flags import FlagsViewModel
from gui.viewmodels.forks import ForksViewModel
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.late_marks import LateMarksViewModel
from gui.viewmodels.line import LineViewModel
from gui.viewmodels.navigator import NavigatorViewModel
from gui.viewmodels.playback import PlaybackViewModel
from gui.viewmodels.row_copies import RowCopiesViewModel
from gui.viewmodels.row_marks import RowMarksViewModel
from gui.viewmodels.rule_marks import RuleMarksViewModel
from gui.viewmodels.running import RunningViewModel
from gui.viewmodels.scrub import ScrubViewModel
from gui.viewmodels.status import StatusViewModel
from gui.viewmodels.time_hover import TimeHoverViewModel
from gui.viewmodels.timeline import TimelineViewModel
from gui.viewmodels.two_times import TwoTimesViewModel
from gui.viewmodels.whole_place import WholePlaces
from gui.views.events_view import EventsView
from gui.views.time_view import TimeView
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.projector.catch_up import catch_up
from store.interface import EventReader
from store.opening import open_reader
from store.place import Place
from store.query import EventQuery
from tests.replay.two_logs import EVENTS, LEFT_OUT, open_overlay, two_logs

Opener = Callable[[], EventReader]
SECOND_US = 1_000_000
LOOKS = 10  # that find a picture unchanged


class Shown:
    """The event list and the time panel of one log, with all that they need."""

    def __init__(self, open_log: Opener) -> None:
        self.tasks = Tasks(partial(Reads, open_log))
        self.selection = Selection()
        self.events = EventListViewModel(self.tasks, self.selection)
        self.timeline = TimelineViewModel(self.tasks, self.selection)
        inspector = InspectorViewModel(self.tasks, self.selection)
        places = WholePlaces(self.selection, self.events, inspector, self.timeline)
        scrub = ScrubViewModel(self.tasks, self.selection, places)
        breakpoints = BreakpointsViewModel(inspector)
        running = RunningViewModel(self.tasks, self.selection, self.events, breakpoints)
        ahead = BreakpointsAheadViewModel(
            self.tasks, self.selection, self.events, breakpoints, running
        )
        playback = PlaybackViewModel(self.tasks, self.selection, self.events, ahead)
        status = StatusViewModel(self.tasks, self.selection, inspector)
        hover = TimeHoverViewModel(self.tasks, self.timeline)
        marks = BookmarksViewModel(self.tasks, self.selection, Place(Path("nowhere")))
        flags = FlagsViewModel(self.tasks, self.selection, marks)
        here = Place(Path("nowhere"))
        line = LineViewModel(self.tasks, self.selection, here)
        branches = BranchesViewModel(self.tasks, here)
        self.inspector, self.scrub, self._kept = inspector, scrub, (playback, status, hover)
        self.time = TimeView(
            self.timeline,
            scrub,
            playback,
            self.selection,
            status=status,
            hover=hover,
            flags=flags,
            forks=ForksViewModel(self.tasks, self.selection, line, branches),
            rule_marks=RuleMarksViewModel(self.tasks, self.selection),
            two_times=TwoTimesViewModel(self.tasks, self.selection),
            corrections=inspector.corrections,
        )
        self.table = EventsView(
            self.events,
            FilterViewModel(self.events),
            NavigatorViewModel(self.tasks, self.selection),
            self.selection,
            copies=RowCopiesViewModel(self.tasks, self.events),
            completion=CompletionViewModel(self.tasks, self.selection),
            marks=RowMarksViewModel(LateMarksViewModel(self.tasks), inspector.corrections),
        )
        self.failures: list[Exception] = []
        for it in (self.events, self.timeline, inspector, scrub):
            it.failed.connect(self.failures.append)
        self.selection.learn_head(EVENTS)
        self.timeline.refresh()

    def is_there(self) -> bool:
        """All that was asked for has come: the rows around the cursor, and the state there."""
        told = self.inspector.inspection
        is_inspected = told is not None and told.position == self.selection.as_of
        rows = [self.events.row(it) for it in range(LEFT_OUT - 10, LEFT_OUT + 10)]
        return is_inspected and None not in rows and self.tasks.is_idle


@pytest.fixture
def openers(tmp_path: Path) -> tuple[Opener, Opener]:
    """The overlay, and the file with the same events; the views of both are made."""
    with two_logs(tmp_path) as logs:
        catch_up(logs.overlay)
        catch_up(logs.plain)
    return partial(open_overlay, tmp_path), partial(open_reader, tmp_path / "plain.foldline")


@contextmanager
def shown(qtbot: QtBot, open_log: Opener) -> Iterator[Shown]:
    load_fonts()
    themes().apply("light")
    it = Shown(open_log)
    for view in (it.time, it.table):
        qtbot.addWidget(view)
        view.resize(1_100, 420)
        view.show()
    qtbot.waitUntil(lambda: it.timeline.index is not None)
    try:
        yield it
        assert it.failures == []
    finally:
        it.tasks.close()


def test_its_rows_are_those_of_the_log_without_the_event(
    qtbot: QtBot, openers: tuple[Opener, Opener]
) -> None:
    listed = [_rows(qtbot, it, range(LEFT_OUT - 40, LEFT_OUT + 40)) for it in openers]
    found = [_found(qtbot, it, EventQuery(types=("Paid",), text="order")) for it in openers]

    assert listed[0] == listed[1]
    assert len(listed[0]) == 80
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.parametrize("axis", ["position", "recorded", "occurred"])
def test_its_time_axis_is_that_of_the_log_without_the_event(
    qtbot: QtBot, openers: tuple[Opener, Opener], axis: Axis
) -> None:
    counted = [_counted(qtbot, it, axis) for it in openers]

    assert counted[0] == counted[1]


def test_its_picture_is_that_of_the_log_without_the_event(
    qtbot: QtBot, openers: tuple[Opener, Opener]
) -> None:
    with shown(qtbot, openers[0]) as overlay:
        overlay.selection.seek(LEFT_OUT)
        _fit(qtbot, overlay)
        table, time = (
            _picture(qtbot, overlay, overlay.table),
            _picture(qtbot, overlay, overlay.time),
        )

    with shown(qtbot, openers[1]) as plain:
        plain.selection.seek(LEFT_OUT)
        _fit(qtbot, plain)
        qtbot.waitUntil(lambda: plain.table.grab().toImage() == table)
        qtbot.waitUntil(lambda: plain.time.grab().toImage() == time)


def test_a_drag_shows_the_state_that_stood_there(
    qtbot: QtBot, openers: tuple[Opener, Opener]
) -> None:
    states = [_dragged_to(qtbot, it, LEFT_OUT) for it in openers]

    assert states[0] == states[1]


def _rows(qtbot: QtBot, open_log: Opener, numbers: range) -> list[EventRow]:
    with shown(qtbot, open_log) as it:
        qtbot.waitUntil(lambda: None not in [it.events.row(number) for number in numbers])
        return [row for number in numbers if (row := it.events.row(number)) is not None]


def _found(qtbot: QtBot, open_log: Opener, query: EventQuery) -> list[int]:
    with shown(qtbot, open_log) as it:
        with qtbot.waitSignal(it.events.reset):
            it.events.set_query(query)
        return [it.events.position(row) for row in range(it.events.count)]


def _counted(qtbot: QtBot, open_log: Opener, axis: Axis) -> list[object]:
    """The lanes, their counts, where the cursor stands, and the events that are near it."""
    with shown(qtbot, open_log) as it:
        it.selection.set_axis(axis)
        it.selection.seek(LEFT_OUT)
        qtbot.waitUntil(lambda: it.tasks.is_idle)
        start, end = it.timeline.extent
        with qtbot.waitSignal(it.timeline.near_arrived):
            it.timeline.want_near(start, start + (end - start) / 20)
        near = it.timeline.near
        assert near is not None
        assert it.timeline.cursor is not None
        return [
            it.timeline.lanes,
            it.timeline.density(start, end, 200).tolist(),
            it.timeline.cursor,
            np.stack([near.numbers, near.positions]).tolist(),
            near.coordinates.tolist(),
        ]


def _fit(qtbot: QtBot, it: Shown) -> None:
    """Columns fit the rows around the cursor, however many others were in sight before."""
    qtbot.waitUntil(it.is_there)
    it.table.grid.fit_columns()
    qtbot.waitUntil(it.table.grid.is_settled)


def _picture(qtbot: QtBot, it: Shown, view: QWidget) -> QImage:
    """The view once all that it asked for is here: painting may ask for more."""
    seen: list[QImage] = []

    def stands_still() -> bool:
        seen.append(view.grab().toImage())
        return it.is_there() and len(seen) > LOOKS and seen[-LOOKS:] == [seen[-1]] * LOOKS

    qtbot.waitUntil(stands_still)
    return seen[-1]


def _dragged_to(qtbot: QtBot, open_log: Opener, position: int) -> list[object]:
    """Everything that the panels tell of where the hand is."""
    with shown(qtbot, open_log) as it:
        it.selection.set_axis("position")
        it.scrub.scrub(float(position))
        qtbot.waitUntil(lambda: it.selection.as_of == position)
        told = it.inspector.inspection
        assert told is not None
        assert told.trail is not None
        return [told.event, told.links, told.trail.steps, told.state, told.changes, told.meaning]
