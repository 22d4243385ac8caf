"""A row of buttons that goes on below."""

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.wrapping_row import WrappingRow

NAMES = ("Rebuild this view", "Pause the rebuild", "Cancel it", "Switch back")


@pytest.fixture
def row(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    rows = QVBoxLayout(page)
    rows.addStretch(1)
    rows.addLayout(WrappingRow(*(QPushButton(it) for it in NAMES)))
    page.show()
    return page


def places(row: QWidget, width: int) -> list[QPushButton]:
    row.resize(width, 200)
    row.grab()  # lays out
    return row.findChildren(QPushButton)


def test_a_wide_row_stands_in_one_line(row: QWidget) -> None:
    buttons = places(row, 900)

    assert len({it.y() for it in buttons}) == 1


def test_no_button_of_a_narrow_row_is_cut_or_overlaps(row: QWidget) -> None:
    buttons = places(row, 260)

    assert all(it.width() >= it.sizeHint().width() for it in buttons)
    assert len({it.y() for it in buttons}) > 1
    assert all(row.rect().contains(it.geometry()) for it in buttons)
    assert not any(
        one.geometry().intersects(other.geometry())
        for one in buttons
        for other in buttons
        if one is not other
    )


def test_what_is_hidden_takes_no_room_in_the_row(qtbot: QtBot, row: QWidget) -> None:
    first, second, *_ = places(row, 900)

    first.hide()

    qtbot.waitUntil(lambda: second.x() == first.x())
