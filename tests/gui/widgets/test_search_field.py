"""The field to search with."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.widgets.search_field import SearchField

pytestmark = pytest.mark.usefixtures("qapp")


def make_field(qtbot: QtBot, pause_ms: int = 120) -> SearchField:
    field = SearchField("Find", "find", pause_ms=pause_ms)
    qtbot.addWidget(field)
    field.show()
    return field


def test_typing_is_told_once_after_it_rests(qtbot: QtBot) -> None:
    field = make_field(qtbot, pause_ms=10)
    told: list[str] = []
    field.searched.connect(told.append)

    QTest.keyClicks(field, "ord")
    qtbot.waitUntil(lambda: bool(told))

    assert told == ["ord"]


def test_enter_tells_at_once_and_then_goes_through_the_hits(qtbot: QtBot) -> None:
    field = make_field(qtbot, pause_ms=60_000)
    QTest.keyClicks(field, "ord")

    with qtbot.waitSignal(field.searched):
        QTest.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(field.next_wanted):
        QTest.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(field.previous_wanted):
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)


def test_esc_clears_first_and_leaves_second(qtbot: QtBot) -> None:
    field = make_field(qtbot, pause_ms=60_000)
    QTest.keyClicks(field, "ord")
    QTest.keyClick(field, Qt.Key.Key_Return)

    with qtbot.waitSignal(field.searched) as told:
        QTest.keyClick(field, Qt.Key.Key_Escape)
    with qtbot.waitSignal(field.left):
        QTest.keyClick(field, Qt.Key.Key_Escape)

    assert told.args == [""]


def test_a_field_shows_hits_and_problems(qtbot: QtBot) -> None:
    field = make_field(qtbot)
    plain = field.grab().toImage()

    field.set_hits("3 of 12")
    assert field.grab().toImage() != plain
    field.set_problem("expected a value after =")

    assert field.toolTip() == "expected a value after ="
    field.set_problem("")
    assert field.toolTip() == ""
