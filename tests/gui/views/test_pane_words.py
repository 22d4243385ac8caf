"""What is said beneath the panes, and where it stands."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.panes_view import PanesView
from tests.gui.driven_window import open_store
from tests.gui.views.test_panes import choose, wait
from tests.replay.conference_office import Office


@pytest.fixture
def view(qtbot: QtBot, window: MainWindow, office: Office) -> PanesView:
    window.resize(1280, 800)
    session, workspace = open_store(qtbot, window, office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(qtbot, lambda: session.panes.found is not None)
    return workspace.of(PanesView)


def test_panes_that_are_equal_say_how_to_see_their_rows(qtbot: QtBot, view: PanesView) -> None:
    choose(view, "left", "seats_left", "now")
    choose(view, "right", "seats_left", "now")
    wait(qtbot, lambda: "nothing differs" in view.words.text())
    assert view.grids["left"].count() == 0

    view.only.click()
    wait(qtbot, lambda: view.grids["left"].count() > 0)

    assert "nothing differs" not in view.words.text()


def test_words_of_two_lines_move_no_button_under_the_mouse(view: PanesView) -> None:
    before = view.part.mapTo(view, QPoint())

    view.words.say("right: 267 equal · 62 only right ‖ third: 267 equal · 62 only right · " * 3)
    view.grab()  # lays out

    assert view.part.mapTo(view, QPoint()) == before
