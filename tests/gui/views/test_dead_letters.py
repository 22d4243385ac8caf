"""What failed while processes ran, in the window: listed, tried again, given up for a reason."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.dead_letters_view import DeadLettersView
from gui.views.processes_view import ProcessesView
from replay.processes.retry_policy import GATEWAYS
from replay.states.model_set import bundled_models
from store.opening import reading
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store as show_store
from tests.replay.models.test_ships import Fleet


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> DeadLettersView:
    """A message that customs did not take, as often as it is tried."""
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    fleet.outside.is_down = True
    fleet.ship("king-roy", "vancouver", "2005-11-02")
    for _ in range(GATEWAYS.attempts):
        fleet.deliver()
        fleet.clock_us += GATEWAYS.most_us
    fleet.store.close()
    _, workspace = show_store(qtbot, window, fleet.store.place.path)
    qtbot.keyClick(window, Qt.Key.Key_P)
    workspace.of(ProcessesView).tabs.choose("dead_letters")
    view = workspace.of(DeadLettersView)
    wait(qtbot, lambda: view.list.count() == 1)
    return view


def test_what_is_dead_is_listed_with_its_error_and_attempts(
    shown: DeadLettersView, window: MainWindow
) -> None:
    told = [shown.list.text(0, column) for column in range(4)]

    assert told[:2] == ["dead", str(GATEWAYS.attempts)]
    assert told[2].startswith("the message of Arrival at ")
    assert "gateway 'customs'" in told[3]
    assert window.workspace is not None


def test_it_is_tried_again_when_a_person_says_so(qtbot: QtBot, shown: DeadLettersView) -> None:
    qtbot.mouseClick(shown.retry, Qt.MouseButton.LeftButton)

    wait(qtbot, lambda: shown.list.text(0, 0) == "retry")
    assert shown.list.text(0, 1) == ""


def test_it_is_given_up_for_a_reason_and_not_without_one(
    qtbot: QtBot, shown: DeadLettersView, tmp_path: Path
) -> None:
    assert not shown.give_up.isEnabled()
    shown.reason.setText("customs has closed")
    qtbot.mouseClick(shown.give_up, Qt.MouseButton.LeftButton)

    wait(qtbot, lambda: shown.list.count() == 0)
    with reading(tmp_path / "ships.foldline") as log:
        (last,) = log.beside.retries.since(GATEWAYS.attempts)
    assert (last.status, last.reason) == ("given up", "customs has closed")
