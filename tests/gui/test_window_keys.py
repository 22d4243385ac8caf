"""Keys of the window as a whole, and those that a part keeps for itself."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.actions import MENUS
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.view_actions import TAB_ACTIONS
from tests.gui.driven_window import open_store


def test_each_menu_opens_by_alt_and_its_first_letter(window: MainWindow) -> None:
    keys = [QKeySequence.mnemonic(it.text()).toString() for it in window.menuBar().actions()]

    assert keys == [f"Alt+{name[0]}" for name in MENUS]


def test_the_space_key_presses_a_button_of_the_top_bar_that_has_the_keyboard(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    scheme = themes().current.scheme
    window.top.theme.setFocus()
    qtbot.waitUntil(window.top.theme.hasFocus)

    qtbot.keyClick(window.top.theme, Qt.Key.Key_Space)

    assert themes().current.scheme != scheme
    assert not session.playback.is_playing


def test_number_keys_reach_the_tabs_of_the_centre_from_wherever_the_keyboard_is(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    ids = [it.id.removeprefix("tab ") for it in TAB_ACTIONS]
    assert [it.keys for it in TAB_ACTIONS] == [(f"Ctrl+{at}",) for at in range(1, len(ids) + 1)]

    for at in (*range(len(ids), 0, -1), *range(1, len(ids) + 1)):
        holder = QApplication.focusWidget() or window
        qtbot.keyClick(holder, Qt.Key(Qt.Key.Key_0.value + at), Qt.KeyboardModifier.ControlModifier)

        assert [it for it in ids if workspace.panel_of(it).isVisible()] == [ids[at - 1]]
        focus = QApplication.focusWidget()
        assert focus is not None
        assert workspace.panel_of(ids[at - 1]).isAncestorOf(focus), ids[at - 1]
