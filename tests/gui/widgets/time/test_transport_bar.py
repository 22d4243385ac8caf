"""The transport bar shows what it is told and says what a person wants."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.time.speed_field import parse_speed, speed_text
from gui.widgets.time.transport_bar import TransportBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[TransportBar]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1_000, 40)
    bar = TransportBar(window)
    bar.resize(1_000, 40)
    with qtbot.waitExposed(window):
        window.show()
    bar.set_position(18_408, 24_118)
    bar.set_time("2026-03-14 09:41:09.921")
    yield bar
    window.close()


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("first", "first_wanted"),
        ("previous", "previous_wanted"),
        ("play", "play_wanted"),
        ("next", "next_wanted"),
        ("end", "end_wanted"),
        ("anchor", "anchor_wanted"),
    ],
)
def test_each_button_says_what_is_wanted(
    qtbot: QtBot, bar: TransportBar, button: str, signal: str
) -> None:
    with qtbot.waitSignal(getattr(bar, signal)):
        QTest.mouseClick(getattr(bar, button), LEFT)


def test_buttons_work_with_the_keyboard(qtbot: QtBot, bar: TransportBar) -> None:
    bar.next.setFocus()

    with qtbot.waitSignal(bar.next_wanted):
        QTest.keyClick(bar.next, Qt.Key.Key_Space)


def test_play_turns_into_pause_only_when_told(bar: TransportBar) -> None:
    QTest.mouseClick(bar.play, LEFT)
    assert bar.play.accessibleName() == "Play"

    bar.set_playing(True)

    assert bar.play.accessibleName() == "Pause"


def test_a_number_with_thousands_is_easy_to_read(bar: TransportBar) -> None:
    assert bar.position.text() == "18,408"
    assert bar.head.text() == "of 24,118"


def test_nothing_moves_when_the_numbers_grow(bar: TransportBar) -> None:
    bar.set_position(1, 9)
    before = _places(bar)

    for head in (10, 99_999, 999_999):
        bar.set_position(head, head)

        assert _places(bar) == before


def test_buttons_stay_even_when_a_number_needs_more_room(bar: TransportBar) -> None:
    before = [it.geometry() for it in bar.findChildren(QAbstractButton)]

    bar.set_position(1_234_567_890, 9_876_543_210)

    assert [it.geometry() for it in bar.findChildren(QAbstractButton)] == before
    assert bar.position.fontMetrics().horizontalAdvance(bar.position.text()) <= bar.position.width()


@pytest.mark.parametrize("known", ["", "known by 2026-03-14 09:41:09.921"])
def test_readouts_give_way_to_buttons_when_it_is_narrow(bar: TransportBar, known: str) -> None:
    bar.set_known(known)
    bar.resize(bar.minimumSizeHint().width(), 40)

    assert bar.time.isVisible() == bool(known)  # two times have a row of their own
    assert not bar.head.isVisible()
    assert bar.known.isVisible() == bool(known)
    buttons = set(bar.findChildren(QAbstractButton)) - {bar.known}
    assert all(it.isVisible() for it in buttons)
    assert bar.follow.geometry().right() < bar.width()


def test_follow_is_shown_when_it_is_so_not_when_it_is_asked_for(
    qtbot: QtBot, bar: TransportBar
) -> None:
    with qtbot.waitSignal(bar.follow_wanted) as asked:
        QTest.mouseClick(bar.follow, LEFT)
    assert asked.args == [True]
    assert not bar.follow.isChecked()

    bar.set_following(True)

    assert bar.follow.isChecked()


def test_the_button_of_a_swaps_once_a_stands_somewhere(qtbot: QtBot, bar: TransportBar) -> None:
    bar.set_anchor(True)

    with qtbot.waitSignal(bar.swap_wanted), qtbot.assertNotEmitted(bar.anchor_wanted):
        bar.anchor.click()
    assert bar.anchor.isChecked()


def test_the_menu_of_a_moves_and_removes_it(qtbot: QtBot, bar: TransportBar) -> None:
    put, swap, remove = bar.anchor.menu().actions()
    assert not swap.isEnabled()
    assert not remove.isEnabled()
    bar.set_anchor(True)

    with qtbot.waitSignal(bar.anchor_wanted):
        put.trigger()
    with qtbot.waitSignal(bar.no_anchor_wanted):
        remove.trigger()


@pytest.mark.parametrize(
    ("typed", "speed"), [("7", 7.0), ("-2", -2.0), ("−2×", -2.0), ("0,25 x", 0.25), ("1e2", 100.0)]
)
def test_any_speed_can_be_typed(qtbot: QtBot, bar: TransportBar, typed: str, speed: float) -> None:
    edit = _edit(bar)
    edit.setText(typed)

    with qtbot.waitSignal(bar.speed_wanted) as asked:
        QTest.keyClick(edit, Qt.Key.Key_Return)

    assert asked.args == [speed]


@pytest.mark.parametrize("typed", ["", "0", "fast", "nan", "inf"])
def test_what_is_no_speed_is_not_taken(qtbot: QtBot, bar: TransportBar, typed: str) -> None:
    bar.set_speed(4)
    edit = _edit(bar)
    edit.setText(typed)

    with qtbot.assertNotEmitted(bar.speed_wanted):
        QTest.keyClick(edit, Qt.Key.Key_Return)

    assert bar.speed.currentText() == "4×"


def test_up_and_down_double_and_halve_the_speed(qtbot: QtBot, bar: TransportBar) -> None:
    bar.set_speed(-4)

    with qtbot.waitSignal(bar.speed_wanted) as asked:
        QTest.keyClick(_edit(bar), Qt.Key.Key_Up)
    assert asked.args == [-8.0]
    with qtbot.waitSignal(bar.speed_wanted) as asked:
        QTest.keyClick(_edit(bar), Qt.Key.Key_Down)
    assert asked.args == [-2.0]


def test_escape_takes_back_what_was_typed(bar: TransportBar) -> None:
    QTest.keyClicks(_edit(bar), "12")

    QTest.keyClick(_edit(bar), Qt.Key.Key_Escape)

    assert bar.speed.currentText() == "1×"


def test_a_speed_that_is_being_typed_is_not_overwritten(qtbot: QtBot, bar: TransportBar) -> None:
    bar.activateWindow()
    _edit(bar).setFocus()
    qtbot.waitUntil(_edit(bar).hasFocus)
    _edit(bar).selectAll()
    QTest.keyClicks(_edit(bar), "12")

    bar.set_speed(3)

    assert bar.speed.currentText() == "12"


@pytest.mark.parametrize("speed", [0.25, 1.0, -50.0, 1_000.0, 1e-3])
def test_a_speed_reads_back_as_it_is_written(speed: float) -> None:
    assert parse_speed(speed_text(speed)) == speed


@pytest.mark.parametrize(
    ("choice", "signal", "key"),
    [("pace", "pace_wanted", "recorded"), ("axis", "axis_wanted", "occurred")],
)
def test_a_choice_is_asked_for_and_shown_when_it_is_so(
    qtbot: QtBot, bar: TransportBar, choice: str, signal: str, key: str
) -> None:
    button = getattr(bar, choice)
    before = button.current
    action = next(it for it in button.menu().actions() if it.data() == key)

    with qtbot.waitSignal(getattr(bar, signal)) as asked:
        action.trigger()
    assert asked.args == [key]
    assert button.current == before
    getattr(bar, f"set_{choice}")(key)

    assert button.current == key
    assert action.isChecked()


def test_every_part_that_takes_input_has_a_name(bar: TransportBar) -> None:
    nameless = [it for it in bar.findChildren(QAbstractButton) if not it.accessibleName()]

    assert nameless == []
    assert bar.speed.accessibleName() == "Speed"


def _edit(bar: TransportBar) -> QLineEdit:
    edit = bar.speed.lineEdit()
    assert edit is not None
    return edit


def _places(bar: TransportBar) -> dict[str, tuple[int, int]]:
    """Where each named part of the bar is."""
    parts = [it for it in bar.findChildren(QWidget) if it.parent() is bar and it.accessibleName()]
    return {it.accessibleName(): (it.x(), it.width()) for it in parts}
