"""Every entry of a menu has a key or a letter; what cannot be done is grey and says why."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.widgets.lettered_menu import LetteredMenu, letter_of, lettered, plain
from tests.gui.driven_window import open_store, seek

GUI = Path(__file__).parents[2] / "gui"


def is_of_the_docking_library(menu: QMenu) -> bool:
    """A menu of tabs, behind a button that the docking never shows."""
    parent = menu.parent()
    return parent is not None and parent.objectName() == "tabsMenuButton"


def test_every_entry_of_every_menu_has_a_letter_of_its_own_or_a_key(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    open_store(qtbot, window, store)
    menus = [it for it in window.findChildren(QMenu) if not is_of_the_docking_library(it)]

    assert len(menus) > 10
    for menu in menus:
        menu.aboutToShow.emit()
        entries = [it for it in menu.actions() if not it.isSeparator()]
        letters = [letter for it in entries if (letter := letter_of(it.text()))]
        dumb = [it.text() for it in entries if not letter_of(it.text()) and not it.shortcuts()]
        assert dumb == [], menu.title()
        assert len(letters) == len(set(letters)), menu.title()
        menu.aboutToHide.emit()


def test_no_menu_is_made_without_letters() -> None:
    bare = [
        str(path.relative_to(GUI))
        for path in sorted(GUI.rglob("*.py"))
        if path.name != "lettered_menu.py" and " QMenu(" in path.read_text("utf-8")
    ]

    assert bare == [], "make a LetteredMenu"


def test_letters_are_those_of_words_where_they_are_free() -> None:
    found = lettered(["Save &as", "Save", "Sort", "Apply", "S"])

    assert [letter_of(it) for it in found] == ["a", "s", "o", "p", ""]
    assert [plain(it) for it in found] == ["Save as", "Save", "Sort", "Apply", "S"]


def test_a_text_with_an_ampersand_keeps_it() -> None:
    assert lettered(["A && B"]) == ["&A && B"]
    assert plain("&A && B") == "A & B"


def test_a_menu_below_a_menu_has_letters_too(qapp: QApplication) -> None:
    menu = LetteredMenu()
    below = menu.addMenu("More")
    below.addAction("One")

    menu.aboutToShow.emit()

    assert below.actions()[0].text() == "&One"
    menu.deleteLater()


def test_an_entry_that_cannot_be_done_is_grey_and_says_why_while_the_menu_is_open(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    swap, menu = window.actions_["swap"], window.menus["Time"]

    menu.aboutToShow.emit()
    was_on, tip = swap.isEnabled(), swap.toolTip()
    menu.aboutToHide.emit()

    assert not was_on
    assert "A is not set" in tip
    assert swap.isEnabled(), "its key finds out by itself"
    session.selection.set_anchor(3)
    menu.aboutToShow.emit()
    assert swap.isEnabled()
    menu.aboutToHide.emit()


def test_menus_have_lines_ticks_and_icons(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    open_store(qtbot, window, store)

    window.choose_theme("dark")
    for name in ("File", "Go", "Time", "View"):
        entries = window.menus[name].actions()
        assert any(it.isSeparator() for it in entries)
        assert any(not it.icon().isNull() for it in entries)
    window.menus["View"].aboutToShow.emit()
    ticked = [it for it in ("light", "dark", "system theme") if window.actions_[it].isChecked()]
    window.menus["View"].aboutToHide.emit()

    assert ticked == ["dark"]
    window.choose_theme("light")


@pytest.mark.parametrize(("number", "panel"), [(2, "commands"), (4, "views"), (1, "events")])
def test_a_number_key_reaches_a_tab_of_the_centre(
    qtbot: QtBot, window: MainWindow, store: Path, number: int, panel: str
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 10)
    workspace.show_panel_of("processes")

    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(workspace.panel_of(panel).isVisible)
    assert session.playback.speed == 1.0
