"""Saved layouts, when the panels are still the same and when they are not."""

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from gui.look.docking import Area, Docked, Docking

TWO: dict[str, Area] = {"events": "center", "streams": "left"}


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """Owns every docking of a test, each in a window of its own."""
    found = QMainWindow()
    qtbot.addWidget(found)
    return found


def docking(window: QMainWindow, panels: dict[str, Area]) -> Docking:
    made = Docking(QMainWindow(window))
    made.add(
        [
            Docked(id=name, title=name, area=area, widget=QLabel(name))
            for name, area in panels.items()
        ]
    )
    return made


def hidden(window: QMainWindow, panels: dict[str, Area]) -> QByteArray:
    """A layout in which the streams are hidden."""
    before = docking(window, panels)
    before.toggle_action("streams").trigger()
    return before.save()


def test_a_layout_comes_back_at_the_next_start(window: QMainWindow) -> None:
    layout = hidden(window, TWO)

    after = docking(window, TWO)

    assert after.restore(layout)
    assert not after.toggle_action("streams").isChecked()


def test_a_layout_of_other_panels_is_left_alone_so_that_a_new_panel_has_its_place(
    window: QMainWindow,
) -> None:
    layout = hidden(window, TWO)

    after = docking(window, {**TWO, "notes": "tab"})

    assert not after.restore(layout)
    assert after.toggle_action("streams").isChecked()
    assert after.toggle_action("notes").isChecked()
