"""A fact has the room of its row."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from gui.widgets.grid.key_value_grid import Fact, KeyValueGrid

TIME = "2026-03-30T10:07:15.853Z"


@pytest.fixture
def grid(qtbot: QtBot) -> KeyValueGrid:
    grid = KeyValueGrid("Event")
    qtbot.addWidget(grid)
    grid.show_facts([Fact("schema version", "1"), Fact("recorded at", TIME, link="there")])
    grid.resize(348, 100)
    grid.show()
    return grid


def test_a_time_is_whole_at_the_first_width_of_the_inspector(grid: KeyValueGrid) -> None:
    (value,) = [it for it in grid.findChildren(QLineEdit) if it.text() == TIME]

    assert value.width() > value.fontMetrics().horizontalAdvance(TIME)


def test_the_link_keeps_its_place_when_somebody_points_at_the_row(
    qtbot: QtBot, grid: KeyValueGrid
) -> None:
    buttons = {it.accessibleName(): it for it in grid.findChildren(QToolButton)}
    link, copy = buttons["Go to recorded at"], buttons["Copy recorded at"]
    before = link.mapTo(grid, QPoint())
    row = link.parentWidget()
    assert row is not None

    QApplication.sendEvent(row, QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    qtbot.waitUntil(lambda: copy.isVisible() and copy.x() > 0)
    grid.grab()  # lays out

    assert link.mapTo(grid, QPoint()) == before


def test_a_value_shows_its_beginning_when_the_keyboard_has_left_it(grid: KeyValueGrid) -> None:
    (value,) = [it for it in grid.findChildren(QLineEdit) if it.text() == TIME]
    value.setFocus(Qt.FocusReason.TabFocusReason)  # selects all of it, up to its end
    value.selectAll()

    value.clearFocus()

    assert value.cursorPosition() == 0
