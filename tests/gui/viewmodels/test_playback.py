"""Play, pause, speed, steps."""

import pytest
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels.breakpoints import BreakpointsViewModel
from gui.viewmodels.breakpoints_ahead import BreakpointsAheadViewModel
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.playback import PlaybackViewModel
from gui.viewmodels.running import RunningViewModel
from gui.work.tasks import Tasks


@pytest.fixture
def playback(tasks: Tasks, selection: Selection) -> PlaybackViewModel:
    events = EventListViewModel(tasks, selection)
    events.show_all()
    inspector = InspectorViewModel(tasks, selection)
    breakpoints = BreakpointsViewModel(inspector)
    running = RunningViewModel(tasks, selection, events, breakpoints)
    ahead = BreakpointsAheadViewModel(tasks, selection, events, breakpoints, running)
    return PlaybackViewModel(tasks, selection, events, ahead)


def test_playing_moves_the_cursor_on_and_pausing_stops_it(
    qtbot: QtBot, playback: PlaybackViewModel, selection: Selection
) -> None:
    selection.seek(10)
    playback.set_speed(50)

    playback.toggle()
    qtbot.waitUntil(lambda: selection.as_of > 20)
    playback.toggle()

    assert not playback.is_playing


def test_playing_pauses_at_the_end(
    qtbot: QtBot, playback: PlaybackViewModel, selection: Selection
) -> None:
    selection.seek(295)
    playback.set_speed(100)

    playback.toggle()
    qtbot.waitUntil(lambda: not playback.is_playing)

    assert selection.as_of == 300


def test_playing_from_the_end_starts_again_at_the_beginning(
    qtbot: QtBot, playback: PlaybackViewModel, selection: Selection
) -> None:
    selection.seek(300)

    playback.toggle()
    started_at = selection.as_of
    playback.pause()

    assert started_at == 1


def test_a_negative_speed_plays_backwards(
    qtbot: QtBot, playback: PlaybackViewModel, selection: Selection
) -> None:
    selection.seek(5)
    playback.set_speed(100)
    playback.reverse()

    playback.toggle()
    qtbot.waitUntil(lambda: not playback.is_playing)

    assert selection.as_of == 1


def test_pacing_by_recorded_time_skips_long_gaps(
    qtbot: QtBot, playback: PlaybackViewModel, selection: Selection
) -> None:
    selection.seek(1)
    playback.set_pace("recorded")
    playback.set_speed(40)

    playback.toggle()
    qtbot.waitUntil(lambda: selection.as_of >= 4)
    playback.pause()

    assert selection.as_of < 300


@pytest.mark.parametrize(
    ("digits", "speed"), [("50", 50.0), ("05", 0.5), ("2", 2.0), ("025", 0.25)]
)
def test_digits_typed_together_make_a_speed(
    playback: PlaybackViewModel, digits: str, speed: float
) -> None:
    for digit in digits:
        playback.type_digit(digit)

    assert playback.speed == speed


def test_a_speed_of_nothing_is_not_taken(playback: PlaybackViewModel) -> None:
    playback.set_speed(0)

    assert playback.speed == 1.0


def test_steps_go_by_one_and_by_ten(playback: PlaybackViewModel, selection: Selection) -> None:
    selection.seek(100)
    reached = []

    for step in (
        playback.step_forward,
        playback.forward_ten,
        playback.step_back,
        playback.back_ten,
        playback.to_first,
    ):
        step()
        reached.append(selection.as_of)

    assert reached == [101, 111, 110, 100, 1]


def test_going_to_the_end_follows_what_arrives(
    playback: PlaybackViewModel, selection: Selection
) -> None:
    playback.to_end()
    selection.learn_head(310)

    assert (selection.as_of, selection.is_following) == (310, True)


def test_following_pauses_playing(playback: PlaybackViewModel, selection: Selection) -> None:
    selection.seek(1)
    playback.toggle()

    selection.follow(True)

    assert not playback.is_playing
