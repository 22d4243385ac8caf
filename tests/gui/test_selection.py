"""The one cursor."""

import pytest
from pytestqt.qtbot import QtBot

from gui.selection import Place, Selection


def test_seeking_moves_the_cursor_and_tells_once(qtbot: QtBot, selection: Selection) -> None:
    with qtbot.waitSignal(selection.as_of_changed) as told:
        selection.seek(42)

    assert (selection.as_of, told.args) == (42, [42])


@pytest.mark.parametrize(("asked", "reached"), [(-5, 1), (0, 1), (301, 300), (10**12, 300)])
def test_the_cursor_stays_within_the_log(selection: Selection, asked: int, reached: int) -> None:
    selection.seek(50)

    selection.seek(asked)

    assert selection.as_of == reached


def test_in_an_empty_log_the_cursor_stands_before_the_first_event(qtbot: QtBot) -> None:
    selection = Selection()

    selection.seek(7)

    assert selection.as_of == 0


def test_new_events_leave_the_cursor_alone_unless_it_follows(selection: Selection) -> None:
    selection.seek(10)
    selection.learn_head(400)
    alone = selection.as_of
    selection.follow(True)
    selection.learn_head(500)

    assert (alone, selection.as_of) == (10, 500)


def test_any_seek_leaves_following(qtbot: QtBot, selection: Selection) -> None:
    selection.follow(True)

    with qtbot.waitSignal(selection.follow_changed):
        selection.seek(10)

    assert not selection.is_following


def test_swapping_exchanges_cursor_and_a(selection: Selection) -> None:
    selection.seek(10)
    selection.set_anchor(200)

    selection.swap()

    assert (selection.as_of, selection.anchor) == (200, 10)


def test_swapping_without_an_a_sets_it_here(selection: Selection) -> None:
    selection.seek(10)

    selection.swap()

    assert (selection.as_of, selection.anchor) == (10, 10)


def test_a_place_holds_the_cursor_and_the_stream(selection: Selection) -> None:
    selection.seek(10)
    selection.choose_stream("order-1")

    assert selection.place == Place(10, "order-1")
