"""The table of millions of rows."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractTableModel, QByteArray, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.theme import themes
from gui.widgets.grid_view import MOST_PX, Column, GridView

Index = QModelIndex | QPersistentModelIndex
pytestmark = pytest.mark.usefixtures("qapp")

COLUMNS = (
    Column(title="position", width=80, is_mono=True, is_right=True),
    Column(title="recorded", width=110, is_mono=True),
    Column(title="type", width=160, has_swatch=True),
    Column(title="summary", width=120, is_dim=True),
)
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
MISSING = 13  # rows whose number is a multiple of this are never ready
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Cells:
    texts: tuple[str, ...]
    color_index: int
    is_warning: bool


class Numbers(QAbstractTableModel):
    """Rows that say their number; it counts how often it is asked."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.asked_data = 0
        self.asked_rows: list[int] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self.count

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        self.asked_data += 1
        return f"{index.row()}" if role == DISPLAY else None

    def cells(self, row: int) -> Cells | None:
        self.asked_rows.append(row)
        if row and row % MISSING == 0:
            return None
        texts = (f"{row:,}", "09:41:07.118", "OrderPlaced", "a text that is too long for it")
        return Cells(texts, row % 8, row % 5 == 4)

    def grow(self, by: int) -> None:
        self.beginInsertRows(NOWHERE, self.count, self.count + by - 1)
        self.count += by
        self.endInsertRows()


@pytest.fixture
def grid(qtbot: QtBot) -> GridView:
    return make_grid(qtbot, 1_000)


def make_grid(qtbot: QtBot, count: int) -> GridView:
    grid = GridView("Events", COLUMNS, warning_column=1)
    qtbot.addWidget(grid)
    model = Numbers(count)
    model.setParent(grid)
    grid.setModel(model)
    grid.resize(520, 27 + 24 * 10)
    grid.show()
    return grid


def model_of(grid: GridView) -> Numbers:
    model = grid.model()
    assert isinstance(model, Numbers)
    return model


def color_at(grid: GridView, row: int, x: int) -> QColor:
    image = grid.viewport().grab().toImage()
    return image.pixelColor(x, grid.rowViewportPosition(row) + 12)


def has_color(grid: GridView, row: int, column: int, color: QColor) -> bool:
    image = grid.viewport().grab().toImage()
    left, top = grid.columnViewportPosition(column), grid.rowViewportPosition(row)
    xs, ys = range(left, left + grid.columnWidth(column)), range(top + 1, top + 23)
    return any(image.pixelColor(x, y) == color for x in xs for y in ys)


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
    at = grid.visualRect(grid.model().index(3, 0)).center()

    with qtbot.waitSignal(grid.row_chosen) as told:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at)

    assert told.args == [3]


def test_shift_click_tells_a_range_after_it_was_selected(qtbot: QtBot, grid: GridView) -> None:
    grid.go_to_row(2)
    at = grid.visualRect(grid.model().index(6, 0)).center()
    shift = Qt.KeyboardModifier.ShiftModifier

    with qtbot.waitSignal(grid.range_chosen) as told:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, shift, at)

    assert told.args == [2, 6]
    assert grid.selected_range() == (2, 6)


def test_going_to_a_row_tells_nobody(qtbot: QtBot, grid: GridView) -> None:
    with qtbot.assertNotEmitted(grid.row_chosen):
        grid.go_to_row(700)

    assert grid.current_row() == 700
    first, last = grid.visible_rows()
    assert first < 700 < last


def test_getting_the_focus_moves_no_cursor(qtbot: QtBot, grid: GridView) -> None:
    with qtbot.assertNotEmitted(grid.row_chosen):
        grid.clearFocus()
        grid.setFocus()
        qtbot.waitUntil(grid.hasFocus)


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


def test_another_theme_repaints(grid: GridView) -> None:
    light = color_at(grid, 0, grid.viewport().width() - 3)
    themes().apply("dark")

    dark = color_at(grid, 0, grid.viewport().width() - 3)

    themes().apply("light")
    assert dark == QColor("#121416")
    assert light != dark


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
