"""A branch is shown in the window in the log's place, and back; edits of it are followed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.start_work import is_store
from gui.views.events_view import EventsView
from store.branches.create import create_branch, drop_branch
from store.branches.editing import BranchEditor
from tests.gui.driven_window import is_counted, open_store, seek, settle

FORK = 100


@pytest.fixture(name="branch")
def a_branch(store: Path) -> Path:
    """Leaves the log behind its hundredth event, without event 150."""
    path = create_branch(store, "fix", fork=FORK, note="a try")
    BranchEditor(path, by="ada").leave_out(150)
    return path


def shown(qtbot: QtBot, window: MainWindow, line: Path) -> Session:
    """Once the line is in view, with all that is known of it."""
    qtbot.waitUntil(lambda: is_counted(window, line))
    session = window.open_session()
    qtbot.waitUntil(lambda: not session.line.is_branch or session.line.branch is not None)
    settle(qtbot, session)
    return session


def edited(qtbot: QtBot, session: Session, head: int) -> None:
    """Once the window shows the history that has this head."""
    qtbot.waitUntil(lambda: session.selection.head == head)
    settle(qtbot, session)


def event_id(session: Session) -> str:
    inspection = session.inspector.inspection
    assert inspection is not None
    assert inspection.event is not None
    return inspection.event.id


def test_a_branch_is_opened_as_a_store(branch: Path) -> None:
    assert is_store(branch)


def test_the_cursor_stays_on_its_event_in_another_line(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    seek(qtbot, session, 200)
    session.selection.set_anchor(50)
    here = event_id(session)
    window.lines.show(branch)
    session = shown(qtbot, window, branch)
    assert (session.selection.as_of, session.selection.anchor) == (199, 50)
    assert (session.selection.head, event_id(session)) == (299, here)
    window.actions_.do("main")
    session = shown(qtbot, window, store)
    assert (session.selection.as_of, event_id(session)) == (200, here)


def test_the_line_in_view_is_named(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path
) -> None:
    open_store(qtbot, window, store)
    assert window.top.line.text() == "main"
    window.lines.show(branch)
    shown(qtbot, window, branch)
    assert window.top.line.text() == "fix"
    assert window.top.line.accessibleName() == "Branch: fix"
    assert window.windowTitle() == "Branch fix of orders.foldline – Foldline"
    assert window.top.name.text() == "orders.foldline"
    assert window.settings.recent() == [store]


def test_the_menu_lists_the_lines_with_what_they_hold(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: len(session.branches.rows) == 1)
    window.top.line.open_menu()
    texts = [it.text().replace("&", "") for it in window.top.line.lines.actions()]
    assert texts[0].startswith("main")
    assert "fix" in texts[1]
    assert "from 100 · 1 edit · 0 own events · new" in texts[1]
    assert "a try" in texts[1]
    qtbot.keyClick(window.top.line.lines, Qt.Key.Key_Down)
    qtbot.keyClick(window.top.line.lines, Qt.Key.Key_Return)
    shown(qtbot, window, branch)


def test_an_edit_by_another_program_is_followed(
    qtbot: QtBot, window: MainWindow, branch: Path
) -> None:
    session, workspace = open_store(qtbot, window, branch)
    seek(qtbot, session, 200)
    here = event_id(session)
    grid = workspace.of(EventsView).grid
    for count in range(7):  # more often than a projector that dies is started again
        BranchEditor(branch).leave_out(160)
        edited(qtbot, session, 298 - count)
        assert event_id(session) == here
    assert session.selection.as_of == 193
    assert session.events.count == 292
    assert grid.model().rowCount() == 292
    qtbot.waitUntil(lambda: is_counted(window, branch))
    BranchEditor(branch).undo()
    edited(qtbot, session, 293)
    assert (session.selection.as_of, event_id(session)) == (194, here)


def test_a_filter_is_asked_again_of_an_edited_history(
    qtbot: QtBot, window: MainWindow, branch: Path
) -> None:
    session, _ = open_store(qtbot, window, branch)
    session.filter.set_typed("data.count >= 290")
    qtbot.waitUntil(lambda: session.events.is_filtered and not session.events.is_filtering)
    assert session.events.count == 10
    BranchEditor(branch).leave_out(299)
    edited(qtbot, session, 298)
    qtbot.waitUntil(lambda: session.events.count == 9)


def test_new_and_deleted_branches_are_noticed(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    create_branch(store, "another", fork=20)
    qtbot.waitUntil(lambda: [it.name for it in session.branches.rows] == ["another", "fix"])
    drop_branch(store, "fix")
    qtbot.waitUntil(lambda: [it.name for it in session.branches.rows] == ["another"])
