"""Keys are found, changed and put back by hands on the keys alone, and by the mouse."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.keys_dialog import KeysDialog
from gui.key_texts import key_text
from gui.main_window import MainWindow
from gui.views.time_view import TimeView
from tests.gui.driven_window import open_store

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> KeysDialog:
    dialog = window.keys.show_dialog()
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def choose(qtbot: QtBot, dialog: KeysDialog, sought: str) -> None:
    """Find an action by typing, and go on to the field for its key."""
    dialog.search.setFocus()
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, sought)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    dialog.tree.setFocus()
    qtbot.keyClick(dialog.tree, Qt.Key.Key_Return)


def test_every_action_stands_in_its_area_with_its_keys(
    dialog: KeysDialog, window: MainWindow
) -> None:
    tree = dialog.tree
    tops = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    areas = [top.text(0) for top in tops if top is not None]

    assert areas[:3] == ["File", "Go", "Time"]
    assert "In the time panel" in areas
    for spec in window.actions_.specs:
        assert dialog.row(spec.id).text(1) == "   ".join(map(key_text, spec.keys))


def test_a_key_is_changed_by_keys_alone_and_shows_everywhere_at_once(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, workspace = open_store(qtbot, window, store)
    play = workspace.of(TimeView).transport.play
    assert play.toolTip().endswith("(Space)")
    dialog = window.keys.show_dialog()
    qtbot.waitUntil(dialog.isVisible)

    choose(qtbot, dialog, "play or")
    qtbot.keyClick(dialog.pressed, Qt.Key.Key_J, CONTROL)
    qtbot.waitUntil(dialog.set.isEnabled)
    dialog.set.setFocus()
    qtbot.keyClick(dialog.set, Qt.Key.Key_Space)

    assert window.actions_["play"].shortcut().toString() == "Ctrl+J"
    assert dialog.row("play").text(1) == "Ctrl+J"
    assert play.toolTip().endswith("(Ctrl+J)")
    assert window.settings.keys() == {"play": ["Ctrl+J"]}
    dialog.reject()


def test_a_key_that_something_has_is_told_before_it_is_taken(
    qtbot: QtBot, dialog: KeysDialog, window: MainWindow
) -> None:
    choose(qtbot, dialog, "play or")
    qtbot.keyClick(dialog.pressed, Qt.Key.Key_G, CONTROL)

    qtbot.waitUntil(lambda: "Go to position or time" in dialog.message.text())
    assert window.actions_["goto"].shortcut().toString() == "Ctrl+G"
    assert dialog.set.text() == "Re&assign"
    qtbot.mouseClick(dialog.set, LEFT)

    assert window.actions_["play"].shortcut().toString() == "Ctrl+G"
    assert window.keys.bindings.keys("goto") == ("@",)


def test_a_key_that_the_window_needs_is_refused(qtbot: QtBot, dialog: KeysDialog) -> None:
    choose(qtbot, dialog, "play or")
    qtbot.keyClick(dialog.pressed, Qt.Key.Key_7)

    qtbot.waitUntil(lambda: "cannot be assigned" in dialog.message.text())
    assert not dialog.set.isEnabled()


def test_one_action_is_reset_and_then_all(
    qtbot: QtBot, dialog: KeysDialog, window: MainWindow
) -> None:
    bindings = window.keys.bindings
    bindings.bind("play", ["Ctrl+J"])
    bindings.bind("goto", ["Ctrl+L"])

    choose(qtbot, dialog, "play or")
    qtbot.mouseClick(dialog.reset, LEFT)
    assert (bindings.keys("play"), bindings.keys("goto")) == (("Space",), ("Ctrl+L",))
    qtbot.mouseClick(dialog.reset_all, LEFT)

    assert bindings.keys("goto") == ("Ctrl+G", "@")
    assert window.settings.keys() == {}
    assert not dialog.reset_all.isEnabled()


def test_a_second_key_is_added_and_an_action_can_have_none(
    qtbot: QtBot, dialog: KeysDialog, window: MainWindow
) -> None:
    choose(qtbot, dialog, "play or")
    qtbot.keyClick(dialog.pressed, Qt.Key.Key_J, CONTROL)
    qtbot.waitUntil(dialog.add.isEnabled)
    qtbot.mouseClick(dialog.add, LEFT)
    assert window.keys.bindings.keys("play") == ("Space", "Ctrl+J")

    qtbot.mouseClick(dialog.clear, LEFT)

    assert window.keys.bindings.keys("play") == ()
    assert window.actions_["play"].shortcuts() == []


def test_keys_that_stay_are_listed_and_cannot_be_changed(qtbot: QtBot, dialog: KeysDialog) -> None:
    choose(qtbot, dialog, "ruler")

    assert dialog.chosen == ""
    assert not dialog.pressed.isEnabled()
    assert "cannot be changed" in dialog.message.text()
