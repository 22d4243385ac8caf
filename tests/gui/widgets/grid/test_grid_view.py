"""The table of millions of rows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QStandardItemModel
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.widgets.grid.grid_view import MOST_PX, GridView
from tests.gui.widgets.grid_kit import (
    COLUMNS,
    MISSING,
    Numbers,
    color_at,
    has_color,
    make_grid,
    model_of,
)

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def grid(qtbot: QtBot) -> GridView:
    return make_grid(qtbot, 1_000)


def test_painting_asks_for_ready_rows_in_sight_and_for_nothing_else(
    grid: GridView,
) -> None:
    grid.verticalScrollBar().setValue(500)
    model_of(grid).asked_rows.clear()
    model_of(grid).asked_data = 0

    grid.viewport().grab()

    first, last = grid.visible_rows()
    assert model_of(grid).asked_rows == list(range(first, last + 1))
    assert first == 500
    assert model_of(grid).asked_data == 0


def test_ten_million_rows_are_shown_to_the_last(qtbot: QtBot) -> None:
    grid = make_grid(qtbot, 10_000_000)

    QTest.keyClick(grid, Qt.Key.Key_End)

    assert grid.current_row() == 9_999_999
    assert grid.is_at_end()
    grid.viewport().grab()
    assert model_of(grid).asked_rows[-1] == 9_999_999


def test_the_most_rows_are_those_whose_heights_qt_can_add() -> None:
    row_px = themes().current.row_px

    assert GridView.most_rows() * row_px <= MOST_PX < (GridView.most_rows() + 1) * row_px


def test_going_to_a_row_tells_nobody(qtbot: QtBot, grid: GridView) -> None:
    with qtbot.assertNotEmitted(grid.row_chosen):
        grid.go_to_row(700)

    assert grid.current_row() == 700
    first, last = grid.visible_rows()
    assert first < 700 < last


def test_a_row_in_sight_does_not_scroll(grid: GridView) -> None:
    grid.go_to_row(500)
    before = grid.verticalScrollBar().value()

    grid.go_to_row(502)

    assert grid.verticalScrollBar().value() == before


@given(rows=st.lists(st.integers(0, 999), min_size=1, max_size=8), center=st.booleans())
def test_wherever_one_goes_the_row_is_in_sight(rows: list[int], center: bool) -> None:
    grid = GridView("Events", COLUMNS)
    model = Numbers(1_000)
    grid.setModel(model)
    grid.resize(520, 300)
    grid.show()

    for row in rows:
        grid.scroll_to_row(row, center=center)
        first, last = grid.visible_rows()
        assert first <= row <= last

    grid.close()
    grid.setModel(None)


def test_a_row_that_does_not_exist_is_not_gone_to(grid: GridView) -> None:
    grid.go_to_row(5)

    grid.go_to_row(-1)
    grid.go_to_row(1_000)

    assert grid.current_row() == 5


def test_scrolling_tells_which_rows_are_wanted(qtbot: QtBot, grid: GridView) -> None:
    with qtbot.waitSignal(grid.rows_visible) as told:
        grid.verticalScrollBar().setValue(300)

    assert told.args == [*grid.visible_rows()]
    assert told.args[0] == 300


def test_new_rows_at_the_end_move_nothing(qtbot: QtBot, grid: GridView) -> None:
    grid.verticalScrollBar().setValue(300)

    with qtbot.waitSignal(grid.rows_visible):
        model_of(grid).grow(50)

    assert grid.verticalScrollBar().value() == 300
    assert not grid.is_at_end()


def test_rows_after_the_cursor_are_fainter_unless_they_are_selected(grid: GridView) -> None:
    text = themes().current["text"]
    grid.dim_after(5)

    assert has_color(grid, 5, 2, text)
    assert not has_color(grid, 6, 2, text)
    grid.go_to_row(6)
    assert has_color(grid, 6, 2, text)


def test_only_the_current_row_has_a_frame_after_the_keys_moved(
    qtbot: QtBot, grid: GridView
) -> None:
    """Qt alone would repaint the cells that changed, and leave the old frame in the others."""
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    grid.go_to_row(2)
    QTest.keyClick(grid, Qt.Key.Key_Down)

    accent = themes().current["accent"]
    image = grid.viewport().grab().toImage()
    framed = [row for row in range(8) if image.pixelColor(60, row * 24) == accent]

    assert framed == [3]


def test_the_selected_row_has_the_ground_of_selections(grid: GridView) -> None:
    grid.go_to_row(3)
    selection = themes().current["selection"]

    assert color_at(grid, 3, grid.viewport().width() - 3) == selection
    assert color_at(grid, 4, grid.viewport().width() - 3) == themes().current["canvas"]


def test_a_warning_is_coloured_in_its_column_alone(grid: GridView) -> None:
    warn = themes().current["warn"]

    assert has_color(grid, 4, 1, warn)
    assert not has_color(grid, 3, 1, warn)
    assert not has_color(grid, 4, 0, warn)


def test_a_row_on_its_way_is_a_bar_in_each_column(grid: GridView) -> None:
    grid.go_to_row(MISSING + 1)

    line = themes().current["line"]
    assert all(has_color(grid, MISSING, column, line) for column in range(len(COLUMNS)))


def test_the_swatch_has_the_colour_of_the_type(grid: GridView) -> None:
    theme = themes().current

    assert has_color(grid, 0, 2, theme.event_color(0))
    assert has_color(grid, 1, 2, theme.event_color(1))
    assert not has_color(grid, 1, 2, theme.event_color(0))


def test_at_the_end_the_row_that_is_cut_off_at_the_top_is_painted(grid: GridView) -> None:
    QTest.keyClick(grid, Qt.Key.Key_End)
    model_of(grid).asked_rows.clear()

    grid.viewport().grab()

    assert grid.rowViewportPosition(grid.rowAt(0)) < 0
    assert model_of(grid).asked_rows == list(range(grid.rowAt(0), 1_000))


def test_a_flexible_column_takes_the_room_until_a_person_sizes_one(qtbot: QtBot) -> None:
    columns = (COLUMNS[0], replace(COLUMNS[2], is_flexible=True), COLUMNS[1], COLUMNS[3])
    grid = make_grid(qtbot, 50, columns)
    assert sum(grid.columnWidth(at) for at in range(4)) == grid.viewport().width()

    grid.resize(900, 300)
    assert grid.columnWidth(1) == grid.viewport().width() - 80 - 110 - 120
    grid.horizontalHeader().resizeSection(1, 200)
    grid.resize(1000, 300)
    assert grid.columnWidth(1) == 200

    tick(grid, "Reset columns")
    assert sum(grid.columnWidth(at) for at in range(4)) == grid.viewport().width()


def test_another_theme_repaints(grid: GridView) -> None:
    light = color_at(grid, 0, grid.viewport().width() - 3)
    themes().apply("dark")

    dark = color_at(grid, 0, grid.viewport().width() - 3)

    themes().apply("light")
    assert dark == QColor("#121416")
    assert light != dark


def test_columns_come_back_as_they_were_left(qtbot: QtBot, grid: GridView) -> None:
    header = grid.horizontalHeader()
    header.moveSection(2, 0)
    header.resizeSection(0, 77)
    tick(grid, "summary")
    saved = grid.save_columns()

    other = make_grid(qtbot, 10)
    other.restore_columns(saved)

    assert other.horizontalHeader().visualIndex(2) == 0
    assert other.columnWidth(0) == 77
    assert other.isColumnHidden(3)


def test_a_saved_state_that_fits_nothing_changes_nothing(grid: GridView) -> None:
    grid.restore_columns(QByteArray(b"nonsense"))
    grid.restore_columns(QByteArray())

    assert [grid.columnWidth(at) for at in range(3)] == [80, 110, 160]


def test_widths_are_put_back_by_name_and_not_by_place(qtbot: QtBot, grid: GridView) -> None:
    """Widths by place would be those of the neighbours where there is one column more."""
    others = (COLUMNS[0], replace(COLUMNS[1], title="another"), *COLUMNS[1:])
    other = GridView("Others", others)
    qtbot.addWidget(other)
    other.setModel(QStandardItemModel(3, len(others), other))
    for at, width in enumerate((77, 61, 62)):
        other.horizontalHeader().resizeSection(at, width)

    grid.restore_columns(other.save_columns())

    assert [grid.columnWidth(at) for at in range(3)] == [77, 62, 160]


def test_the_menu_hides_and_shows_columns_but_not_the_first(grid: GridView) -> None:
    tick(grid, "type")
    assert grid.isColumnHidden(2)
    tick(grid, "type")
    assert not grid.isColumnHidden(2)

    assert not next(
        it for it in grid.column_menu().actions() if it.text() == "position"
    ).isEnabled()


def test_columns_can_be_reset(grid: GridView) -> None:
    tick(grid, "type")
    grid.horizontalHeader().moveSection(1, 0)

    tick(grid, "Reset columns")

    assert not grid.isColumnHidden(2)
    assert grid.horizontalHeader().visualIndex(1) == 1


def tick(grid: GridView, text: str) -> None:
    next(it for it in grid.column_menu().actions() if it.text() == text).trigger()


def test_a_grid_without_a_model_is_empty_and_calm(qtbot: QtBot) -> None:
    grid = GridView("Events", COLUMNS)
    qtbot.addWidget(grid)
    grid.resize(300, 200)
    grid.show()

    grid.go_to_row(3)
    grid.viewport().grab()

    assert grid.current_row() == -1
    assert grid.selected_range() is None
