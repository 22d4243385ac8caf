"""The story of a branch in the window: made at an event, edited, undone, left, renamed, deleted."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.offers.branch_entries import branch_entries
from gui.session import Session
from gui.viewmodels.things import Entry
from gui.views.branches_view import BranchesView
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import facts_of
from store.place import Place
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import choose, menu_at, texts
from tests.gui.test_lines import edited, event_id, shown


def branch_file(store: Path, name: str) -> Path:
    return Place(store).branch(name)


def entry(window: MainWindow, text: str) -> Entry:
    """The line of the menu of the event under the cursor."""
    workspace = window.open_workspace()
    inspection = workspace.session.inspector.inspection
    assert inspection is not None
    assert inspection.event is not None
    found = branch_entries(workspace.doors, inspection.event)
    return next(it for top in found for it in (top, *top.inside) if text in it.text)


def do(window: MainWindow, text: str) -> None:
    act = entry(window, text).act
    assert act is not None
    act()


def edits_of(session: Session) -> list[str]:
    found = session.line.branch
    assert found is not None
    return [it.kind for it in found.edits if not it.is_undone]


def test_with_the_keys_alone(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, _ = open_store(qtbot, window, store)
    seek(qtbot, session, 200)
    before = store.read_bytes()
    window.actions_.do("branch here")
    dialog = window.open_workspace().doors.branching.dialog
    assert dialog is not None
    assert dialog.name.text() == "what-if"
    qtbot.keyClicks(dialog.name, "port")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    session = shown(qtbot, window, branch_file(store, "port"))
    assert (session.line.fork, session.selection.as_of) == (200, 200)
    seek(qtbot, session, 250)
    do(window, "Leave it out")
    edited(qtbot, session, 299)
    assert edits_of(session) == ["leave out"]
    assert session.selection.as_of == 249
    window.actions_.do("undo")
    edited(qtbot, session, 300)
    assert edits_of(session) == []
    window.actions_.do("redo edit")
    edited(qtbot, session, 299)
    assert edits_of(session) == ["leave out"]
    window.actions_.do("main")
    shown(qtbot, window, store)
    assert store.read_bytes() == before


def test_on_main_an_edit_makes_a_branch_first(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 120)
    assert "new branch" in entry(window, "Edit in").text
    do(window, "Leave it out")
    dialog = workspace.doors.branching.dialog
    assert dialog is not None
    dialog.create_button.click()
    session = shown(qtbot, window, branch_file(store, "what-if"))
    assert session.selection.head == 299
    assert edits_of(session) == ["leave out"]
    assert session.line.fork == 119


def test_an_event_is_replaced_by_what_a_person_writes(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, create_branch(store, "fix", fork=100))
    shown(qtbot, window, session.path)
    seek(qtbot, session, 200)
    do(window, "Replace")
    dialog = workspace.doors.branching.text_dialog
    assert dialog is not None
    dialog.keep.click()
    assert dialog.wrong.text() == "Nothing was changed."
    dialog.data.setPlainText('{"count": 1')
    dialog.keep.click()
    assert "not valid JSON" in dialog.wrong.text()
    dialog.data.setPlainText('{"count": -1}')
    dialog.keep.click()
    qtbot.waitUntil(lambda: session.line.branch is not None and bool(edits_of(session)))
    settle(qtbot, session)
    inspection = session.inspector.inspection
    assert inspection is not None
    assert inspection.state is not None
    assert inspection.state.state["count"] == -1
    assert workspace.doors.branching.text_dialog is None


def test_an_edit_of_a_history_that_is_no_longer_so_is_refused(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    path = create_branch(store, "fix", fork=100)
    session, _ = open_store(qtbot, window, path)
    shown(qtbot, window, path)
    refused = list[Exception]()
    session.branch_edits.refused.connect(refused.append)
    BranchEditor(path).leave_out(150)  # elsewhere, a moment before it is shown here
    session.branch_edits.leave_out(250)
    qtbot.waitUntil(lambda: bool(refused))
    assert "edited meanwhile" in str(refused[0])
    assert len(facts_of(path)[1]) == 1
    edited(qtbot, session, 299)


def test_edits_are_listed_and_lead_to_their_place(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    path = create_branch(store, "fix", fork=100)
    editor = BranchEditor(path, by="ada")
    editor.leave_out(150)
    editor.move(180, before=120)
    session, workspace = open_store(qtbot, window, path)
    shown(qtbot, window, path)
    view = workspace.of(BranchesView)
    window.actions_.do("branches")
    assert [view.edits.text(row, 2) for row in range(2)] == ["ada", "ada"]
    assert "left out" in view.edits.text(0, 0)
    view.edits.row_chosen.emit(1)
    settle(qtbot, session)
    assert session.selection.as_of == 120
    assert view.edits.text(1, 1) == "120"


def test_the_menu_of_a_line_offers_what_the_buttons_do(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    branch = create_branch(store, "fix", fork=100)
    session, workspace = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: len(session.branches.rows) == 1)
    workspace.show_panel(BranchesView)
    view = workspace.of(BranchesView)
    grid = view.lines.grid
    qtbot.waitUntil(lambda: view.lines.count() == 2)

    menu = menu_at(qtbot, workspace, grid, grid.visualRect(grid.model().index(1, 0)).center())
    assert texts(menu) == [
        "Show",
        "Branch here…",
        "Name and note…",
        "Bring up to date",
        "Delete…",
        "Copy name",
        "Copy link",
    ]
    choose(menu, "Copy link")
    assert QGuiApplication.clipboard().text().endswith("orders.foldline&branch=fix")
    menu = menu_at(qtbot, workspace, grid, grid.visualRect(grid.model().index(0, 0)).center())
    assert texts(menu) == ["Show", "Branch here…", "Copy name", "Copy link"]
    menu.close()
    menu = menu_at(qtbot, workspace, grid, grid.visualRect(grid.model().index(1, 0)).center())
    choose(menu, "Delete…")
    box = window.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "Delete the branch fix?"
    box.reject()
    menu = menu_at(qtbot, workspace, grid, grid.visualRect(grid.model().index(1, 0)).center())
    choose(menu, "Show")
    shown(qtbot, window, branch)


def test_a_branch_is_renamed_noted_and_deleted_while_it_is_in_view(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    path = create_branch(store, "fix", fork=100)
    session, _ = open_store(qtbot, window, path)
    shown(qtbot, window, path)
    seek(qtbot, session, 50)
    here = event_id(session)
    qtbot.waitUntil(lambda: session.branches.of("fix") is not None)
    dialog = window.branches.name()
    assert dialog is not None
    dialog.kept.emit("port", "the other port")
    session = shown(qtbot, window, branch_file(store, "port"))
    assert event_id(session) == here
    assert not path.exists()
    qtbot.waitUntil(lambda: session.branches.of("port") is not None)
    row = session.branches.of("port")
    assert row is not None
    box = window.branches.drop(row)
    assert isinstance(box, QMessageBox)
    next(it for it in box.buttons() if it.text() == "Delete").click()
    session = shown(qtbot, window, store)
    qtbot.waitUntil(lambda: not session.branches.rows)
    assert not branch_file(store, "port").exists()
