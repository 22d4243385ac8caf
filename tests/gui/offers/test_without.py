"""Without this event: what would differ, told beside the window; each line is a link."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.without_dialog import WithoutDialog
from gui.main_window import MainWindow
from gui.views.events_view import EventsView
from gui.views.panes_view import PanesView
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import choose, menu_at, row_menu, texts


def test_the_states_and_rows_that_differ_are_listed_and_gone_to(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    before = store.read_bytes()
    seek(qtbot, session, 100)

    choose(row_menu(qtbot, workspace, 99, "type"), "Without this event…")
    dialog = window.findChild(WithoutDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: "would differ" in dialog.words.text())

    assert dialog.streams.count() == 0, "a later event sets the same fields"
    views = {dialog.rows.text(it, 0) for it in range(dialog.rows.count())}
    assert {"streams", "event_types"} <= views
    assert "Nothing was written" in dialog.words.text()
    dialog.rows.row_activated.emit(0)
    qtbot.waitUntil(workspace.of(PanesView).isVisible)
    dialog.rows.grid.go_to_row(0)
    menu = menu_at(qtbot, workspace, dialog.rows.grid)
    assert "Show side by side" in texts(menu)
    menu.close()
    dialog.close()
    settle(qtbot, session)
    assert store.read_bytes() == before


def test_by_keys_the_last_event_of_a_stream_is_looked_at(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 300)
    workspace.of(EventsView).grid.setFocus()

    qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.findChild(WithoutDialog) is not None)
    dialog = window.findChild(WithoutDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.streams.count() == 1)

    told = [dialog.streams.text(0, it) for it in range(4)]
    assert told == ["order-2", "count", "299", "296"]
    seek(qtbot, session, 5)
    qtbot.keyClick(dialog.streams.grid, Qt.Key.Key_Home)
    qtbot.keyClick(dialog.streams.grid, Qt.Key.Key_Return)
    assert (session.selection.as_of, session.selection.stream) == (300, "order-2")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settle(qtbot, session)
