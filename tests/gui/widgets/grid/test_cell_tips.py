"""What is cut in a list is told where the mouse rests on it, and by Ctrl+F1."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.tree.json_tree import JsonTree

LONG = "a name that is much longer than its cell can ever be " * 3
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def no_tip_is_left(qapp: QApplication) -> None:
    QToolTip.hideText()


def rest_on(view: QAbstractItemView, at: QPoint) -> None:
    """The mouse, until the tip comes."""
    seen = view.viewport()
    event = QHelpEvent(QEvent.Type.ToolTip, at, seen.mapToGlobal(at))
    QApplication.sendEvent(seen, event)


def a_grid(qtbot: QtBot) -> TextGrid:
    grid = TextGrid("Things")
    qtbot.addWidget(grid)
    grid.resize(400, 200)
    grid.show_rows(
        ("short", "long"),
        [TextRow(texts=("one", LONG)), TextRow(texts=("two", "short as well"))],
    )
    grid.show()
    grid.go_to_row(0)
    return grid


def told(qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: words in QToolTip.text())


def test_a_cut_cell_is_told_by_the_mouse_and_one_that_fits_is_not(qtbot: QtBot) -> None:
    things = a_grid(qtbot)
    grid = things.grid

    rest_on(grid, grid.visualRect(grid.model().index(0, 0)).center())
    assert "one" not in QToolTip.text()
    rest_on(grid, grid.visualRect(grid.model().index(0, 1)).topLeft() + QPoint(20, 5))

    told(qtbot, LONG.strip())


def test_the_cut_cells_of_a_row_are_told_by_a_key_with_their_titles(qtbot: QtBot) -> None:
    things = a_grid(qtbot)
    grid = things.grid

    QTest.keyClick(grid, Qt.Key.Key_F1, CTRL)

    told(qtbot, f"long: {LONG.strip()}")
    assert "one" not in QToolTip.text()


def test_a_row_in_which_nothing_is_cut_has_no_tip_by_key(qtbot: QtBot) -> None:
    things = a_grid(qtbot)
    grid = things.grid
    grid.go_to_row(1)

    QTest.keyClick(grid, Qt.Key.Key_F1, CTRL)

    assert "short as well" not in QToolTip.text()


def test_a_name_of_a_list_is_told_by_both(qtbot: QtBot) -> None:
    names = CountedList("Names")
    qtbot.addWidget(names)
    names.resize(120, 100)
    names.set_items([CountedItem(key="a", text=LONG)])
    names.show()
    names.setCurrentIndex(names.model().index(0, 0))

    QTest.keyClick(names, Qt.Key.Key_F1, CTRL)
    told(qtbot, LONG.strip())
    QToolTip.showText(QPoint(), "another")
    rest_on(names, names.visualRect(names.model().index(0, 0)).center())
    told(qtbot, LONG.strip())


def test_a_cut_value_of_a_state_is_told_by_both(qtbot: QtBot) -> None:
    tree = JsonTree("State")
    qtbot.addWidget(tree)
    tree.resize(160, 200)
    tree.show_value({"name": LONG})
    tree.show()
    assert tree.go_to(("name",))

    QTest.keyClick(tree, Qt.Key.Key_F1, CTRL)
    told(qtbot, LONG.strip())
    QToolTip.showText(QPoint(), "another")
    rest_on(tree, tree.visualRect(tree.currentIndex()).center())
    told(qtbot, LONG.strip())
