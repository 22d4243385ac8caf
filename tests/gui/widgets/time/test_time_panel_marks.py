"""Near enough, events are marks: asked for, drawn, attracting, clicked."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.widgets.time.frame import LANES_TOP
from gui.widgets.time.lanes import Marks
from gui.widgets.time.panel import TimePanel
from tests.gui.widgets.time_panel_kit import (
    DAY_US,
    LEFT,
    SHIFT,
    START_US,
    Events,
    color_at,
    coordinate_at,
    drag,
    evenly,
    left_of,
    make_panel,
    pixels,
    press,
    release,
    row_middle,
    settle,
    wheel,
    x_of,
)

LAST_US = START_US + 10 * DAY_US
MINUTE_US = 60_000_000.0


@pytest.fixture
def busy(qtbot: QtBot) -> TimePanel:
    """Ten days, four lanes, five thousand events in each: density."""
    panel = make_panel(qtbot, evenly(4, 5_000, first=START_US, last=LAST_US))
    settle(qtbot, panel)
    return panel


@pytest.fixture
def near(qtbot: QtBot) -> TimePanel:
    """Ten marks in each of two lanes, a minute apart; those of the second half a minute later."""
    first = START_US + np.arange(10, dtype=np.float64) * MINUTE_US
    events = Events((first, first + MINUTE_US / 2))
    panel = make_panel(qtbot, events)
    panel.set_marks(events.marks(START_US - DAY_US, START_US + DAY_US))
    return panel


def test_near_events_are_marks_of_their_lanes_colour(near: TimePanel) -> None:
    theme = themes().current

    first = color_at(near, x_of(near, START_US + 2 * MINUTE_US), row_middle(0) - 1)
    second = color_at(near, x_of(near, START_US + 2.5 * MINUTE_US), row_middle(1) - 1)

    assert first.name() == theme.event_color(0).name()
    assert second.name() == theme.event_color(1).name()
    assert color_at(near, x_of(near, START_US + 2.5 * MINUTE_US), row_middle(0)) == theme["canvas"]


def test_the_mark_under_the_playhead_is_not_dimmed_and_the_next_one_is(near: TimePanel) -> None:
    here, following = START_US + 2 * MINUTE_US, START_US + 3 * MINUTE_US
    near.set_cursor(here)
    full = themes().current.event_color(0).name()

    assert color_at(near, x_of(near, here) + 2, row_middle(0) - 1).name() == full
    assert color_at(near, x_of(near, following), row_middle(0) - 1).name() != full


def test_marks_draw_the_playhead_to_themselves_and_shift_frees_it(near: TimePanel) -> None:
    mark = START_US + 4 * MINUTE_US

    press(near, x_of(near, mark) + 4, row_middle(0))
    assert near.cursor_coordinate() == mark
    release(near, x_of(near, mark) + 4, row_middle(0))

    press(near, x_of(near, mark) + 4, row_middle(0), modifiers=SHIFT)
    assert near.cursor_coordinate() == round(coordinate_at(near, x_of(near, mark) + 4))


def test_a_mark_of_the_lane_under_the_pointer_goes_before_nearer_ones(near: TimePanel) -> None:
    pixel = 1 / near.scene.axis_view.map.scale
    upper, lower = START_US + 5 * MINUTE_US, START_US + 5 * MINUTE_US + round(4 * pixel)
    pair = Events((np.array([upper]), np.array([lower])))
    near.set_marks(pair.marks(START_US - DAY_US, START_US + DAY_US))
    x = x_of(near, lower) - 1

    press(near, x, row_middle(0))
    assert near.cursor_coordinate() == upper
    release(near, x, row_middle(0))

    press(near, x, row_middle(1))
    assert near.cursor_coordinate() == lower
    release(near, x, row_middle(1))

    press(near, x, row_middle(5))
    assert near.cursor_coordinate() == lower


def test_far_from_any_mark_the_playhead_is_free(near: TimePanel) -> None:
    x = x_of(near, START_US + 4.25 * MINUTE_US)

    press(near, x, row_middle(0))

    assert near.cursor_coordinate() == round(coordinate_at(near, x))


def test_a_click_on_a_mark_names_it(qtbot: QtBot, near: TimePanel) -> None:
    x = x_of(near, START_US + 2.5 * MINUTE_US)

    with qtbot.waitSignal(near.mark_clicked) as clicked:
        drag(near, (x, row_middle(1)), (x, row_middle(1)), button=LEFT)

    assert clicked.args == [6]  # the sixth in order: three before it in each lane


def test_few_events_in_sight_are_asked_for_once(qtbot: QtBot, busy: TimePanel) -> None:
    with qtbot.waitSignal(busy.near_wanted) as asked:
        busy.show_range(START_US, START_US + DAY_US / 2)

    assert asked.args is not None
    view = busy.viewport()
    assert asked.args[0] < view.start < view.end < asked.args[1]
    with qtbot.assertNotEmitted(busy.near_wanted, wait=100):
        wheel(busy, 500, 100, up=-1, modifiers=SHIFT)


def test_many_events_in_sight_are_not_asked_for(qtbot: QtBot, busy: TimePanel) -> None:
    with qtbot.assertNotEmitted(busy.near_wanted, wait=100):
        busy.show_range(START_US, START_US + 5 * DAY_US)


def test_new_counts_ask_again_for_what_is_near(qtbot: QtBot, busy: TimePanel) -> None:
    with qtbot.waitSignal(busy.near_wanted):
        busy.show_range(START_US, START_US + DAY_US / 2)

    with qtbot.waitSignal(busy.near_wanted):
        busy.set_density(evenly(4, 5_000, first=START_US, last=LAST_US).density)


def test_marks_that_do_not_cover_the_sight_are_not_drawn(near: TimePanel) -> None:
    marks = near.scene.picture.marks
    assert marks is not None
    expected = pixels(near)

    near.set_marks(
        Marks(
            start=START_US + 1,
            end=LAST_US,
            lanes=marks.lanes,
            coordinates=marks.coordinates,
            values=marks.values,
        )
    )

    assert pixels(near) != expected


def test_events_of_one_moment_are_one_mark_with_their_number(qtbot: QtBot) -> None:
    events = Events((np.full(50, START_US),))
    panel = make_panel(qtbot, events)
    before = pixels(panel)
    panel.set_marks(events.marks(START_US - DAY_US, START_US + DAY_US))

    x = x_of(panel, START_US)
    assert x == pytest.approx(left_of(panel) + panel.viewport().width / 2, abs=1)
    assert color_at(panel, x, row_middle(0) - 1).name() == themes().current.event_color(0).name()
    label = (round(x) + 8, LANES_TOP + 4, 30, 16)
    assert pixels(panel).copy(*label) != before.copy(*label)
