"""Filter by this, leave this out, only this conversation: by mouse and by keys."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.find_view import FindView
from gui.views.inspector_view import InspectorView
from gui.widgets.tree.json_text_view import JsonTextView
from store.events import NewEvent
from store.sqlite.store import open_store as open_log
from tests.gui.driven_window import PATIENCE_MS, open_store, seek, settle
from tests.gui.menus import choose, row_menu


def counted(qtbot: QtBot, session: Session, count: int) -> bool:
    qtbot.waitUntil(lambda: session.events.count == count, timeout=PATIENCE_MS)
    return True


def test_a_cell_is_filtered_by_and_left_out(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 2)
    row_is_there(qtbot, session, 1)

    choose(row_menu(qtbot, workspace, 1, "type"), "Filter by type = Placed")
    assert counted(qtbot, session, 3)
    row_is_there(qtbot, session, 1)
    choose(row_menu(qtbot, workspace, 1, "stream"), "Leave out stream = order-1")
    assert counted(qtbot, session, 2)

    assert workspace.of(EventsView).where.text() == "type = Placed and stream = order-1".replace(
        "stream =", "stream !="
    )
    session.filter.clear()
    assert counted(qtbot, session, 300)


def test_every_value_of_the_event_under_the_cursor_can_be_filtered_by(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)
    row_is_there(qtbot, session, 7)

    choose(row_menu(qtbot, workspace, 7), 'note = "note 7"')

    assert counted(qtbot, session, 1)
    assert session.filter.where == 'note = "note 7"'


def test_a_fact_and_a_value_of_the_state_are_filtered_by(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("event")
    inspector.tabs.tab_chosen.emit("event")

    choose(inspector.facts.menu("stream"), "Filter by stream = order-1")
    assert counted(qtbot, session, 100)
    session.filter.clear()
    inspector.tabs.choose("state")
    inspector.tabs.tab_chosen.emit("state")
    session.selection.choose_stream("order-1")
    settle(qtbot, session)
    inspector.state.go_to(("count",))
    choose(inspector.state.menu(), "Filter by this value")
    assert counted(qtbot, session, 1)
    session.filter.clear()
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert counted(qtbot, session, 299)


def line_of(view: JsonTextView, text: str) -> None:
    """Put the cursor into the line that holds this text."""
    assert view.find_text(text)


def test_a_value_in_the_text_of_an_event_is_filtered_by_copied_and_found_in_the_state(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("event")
    settle(qtbot, session)
    line_of(inspector.data, "note 7")

    choose(inspector.data.menu(), "Copy the value")
    assert QApplication.clipboard().text() == "note 7"
    choose(inspector.data.menu(), "Copy as a filter")
    assert QApplication.clipboard().text() == 'note = "note 7"'
    choose(inspector.data.menu(), 'Filter by note = "note 7"')
    assert counted(qtbot, session, 1)
    session.filter.clear()
    choose(inspector.data.menu(), 'Leave out note = "note 7"')
    assert counted(qtbot, session, 299)
    session.filter.clear()
    line_of(inspector.metadata, "ada")
    choose(inspector.metadata.menu(), "Filter by metadata.user = ada")
    assert session.filter.where == "metadata.user = ada"
    session.filter.clear()
    choose(inspector.data.menu(), "Find when the state had this value…")

    assert workspace.of(FindView).isVisible()
    assert workspace.of(FindView).condition.text() == 'note = "note 7"'


def test_only_a_conversation_is_listed_with_the_event_that_began_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "talk.foldline"
    log = open_log(path, create=True)
    first = NewEvent.of("Asked", {})
    log.append("a-1", [first, NewEvent.of("Other", {})], expected=None)
    said = {"correlation_id": str(first.id)}
    log.append("b-1", [NewEvent.of("Answered", {}, said)], expected=None)
    log.close()
    session, _ = open_store(qtbot, window, path)
    seek(qtbot, session, 3)

    qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)

    assert counted(qtbot, session, 2)
    assert [session.events.position(row) for row in range(2)] == [1, 3]
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert counted(qtbot, session, 3)


def test_selected_rows_are_copied_and_saved_in_a_format(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 3)
    row_is_there(qtbot, session, 2)
    grid, told, out = workspace.of(EventsView).grid, list[str](), tmp_path / "rows.csv"
    session.row_copies.copied.connect(told.append)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)

    choose(row_menu(qtbot, workspace, 1, "type"), "JSON")
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    choose(row_menu(qtbot, workspace, 1, "type"), "CSV…")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(out))
    dialog.reject()
    qtbot.waitUntil(lambda: "Written to" in session.row_copies.words, timeout=PATIENCE_MS)

    assert [json.loads(line)["position"] for line in told[0].splitlines()] == [2, 3]
    assert len(out.read_text().splitlines()) == 3


def row_is_there(qtbot: QtBot, session: Session, row: int) -> None:
    qtbot.waitUntil(lambda: session.events.row(row) is not None, timeout=PATIENCE_MS)
