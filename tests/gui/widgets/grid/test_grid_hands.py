"""What keys and hands do in the table of millions of rows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.widgets.grid.grid_view import GridView
from tests.gui.widgets.grid_kit import (
    click,
    drag_to,
    make_grid,
)

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def grid(qtbot: QtBot) -> GridView:
    return make_grid(qtbot, 1_000)


def test_keys_move_the_row_and_tell(grid: GridView) -> None:
    grid.go_to_row(0)

    chosen: list[int] = []
    grid.row_chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Up, Qt.Key.Key_Home):
        QTest.keyClick(grid, key)

    assert (chosen[0], chosen[-1]) == (1, 0)
    assert chosen[1] > 8
    assert chosen[2] == chosen[1] - 1


def test_a_click_tells_the_row(qtbot: QtBot, grid: GridView) -> None:
    with qtbot.waitSignal(grid.row_chosen) as told:
        click(grid, 3)

    assert told.args == [3]


def test_shift_click_tells_a_range_after_it_was_selected(qtbot: QtBot, grid: GridView) -> None:
    grid.go_to_row(2)

    with qtbot.waitSignal(grid.range_chosen) as told:
        click(grid, 6, Qt.KeyboardModifier.ShiftModifier)

    assert told.args == [2, 6]
    assert grid.selected_range() == (2, 6)


def test_a_range_upwards_ends_at_the_current_row(grid: GridView) -> None:
    grid.go_to_row(6)
    shift = Qt.KeyboardModifier.ShiftModifier
    told: list[tuple[int, int]] = []
    grid.range_chosen.connect(lambda start, end: told.append((start, end)))

    for _ in range(3):
        QTest.keyClick(grid, Qt.Key.Key_Up, shift)
        grid.go_to_row(grid.current_row())  # as the cursor of the window does

    assert told[-1] == (6, 3)
    assert grid.selected_range() == (3, 6)


def test_a_range_begins_where_the_program_went_last(grid: GridView) -> None:
    click(grid, 2)
    grid.go_to_row(7)

    QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    assert grid.selected_range() == (7, 8)


def test_going_elsewhere_gives_a_range_up(grid: GridView) -> None:
    click(grid, 2)
    click(grid, 5, Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected_range() == (2, 5)

    grid.go_to_row(4)

    assert grid.selected_range() == (4, 4)


def test_dragging_selects_a_range(grid: GridView) -> None:
    told: list[tuple[int, int]] = []
    grid.range_chosen.connect(lambda start, end: told.append((start, end)))
    place = [grid.visualRect(grid.model().index(row, 0)).center() for row in range(8)]

    QTest.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=place[1])
    for row in (2, 3, 4):
        drag_to(grid, place[row])
    QTest.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=place[4])

    assert grid.selected_range() == (1, 4)
    assert told[-1] == (1, 4)


def test_getting_the_focus_moves_no_cursor(qtbot: QtBot, grid: GridView) -> None:
    with qtbot.assertNotEmitted(grid.row_chosen):
        grid.clearFocus()
        grid.setFocus()
        qtbot.waitUntil(grid.hasFocus)


def test_selecting_everything_selects_nothing_more(grid: GridView) -> None:
    grid.go_to_row(4)

    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    assert grid.selected_range() == (4, 4)


def test_ctrl_c_asks_for_a_copy_of_the_selection(qtbot: QtBot, grid: GridView) -> None:
    grid.go_to_row(4)

    with qtbot.waitSignal(grid.copy_wanted) as told:
        QTest.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert told.args == [(4, 4)]


def test_enter_activates_the_row(qtbot: QtBot, grid: GridView) -> None:
    grid.go_to_row(4)

    with qtbot.waitSignal(grid.row_activated) as told:
        QTest.keyClick(grid, Qt.Key.Key_Return)

    assert told.args == [4]
