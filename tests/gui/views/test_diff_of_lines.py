"""Diff and states side by side: A of one line, the cursor on another."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.inspector_view import InspectorView
from gui.views.states_view import StatesView
from gui.workspace import Workspace
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
from tests.gui.driven_window import open_store as show_store
from tests.gui.driven_window import seek
from tests.gui.test_lines import shown as line_shown


@pytest.fixture(name="bank")
def a_bank(tmp_path: Path) -> Path:
    """An account without a model: its state is the last value of each field."""
    store = open_store(tmp_path / "bank.foldline", create=True)
    for n in range(1, 7):
        event = NewEvent.of("Booked", {"amount": n, f"at{n}": n})
        store.append("plain-1", [event], expected=ANY_VERSION)
    store.close()
    return tmp_path / "bank.foldline"


@pytest.fixture(name="fix")
def a_branch(bank: Path) -> Path:
    path = create_branch(bank, "fix", fork=2)
    BranchEditor(path).replace(4, Content(data_json='{"amount": 400}'))
    return path


def choose_by_keys(qtbot: QtBot, box: QComboBox, line: str) -> None:
    at = box.findData(line)
    assert at >= 0
    box.setFocus()
    while box.currentIndex() != at:
        key = Qt.Key.Key_Down if box.currentIndex() < at else Qt.Key.Key_Up
        qtbot.keyClick(box, key)


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, bank: Path, fix: Path) -> tuple[Session, Workspace]:
    session, workspace = show_store(qtbot, window, bank)
    qtbot.waitUntil(lambda: bool(session.branches.rows))
    return session, workspace


def test_the_state_at_a_of_a_branch_is_set_against_the_cursor(
    qtbot: QtBot, shown: tuple[Session, Workspace]
) -> None:
    session, workspace = shown
    view = workspace.of(InspectorView)
    seek(qtbot, session, 4)
    view.tabs.choose("diff")
    choose_by_keys(qtbot, view.diff_line.box, "fix")

    qtbot.waitUntil(lambda: "A of branch fix 4 (v4)" in view.diff_words.full_text())
    comparison = session.inspector.comparison
    assert comparison is not None
    changed = {it.path: (it.before, it.after) for it in comparison.changes}
    assert changed == {("amount",): (400, 4), ("at4",): (None, 4)}


def test_a_is_at_its_event_in_the_other_line(
    qtbot: QtBot, shown: tuple[Session, Workspace], fix: Path
) -> None:
    session, workspace = shown
    BranchEditor(fix).leave_out(3)
    view = workspace.of(InspectorView)
    session.selection.set_anchor(5)
    seek(qtbot, session, 6)
    view.tabs.choose("diff")
    choose_by_keys(qtbot, view.diff_line.box, "fix")

    qtbot.waitUntil(lambda: "A of branch fix 4 (v4)" in view.diff_words.full_text())


def test_both_directions(qtbot: QtBot, window: MainWindow, bank: Path, fix: Path) -> None:
    session, workspace = show_store(qtbot, window, fix)
    qtbot.waitUntil(lambda: bool(session.branches.rows))
    view = workspace.of(InspectorView)
    seek(qtbot, session, 4)
    view.tabs.choose("diff")
    choose_by_keys(qtbot, view.diff_line.box, "main")

    qtbot.waitUntil(lambda: "A of main 4 (v4)" in view.diff_words.full_text())
    comparison = session.inspector.comparison
    assert comparison is not None
    assert (("amount",), 4, 400) in [(it.path, it.before, it.after) for it in comparison.changes]


def test_the_states_side_by_side_name_the_line_of_a(
    qtbot: QtBot, shown: tuple[Session, Workspace]
) -> None:
    session, workspace = shown
    seek(qtbot, session, 4)
    workspace.show_panel(StatesView)
    view = workspace.of(StatesView)
    choose_by_keys(qtbot, view.line.box, "fix")

    wanted = "A of branch fix: plain-1 v4"
    qtbot.waitUntil(lambda: [it.title for it in session.state_sides.sides[:1]] == [wanted])
    assert [it.state["amount"] for it in session.state_sides.sides] == [400, 4, 6]


def test_the_choice_stays_when_another_line_comes_into_view(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, Workspace], fix: Path
) -> None:
    session, _ = shown
    session.compared_line.choose("main")
    window.lines.show(fix)
    session = line_shown(qtbot, window, fix)

    assert session.compared_line.name == "main"
    assert session.compared_line.words == "main"


def test_a_log_without_branches_is_not_asked_for_a_line(
    qtbot: QtBot, window: MainWindow, bank: Path
) -> None:
    session, workspace = show_store(qtbot, window, bank)
    view = workspace.of(InspectorView)
    view.tabs.choose("diff")
    qtbot.waitUntil(lambda: session.tasks.is_idle)

    assert not view.diff_line.isVisible()


def test_a_branch_that_is_gone_is_told_in_its_place(
    qtbot: QtBot, shown: tuple[Session, Workspace]
) -> None:
    session, workspace = shown
    view = workspace.of(InspectorView)
    view.tabs.choose("diff")
    seek(qtbot, session, 4)
    session.compared_line.choose("gone")

    qtbot.waitUntil(lambda: bool(session.inspector.problem))
    assert view.diff_words.full_text() == session.inspector.problem
