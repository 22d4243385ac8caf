"""Unsent commands of process managers in the window, as they are saved and sent by others."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.processes_view import ProcessesView
from gui.views.unsent_view import UnsentView
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store as show_store
from tests.replay.conference_office import Crashed, Office

MAIN = Path(__file__).parents[3] / "main.py"


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office) -> tuple[Session, UnsentView]:
    """The office's clock stands in spring: by the window's, the timer of B8 has long passed."""
    session, workspace = show_store(qtbot, window, office.path)
    workspace.show_panel(ProcessesView)
    workspace.of(ProcessesView).tabs.choose("unsent")
    wait(qtbot, lambda: len(session.processes.unsent) == 1)
    return session, workspace.of(UnsentView)


def test_what_is_saved_and_not_sent_is_seen_apart_until_another_program_sends_it(
    qtbot: QtBot, shown: tuple[Session, UnsentView], office: Office
) -> None:
    session, view = shown

    office.register("C9", general=1)  # a person's own command is not among them
    office.crash_at = "before handling"
    with pytest.raises(Crashed):
        office.dispatcher.settle()
    wait(qtbot, lambda: view.unsent.count() == 3)
    told = [(view.unsent.text(row, 0), view.unsent.text(row, 1)) for row in range(3)]
    assert ("unsent", "MakeSeatReservation") in told
    assert "RegisterToConference" not in [command for _, command in told]

    subprocess.run([sys.executable, str(MAIN), "dispatch", str(office.path)], check=True)
    wait(qtbot, lambda: session.processes.unsent == ())
    wait(qtbot, lambda: not view.unsent.isVisible())


def test_an_instance_whose_timer_has_passed_is_among_those_that_stand_still(
    qtbot: QtBot, shown: tuple[Session, UnsentView], window: MainWindow
) -> None:
    session, view = shown
    wait(qtbot, lambda: view.stuck.count() == 1)

    assert view.stuck.text(0, 0) == "registration-B8"
    assert "ExpireRegistrationProcess was due at" in view.stuck.text(0, 3)
    assert window.workspace is not None
    tabs = window.workspace.of(ProcessesView).tabs
    assert "Unsent (1, 1 stuck)" in [tabs.tabText(at) for at in range(tabs.count())]
    view.stuck.grid.setFocus()
    view.stuck.go_to_row(0)
    qtbot.keyClick(view.stuck.grid, Qt.Key.Key_Return)
    assert session.selection.stream == "registration-B8"
