"""Tab comes to what is chosen among radio buttons, whichever of them had the keyboard before."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.grid.vertical_scroll import VerticalScroll
from gui.widgets.keyed_dialog import KeyedDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> KeyedDialog:
    """A line above three radio buttons, the last of which is chosen."""
    dialog = KeyedDialog()
    rows = QVBoxLayout(dialog)
    for part in (QLineEdit(), *(QRadioButton(name) for name in ("one", "two", "three"))):
        rows.addWidget(part)
    dialog.findChildren(QRadioButton)[2].setChecked(True)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


@pytest.mark.parametrize("had_it", [0, 1, 2])
def test_tab_comes_to_the_chosen_one(qtbot: QtBot, dialog: KeyedDialog, had_it: int) -> None:
    """Qt takes the others of a group out of the Tab order when one of them gets the keyboard."""
    radios, line = dialog.findChildren(QRadioButton), dialog.findChildren(QLineEdit)[0]
    radios[had_it].setFocus()
    line.setFocus()

    qtbot.keyClick(line, Qt.Key.Key_Tab)

    assert QApplication.focusWidget() is radios[2]


def test_tab_scrolls_to_the_control_that_gets_the_keyboard(qtbot: QtBot) -> None:
    page, dialog = QWidget(), KeyedDialog()
    fields, rows = [QLineEdit() for _ in range(9)], QVBoxLayout(page)
    for field in fields:
        rows.addWidget(field)
    form = VerticalScroll("Form", page)
    QVBoxLayout(dialog).addWidget(form)
    dialog.resize(300, 120)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.isActiveWindow)
    fields[0].setFocus()

    for field in fields[1:]:
        qtbot.keyClick(dialog, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is field
        assert field.visibleRegion().boundingRect() == field.rect(), "it is whole in sight"
