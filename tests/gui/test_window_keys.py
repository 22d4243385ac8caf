"""Keys of the window as a whole, and those that a part keeps for itself."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from gui.actions import MENUS
from gui.look.theme import themes
from gui.main_window import MainWindow
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
