"""What hands and keys do in the time panel."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.time.frame import OVERVIEW_TOP
from gui.widgets.time.panel import TimePanel
from gui.widgets.time.parts import window_of
from tests.gui.widgets.time_panel_kit import (
    CTRL,
    DAY_US,
    MIDDLE,
    NONE,
    SHIFT,
    START_US,
    coordinate_at,
    drag,
    evenly,
    key,
    left_of,
    make_panel,
    move,
    press,
    release,
    row_middle,
    send,
    wheel,
    x_of,
)

LAST_US = START_US + 10 * DAY_US
RULER_Y = 12.0
LANE_Y = row_middle(1)


@pytest.fixture
def panel(qtbot: QtBot) -> TimePanel:
    """Ten days, four lanes, five thousand events in each: density."""
    return make_panel(qtbot, evenly(4, 5_000, first=START_US, last=LAST_US))


def test_a_click_in_the_lanes_moves_the_playhead(qtbot: QtBot, panel: TimePanel) -> None:
    with qtbot.waitSignals([panel.scrubbed, panel.scrub_finished], order="strict"):
        press(panel, 500, LANE_Y)
        release(panel, 500, LANE_Y)

    assert panel.cursor_coordinate() == round(coordinate_at(panel, 500))


def test_every_move_of_a_drag_scrubs(panel: TimePanel) -> None:
    heard: list[float] = []
    panel.scrubbed.connect(heard.append)

    press(panel, 400, LANE_Y)
    for x in range(401, 411):
        move(panel, x, LANE_Y)

    assert heard == [float(round(coordinate_at(panel, x))) for x in range(400, 411)]


def test_the_playhead_stays_under_the_hand_whatever_the_owner_says(panel: TimePanel) -> None:
    panel.scrubbed.connect(_far_away(panel))

    press(panel, 400, LANE_Y)
    move(panel, 450, LANE_Y)

    assert panel.is_scrubbing
    assert panel.cursor_coordinate() == round(coordinate_at(panel, 450))


def test_a_scrub_stays_within_the_events(panel: TimePanel) -> None:
    press(panel, 400, LANE_Y)
    move(panel, 5_000, LANE_Y)
    assert panel.cursor_coordinate() == LAST_US

    move(panel, -100, LANE_Y)
    assert panel.cursor_coordinate() == START_US


def test_the_handle_in_the_ruler_scrubs_too(qtbot: QtBot, panel: TimePanel) -> None:
    panel.set_cursor(START_US + 3 * DAY_US)
    handle = x_of(panel, START_US + 3 * DAY_US)

    with qtbot.assertNotEmitted(panel.range_selected):
        drag(panel, (handle + 3, RULER_Y), (handle + 100, RULER_Y))

    assert panel.cursor_coordinate() == round(coordinate_at(panel, handle + 100))


def test_a_drag_in_the_ruler_selects_a_range(qtbot: QtBot, panel: TimePanel) -> None:
    with qtbot.waitSignal(panel.range_selected) as chosen, qtbot.assertNotEmitted(panel.scrubbed):
        drag(panel, (700, RULER_Y), (400, RULER_Y))

    assert chosen.args == [round(coordinate_at(panel, x)) for x in (400, 700)]


def test_a_drawn_range_is_gone_when_the_hand_lets_go_unless_the_owner_keeps_it(
    panel: TimePanel,
) -> None:
    press(panel, 400, RULER_Y)
    move(panel, 700, RULER_Y)
    assert panel.scene.shaded() == tuple(round(coordinate_at(panel, x)) for x in (400, 700))
    release(panel, 700, RULER_Y)
    assert panel.scene.shaded() is None

    panel.range_selected.connect(_keep(panel))
    drag(panel, (400, RULER_Y), (700, RULER_Y))
    assert panel.scene.shaded() == tuple(round(coordinate_at(panel, x)) for x in (400, 700))


def test_a_click_in_the_ruler_moves_the_playhead(qtbot: QtBot, panel: TimePanel) -> None:
    with qtbot.waitSignal(panel.scrubbed), qtbot.assertNotEmitted(panel.range_selected):
        drag(panel, (500, RULER_Y), (501, RULER_Y))


@pytest.mark.parametrize(
    ("grabbed", "moved_start", "moved_end"), [("start", 60, 0), ("end", 0, 60), ("middle", 60, 60)]
)
def test_a_range_is_resized_at_its_edges_and_moved_at_its_middle(
    qtbot: QtBot, panel: TimePanel, grabbed: str, moved_start: float, moved_end: float
) -> None:
    start, end = START_US + 2 * DAY_US, START_US + 4 * DAY_US
    panel.set_range((start, end))
    places = {"start": start, "end": end, "middle": (start + end) / 2}
    x = x_of(panel, places[grabbed])

    with qtbot.waitSignal(panel.range_selected) as chosen:
        drag(panel, (x, RULER_Y), (x + 60, RULER_Y))

    assert chosen.args is not None
    assert x_of(panel, chosen.args[0]) - x_of(panel, start) == pytest.approx(moved_start, abs=1)
    assert x_of(panel, chosen.args[1]) - x_of(panel, end) == pytest.approx(moved_end, abs=1)


def test_a_click_on_a_range_leaves_it_and_the_cursor(qtbot: QtBot, panel: TimePanel) -> None:
    chosen = (START_US + 2 * DAY_US, START_US + 4 * DAY_US)
    panel.set_range(chosen)
    x = x_of(panel, START_US + 3 * DAY_US)

    with qtbot.assertNotEmitted(panel.range_selected), qtbot.assertNotEmitted(panel.scrubbed):
        drag(panel, (x, RULER_Y), (x, RULER_Y))

    assert panel.scene.range == chosen


def test_the_tag_of_a_can_be_dragged(qtbot: QtBot, panel: TimePanel) -> None:
    panel.set_anchor(START_US + 2 * DAY_US)
    x = x_of(panel, START_US + 2 * DAY_US)

    with qtbot.waitSignal(panel.anchor_dragged) as dragged:
        press(panel, x, RULER_Y)
        move(panel, x + 80, RULER_Y)

    assert dragged.args == [round(coordinate_at(panel, x + 80))]


@pytest.mark.parametrize("notches", [1, 5, -1])
def test_the_wheel_with_ctrl_zooms_around_the_pointer(panel: TimePanel, notches: int) -> None:
    panel.show_range(START_US + 2 * DAY_US, START_US + 6 * DAY_US)
    before, span = coordinate_at(panel, 600), panel.viewport().span

    wheel(panel, 600, LANE_Y, up=notches, modifiers=CTRL)

    assert x_of(panel, before) == pytest.approx(600, abs=0.01)
    assert (panel.viewport().span < span) == (notches > 0)


def test_zooming_ends_at_everything_and_at_the_smallest_span(panel: TimePanel) -> None:
    for _ in range(60):
        wheel(panel, 600, LANE_Y, up=10, modifiers=CTRL)
    assert panel.viewport().span == pytest.approx(200, rel=0.01)

    for _ in range(60):
        wheel(panel, 600, LANE_Y, up=-10, modifiers=CTRL)
    view = panel.viewport()
    panel.frame_all()
    assert panel.viewport() == view


def test_the_wheel_with_shift_pans(panel: TimePanel) -> None:
    panel.show_range(START_US + 2 * DAY_US, START_US + 4 * DAY_US)
    before = panel.viewport()

    wheel(panel, 600, LANE_Y, up=-1, modifiers=SHIFT)

    assert panel.viewport().start > before.start
    assert panel.viewport().span == pytest.approx(before.span)


def test_a_sideways_wheel_pans(panel: TimePanel) -> None:
    panel.show_range(START_US + 2 * DAY_US, START_US + 4 * DAY_US)
    before = panel.viewport()

    wheel(panel, 600, LANE_Y, left=1)

    assert panel.viewport().start < before.start


def test_a_drag_with_the_middle_button_carries_the_axis_along(panel: TimePanel) -> None:
    panel.show_range(START_US + 2 * DAY_US, START_US + 4 * DAY_US)
    held = coordinate_at(panel, 600)

    drag(panel, (600, LANE_Y), (700, LANE_Y), button=MIDDLE)

    assert x_of(panel, held) == pytest.approx(700, abs=0.01)


def test_panning_ends_at_the_first_and_the_last_event(panel: TimePanel) -> None:
    panel.show_range(START_US + 2 * DAY_US, START_US + 4 * DAY_US)
    for _ in range(200):
        panel.pan_right()
    assert x_of(panel, LAST_US) - left_of(panel) == pytest.approx(panel.viewport().width - 6, abs=1)

    for _ in range(200):
        panel.pan_left()
    assert x_of(panel, START_US) - left_of(panel) == pytest.approx(6, abs=1)


def test_a_double_click_frames_everything(panel: TimePanel) -> None:
    whole = panel.viewport()
    panel.show_range(START_US, START_US + DAY_US)

    send(panel, QMouseEvent.Type.MouseButtonDblClick, 500, LANE_Y)

    assert panel.viewport() == whole


def test_w_and_s_zoom_around_the_pointer(panel: TimePanel) -> None:
    move(panel, 300, LANE_Y, button=NONE)
    held, span = coordinate_at(panel, 300), panel.viewport().span

    key(panel, Qt.Key.Key_W)
    assert panel.viewport().span < span
    assert x_of(panel, held) == pytest.approx(300, abs=0.01)

    key(panel, Qt.Key.Key_S)
    assert panel.viewport().span == pytest.approx(span)


def test_without_a_pointer_keys_zoom_around_the_playhead(panel: TimePanel) -> None:
    cursor = START_US + 7 * DAY_US
    panel.set_cursor(cursor)
    before = x_of(panel, cursor)

    key(panel, Qt.Key.Key_W)

    assert x_of(panel, cursor) == pytest.approx(before, abs=0.01)


def test_a_and_d_pan_and_a_held_key_goes_faster(panel: TimePanel) -> None:
    panel.show_range(START_US + DAY_US, START_US + DAY_US * 1.1)
    starts = [panel.viewport().start]
    for _ in range(5):
        key(panel, Qt.Key.Key_D)
        starts.append(panel.viewport().start)

    steps = [later - sooner for sooner, later in pairwise(starts)]
    assert steps == sorted(steps)
    assert 0 < steps[0] < steps[-1]

    key(panel, Qt.Key.Key_A)
    assert panel.viewport().start < starts[-1]


def test_f_frames_the_selection_and_once_more_everything(panel: TimePanel) -> None:
    whole = panel.viewport()
    panel.set_anchor(START_US + 2 * DAY_US)
    panel.set_cursor(START_US + 3 * DAY_US)

    key(panel, Qt.Key.Key_F)
    view = panel.viewport()
    assert START_US + 1.9 * DAY_US < view.start < START_US + 2 * DAY_US
    assert START_US + 3 * DAY_US < view.end < START_US + 3.1 * DAY_US

    key(panel, Qt.Key.Key_F)
    assert panel.viewport() == whole


def test_the_window_in_the_overview_can_be_dragged(panel: TimePanel) -> None:
    panel.show_range(START_US + 2 * DAY_US, START_US + 4 * DAY_US)
    before = panel.viewport()
    start, end = window_of(panel.scene.axis_view)
    x = left_of(panel) + (start + end) / 2

    drag(panel, (x, OVERVIEW_TOP + 5), (x + 50, OVERVIEW_TOP + 5))

    after = window_of(panel.scene.axis_view)
    assert after[0] - start == pytest.approx(50, abs=0.1)
    assert panel.viewport().span == pytest.approx(before.span)


@pytest.mark.parametrize(("edge", "at"), [("start", 0), ("end", 1)])
def test_the_window_in_the_overview_can_be_resized(panel: TimePanel, edge: str, at: int) -> None:
    panel.show_range(START_US + 2 * DAY_US, START_US + 6 * DAY_US)
    before = panel.viewport()
    x = left_of(panel) + window_of(panel.scene.axis_view)[at]

    drag(panel, (x, OVERVIEW_TOP + 5), (x + 30, OVERVIEW_TOP + 5))

    assert left_of(panel) + window_of(panel.scene.axis_view)[at] == pytest.approx(x + 30, abs=0.1)
    other = "end" if edge == "start" else "start"
    assert getattr(panel.viewport(), other) == pytest.approx(getattr(before, other))


def test_a_click_beside_the_window_centres_it_there(panel: TimePanel) -> None:
    panel.show_range(START_US + DAY_US, START_US + 2 * DAY_US)
    target = panel.scene.axis_view.whole.at(600)

    press(panel, left_of(panel) + 600, OVERVIEW_TOP + 5)

    view = panel.viewport()
    assert (view.start + view.end) / 2 == pytest.approx(target)


def test_hovering_tells_the_moment_and_the_lane(qtbot: QtBot, panel: TimePanel) -> None:
    with qtbot.waitSignal(panel.hovered) as told:
        move(panel, 500, row_middle(2), button=NONE)
    assert told.args == [QPointF(500, row_middle(2))]
    pointed = panel.pointed_at(QPointF(500, row_middle(2)))
    assert getattr(pointed.lane, "key", None) == 2
    start, end = pointed.bar or (0.0, 0.0)
    assert start <= coordinate_at(panel, 500) <= end + 1

    with qtbot.waitSignal(panel.hovered) as told:
        move(panel, 500, 240, button=NONE)
    assert told.args is not None
    assert panel.pointed_at(told.args[0]).lane is None

    with qtbot.waitSignal(panel.unhovered):
        move(panel, 500, OVERVIEW_TOP, button=NONE)


def test_the_wheel_scrolls_lanes_that_do_not_fit(qtbot: QtBot) -> None:
    panel = make_panel(qtbot, evenly(60, 100, first=START_US, last=LAST_US))
    assert [lane.key for lane in panel.scene.shown_lanes()][:2] == [0, 1]

    wheel(panel, 500, LANE_Y, up=-3)
    assert [lane.key for lane in panel.scene.shown_lanes()][:2] == [3, 4]

    wheel(panel, 500, LANE_Y, up=-500)
    assert panel.scene.shown_lanes()[-1].key == 59

    key(panel, Qt.Key.Key_PageUp)
    key(panel, Qt.Key.Key_Up)
    assert panel.scene.shown_lanes()[0].key == 60 - 2 * 8 - 1


def test_a_name_tells_all_of_itself_and_the_total(panel: TimePanel) -> None:
    assert panel.tip_at(QPointF(20, row_middle(2))) == "Type2 · 5,000"
    assert panel.tip_at(QPointF(500, row_middle(2))) == ""
    assert panel.tip_at(QPointF(20, RULER_Y)) == ""


def test_other_keys_are_left_to_the_window(panel: TimePanel) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)

    QApplication.sendEvent(panel, event)

    assert not event.isAccepted()


def test_keys_with_ctrl_are_left_to_the_window(panel: TimePanel) -> None:
    before = panel.viewport()
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)

    QApplication.sendEvent(panel, event)

    assert not event.isAccepted()
    assert panel.viewport() == before


def _far_away(panel: TimePanel) -> object:
    def answer(_coordinate: float) -> None:
        panel.set_cursor(START_US)

    return answer


def _keep(panel: TimePanel) -> object:
    def keep(start: float, end: float) -> None:
        panel.set_range((start, end))

    return keep


def test_a_cursor_can_go_to_where_no_pixel_has_a_number(qtbot: QtBot) -> None:
    """The zoom may be a second wide and the cursor half a century away."""
    panel = make_panel(qtbot, evenly(2, 50, first=START_US, last=START_US + 14 * DAY_US))
    panel.show_range(START_US, START_US + 1e3)

    for coordinate in (0.0, START_US * 2, START_US):
        panel.set_cursor(coordinate)
        panel.grab()

    assert panel.accessibleDescription().startswith("Cursor at 2026-03-02")
