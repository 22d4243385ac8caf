"""A grid of texts takes its widths from what it says, also when a column is silent at first."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.grid.column_fit import wanted_px
from gui.widgets.grid.grid_painter import Column
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow

TITLES = ("view", "bytes")


def shown(qtbot: QtBot) -> TextGrid:
    grid = TextGrid("Views")
    qtbot.addWidget(grid)
    grid.resize(600, 200)
    grid.show()
    return grid


def width(grid: TextGrid, column: int) -> int:
    return grid.grid.horizontalHeader().sectionSize(column)


def rows(*sizes: str) -> list[TextRow]:
    return [TextRow(texts=(f"view {at}", it)) for at, it in enumerate(sizes)]


def test_a_column_that_says_something_later_gets_the_room_for_it_and_the_row_stays(
    qtbot: QtBot,
) -> None:
    grid = shown(qtbot)
    titles = (*TITLES, "error")
    grid.show_rows(titles, [TextRow(texts=("a", "", "")), TextRow(texts=("b", "", ""))])
    grid.go_to_row(1)
    narrow = width(grid, 1)

    grid.show_rows(
        titles, [TextRow(texts=("a", "1", "")), TextRow(texts=("b", "1,234,567,890", ""))]
    )

    assert width(grid, 1) > narrow
    assert width(grid, 1) >= 13 * 8
    assert grid.grid.current_row() == 1


def test_widths_that_a_person_chose_stay_while_the_same_columns_speak(qtbot: QtBot) -> None:
    grid = shown(qtbot)
    grid.show_rows(TITLES, rows("1", "2"))
    grid.grid.horizontalHeader().resizeSection(0, 222)

    grid.show_rows(TITLES, rows("3", "4", "5"))

    assert width(grid, 0) == 222
    assert (grid.count(), grid.text(2, 1)) == (3, "5")


def test_other_columns_take_the_place_of_those_before(qtbot: QtBot) -> None:
    grid = shown(qtbot)
    grid.show_rows(TITLES, rows("1"))

    grid.show_rows(("one",), [TextRow(texts=("x" * 20,))])

    assert grid.grid.model().columnCount() == 1
    assert grid.text(0, 0) == "x" * 20


def test_numbers_stand_at_the_right_as_soon_as_a_column_has_some(qtbot: QtBot) -> None:
    grid = shown(qtbot)
    grid.show_rows(TITLES, rows("", ""))
    assert right_columns(grid) == []

    grid.show_rows(TITLES, rows("1,214.53", "", "-7"))

    assert right_columns(grid) == [1]
    grid.show_rows(TITLES, rows("1,214.53", "none"))
    assert right_columns(grid) == [1]  # a column does not change sides for one cell


def right_columns(grid: TextGrid) -> list[int]:
    return [at for at, it in enumerate(grid.grid.columns()) if it.is_right]


def test_a_long_text_gets_the_room_that_the_other_columns_do_not_need(qtbot: QtBot) -> None:
    grid = shown(qtbot)
    grid.resize(1_200, 200)
    text = "ReservationConfirmationReceivedByTheOfficeOfTheConference"

    grid.show_rows(("type", "occurred"), [TextRow(texts=(text, "2026-03-14"))])
    wide = width(grid, 0)
    grid.resize(400, 200)

    assert wide > grid.fontMetrics().horizontalAdvance(text)
    assert width(grid, 0) < wide
    assert width(grid, 1) >= 10 * 8


def test_a_short_text_is_whole_while_a_long_one_is_cut(qtbot: QtBot) -> None:
    grid = shown(qtbot)
    titles, age = ("line", "forks from", "made"), "2 hours 13 minutes old"
    rows = [TextRow(texts=("order-kept-and-shipped-to-the-right-port",) * 2 + (age,))]

    for room in (900, 700, 600):
        grid.resize(room, 200)
        grid.show_rows(titles, rows)
        QApplication.processEvents()
        needed = wanted_px(Column(title="made", width=0, is_mono=True), [age])
        assert width(grid, 2) >= needed
        assert grid.grid.horizontalScrollBar().maximum() == 0


def test_titles_are_whole_however_little_room_there_is(qtbot: QtBot) -> None:
    grid = shown(qtbot)
    titles = ("order_id", "is_free_of_charge", "expires_at", "assignments_id", "priced_version")
    grid.resize(420, 200)
    grid.show_rows(titles, [TextRow(texts=("no row", "", "", "", ""))])
    QApplication.processEvents()

    for at, title in enumerate(titles):
        assert width(grid, at) >= wanted_px(Column(title=title, width=0), ())


def test_a_row_that_comes_later_gets_the_room_it_needs_and_none_is_taken_back(
    qtbot: QtBot,
) -> None:
    grid = shown(qtbot)
    grid.show_rows(TITLES, [TextRow(texts=("streams", "1"))])
    narrow = width(grid, 0)

    grid.show_rows(TITLES, [TextRow(texts=("streams", "1")), TextRow(texts=("n" * 24, "2"))])
    wide = width(grid, 0)
    grid.show_rows(TITLES, [TextRow(texts=("streams", "1"))])

    assert wide > narrow
    assert wide >= 24 * 7
    assert width(grid, 0) == wide
