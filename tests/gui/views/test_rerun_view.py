"""Recorded commands decided on again, in the window: an experiment that writes nothing."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.rerun_view import RerunView
from store.sqlite.store import SqliteStore
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store as show_store
from tests.gui.driven_window import seek


def test_commands_are_decided_on_again_and_nothing_is_written(
    qtbot: QtBot, window: MainWindow, bank: SqliteStore
) -> None:
    session, workspace = show_store(qtbot, window, bank.place.path)
    before = Path(bank.place.path).read_bytes()
    window.actions_["rerun"].trigger()
    view = workspace.of(RerunView)
    wait(qtbot, view.isVisible)
    assert window.focusWidget() is view.run_all
    assert not view.run_range.isEnabled()

    qtbot.keyClick(view.run_all, Qt.Key.Key_Space)
    wait(qtbot, lambda: "2 commands decided again" in view.said.text())
    assert "no outcome differs." in view.said.text()

    session.selection.anchor_here()
    seek(qtbot, session, 2)
    wait(qtbot, view.run_range.isEnabled)
    qtbot.mouseClick(view.run_range, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.said.text().startswith("1 command decided again"))
    assert Path(bank.place.path).read_bytes() == before
