"""Every control of the window, of every panel and of every dialog has a name, a place in the Tab
order, which is that of reading, and a size that a hand hits. A new panel, or a new dialog that an
action opens, is walked without being listed here."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.dialogs.correct_dialog import CorrectDialog
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.panels import panels
from gui.views.time_view import TimeView
from gui.widgets.keyed_dialog import KeyedDialog
from tests.gui.control_walk import controls, faults
from tests.gui.driven_window import open_store, seek
from tests.gui.every_surface import close_all, declared_dialogs, dialog_doors, open_dialogs
from tests.replay.conference_office import Office


@pytest.fixture
def no_file_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own dialogs are not ours to walk."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QMessageBox, "about", lambda *_: None)


class ShownWindows(QObject):
    """Which widgets appeared as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if is_shown and isinstance(watched, QWidget) and watched.isWindow():
            self.found.append(f"{type(watched).__name__} {watched.accessibleName()!r}")
        return False


@pytest.fixture
def shown_windows(qapp: QApplication) -> Iterator[ShownWindows]:
    shown = ShownWindows()
    qapp.installEventFilter(shown)
    yield shown
    qapp.removeEventFilter(shown)


def test_every_control_of_the_start_page(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(window.isActiveWindow)

    assert len(controls(window)) > 5
    assert faults(window) == []


def test_every_control_of_every_panel_and_no_part_opens_a_window(
    qtbot: QtBot, window: MainWindow, office: Office, shown_windows: ShownWindows
) -> None:
    session, workspace = open_store(qtbot, window, office.path)
    seek(qtbot, session, 3)
    found: dict[str, list[str]] = {}
    windows: list[QWidget] = []

    for panel in panels():
        workspace.show_panel_of(panel.id)
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        qtbot.waitUntil(window.isActiveWindow)
        part = workspace.panel_of(panel.id)
        windows += [] if part.isVisible() else [part]
        found[panel.id] = faults(window, part)
    found["window"] = faults(window)

    assert {name: told for name, told in found.items() if told} == {}
    assert windows == []
    assert shown_windows.found == []


def test_every_control_of_every_dialog(
    qtbot: QtBot, window: MainWindow, office: Office, no_file_chosen: None
) -> None:
    session, _ = open_store(qtbot, window, office.path)
    seek(qtbot, session, 3)
    found: dict[str, list[str]] = {}

    for door in dialog_doors(window):
        door()
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        for dialog in open_dialogs():
            if type(dialog).__name__ not in found:
                dialog.activateWindow()
                qtbot.waitUntil(dialog.isActiveWindow)
                if isinstance(dialog, CorrectDialog):  # states come into sight with its answer
                    qtbot.waitUntil(partial(_has_answered, dialog))
                found[type(dialog).__name__] = faults(dialog)
        close_all()

    assert {name: told for name, told in found.items() if told} == {}
    assert {it.__name__ for it in declared_dialogs()} <= found.keys(), "no action opens one of them"


def test_every_dialog_goes_in_the_order_of_reading() -> None:
    assert [it.__name__ for it in declared_dialogs() if not issubclass(it, KeyedDialog)] == []


def test_the_walk_notices_what_is_wrong(qtbot: QtBot) -> None:
    """A canary for each kind of fault."""
    window = KeyedDialog()
    nameless, tiny, lost = QLineEdit(), QPushButton("tiny"), QCheckBox("lost")
    tiny.setFixedSize(10, 10)
    lost.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    rows = QVBoxLayout(window)
    for widget in (nameless, tiny, lost):
        rows.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)

    told = "\n".join(faults(window))

    assert "QLineEdit '' in KeyedDialog '' has no accessible name" in told
    assert "'tiny' in KeyedDialog '' is 10 × 10 px" in told
    assert "Tab does not come to QCheckBox 'lost'" in told


def test_the_walk_notices_a_wrong_order(qtbot: QtBot) -> None:
    window = QDialog()
    rows = QVBoxLayout(window)
    buttons = [QPushButton(name) for name in ("one", "two", "three")]
    for button in buttons:
        rows.addWidget(button)
    QWidget.setTabOrder(buttons[0], buttons[2])
    QWidget.setTabOrder(buttons[2], buttons[1])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)

    assert [it for it in faults(window) if "comes behind" in it] == [
        "QPushButton 'two' in QDialog '' comes behind QPushButton 'three' in QDialog ''"
        " in the Tab order"
    ]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_keyboard(
    qtbot: QtBot, window: MainWindow, store: Path, key: Qt.Key
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 100)
    before = themes().current.scheme
    window.top.theme.setFocus()

    qtbot.keyClick(window.top.theme, key)
    assert themes().current.scheme != before
    first = workspace.of(TimeView).transport.first
    first.setFocus()
    qtbot.keyClick(first, key)

    qtbot.waitUntil(lambda: session.selection.as_of == 1)
    window.choose_theme("light")


def test_the_tabs_of_the_centre_are_reached_by_tab_and_turned_by_arrows(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 10)
    workspace.of(TimeView).transport.follow.setFocus()

    qtbot.keyClick(workspace.of(TimeView).transport.follow, Qt.Key.Key_Tab)
    tab = QApplication.focusWidget()
    assert tab is not None
    assert tab.accessibleName() == "Events, tab"
    qtbot.keyClick(tab, Qt.Key.Key_Right)

    qtbot.waitUntil(workspace.panel_of("commands").isVisible)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Commands, tab"
    assert session.selection.as_of == 10


def _has_answered(dialog: CorrectDialog) -> bool:
    return bool(dialog.message.text())
