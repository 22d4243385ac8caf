"""Columns are chosen, added, moved and sized, with the mouse and with keys alone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from gui.dialogs.columns_dialog import ColumnsDialog
from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.widgets.grid.grid_view import GridView
from gui.workspace import Workspace
from tests.gui.driven_window import PATIENCE_MS, open_store, seek
from tests.gui.views.test_event_columns import titles

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, Workspace]:
    return open_store(qtbot, window, store)


def dialog(qtbot: QtBot, window: MainWindow) -> ColumnsDialog:
    """Opened with its key, as soon as it knows the fields."""
    window.actions_["columns"].trigger()
    (found,) = [it for it in window.findChildren(ColumnsDialog) if it.isVisible()]
    qtbot.waitUntil(lambda: found.found.shown_count() > 0, timeout=PATIENCE_MS)
    return found


def listed(found: QListWidget) -> list[str]:
    return [found.item(at).text() for at in range(found.count())]


def go_to(found: QListWidget, title: str) -> None:
    found.setCurrentRow(listed(found).index(title))


def test_a_field_is_found_and_added_and_moved_and_sized_by_keys_alone(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    grid = workspace.of(EventsView).grid
    shown = dialog(qtbot, window)

    qtbot.keyClicks(shown.search, "count")
    qtbot.waitUntil(lambda: shown.found.shown_count() == 1, timeout=PATIENCE_MS)
    qtbot.keyClick(shown.found, Qt.Key.Key_Home)
    qtbot.keyClick(shown.found, Qt.Key.Key_Return)
    assert listed(shown.list)[-1] == "count"
    for _ in range(3):
        qtbot.keyClick(shown.list, Qt.Key.Key_Up, ALT)
    before = width(grid, "count")
    qtbot.keyClick(shown.list, Qt.Key.Key_Right, ALT)

    assert titles(grid)[-4:] == ["count", "summary", "actor", "occurred"]
    assert width(grid, "count") == before + 10
    assert grid.columns()[-1].is_right
    go_to(shown.list, "actor")
    qtbot.keyClick(shown.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "actor" not in titles(grid), timeout=PATIENCE_MS)
    go_to(shown.list, "count")
    qtbot.keyClick(shown.list, Qt.Key.Key_Delete)
    assert "count" not in titles(grid)
    assert not session.columns.has("data.count")
    shown.accept()


def test_the_columns_of_every_log_cannot_be_removed_and_the_first_stays(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    grid = opened[1].of(EventsView).grid
    before = titles(grid)
    shown = dialog(qtbot, window)

    qtbot.keyClick(shown.list, Qt.Key.Key_Delete)
    shown.list.item(0).setCheckState(Qt.CheckState.Unchecked)

    assert titles(grid) == before
    qtbot.waitUntil(
        lambda: shown.list.item(0).checkState() == Qt.CheckState.Checked, timeout=PATIENCE_MS
    )
    shown.accept()


def test_a_field_of_an_event_is_shown_as_a_column_from_the_menu_of_its_line(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    inspector, grid = workspace.of(InspectorView), workspace.of(EventsView).grid
    inspector.tabs.choose("event")
    seek(qtbot, session, 42)
    qtbot.waitUntil(lambda: '"count": 41' in inspector.data.toPlainText(), timeout=PATIENCE_MS)
    inspector.data.moveCursor(QTextCursor.MoveOperation.Down)

    menu = inspector.data.menu()
    next(it for it in menu.actions() if it.text() == "Show count as a column").trigger()
    menu.deleteLater()

    assert titles(grid)[-1] == "count"
    model = grid.model()
    last = model.columnCount() - 1
    qtbot.waitUntil(lambda: model.index(41, last).data() == "41", timeout=PATIENCE_MS)


def width(grid: GridView, title: str) -> int:
    at = next(at for at, it in enumerate(grid.columns()) if it.title == title)
    return grid.columnWidth(at)
