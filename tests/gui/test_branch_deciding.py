"""Later commands of a branch, decided again after an edit, in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.rerun_view import RerunView
from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import facts_of, reading_branch
from store.sqlite.store import SqliteStore
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.test_branch_story import branch_file, do
from tests.gui.test_lines import shown
from tests.replay.commands.test_rerun import forget_answers
from tests.replay.issued import issued
from tests.replay.models.test_ships import Fleet


@pytest.fixture(name="spent")
def a_bank_where_all_was_spent(bank: SqliteStore) -> Path:
    """Ada paid 100 in; then she took 600 out, which is the most that the overdraft allows."""
    spending = issued("PerformWithdrawal", {"accountNumber": "7", "amount": 600})
    CommandHandler(bank, bundled_models()).issue(spending)
    return bank.place.path


def decided(qtbot: QtBot, session: Session, revision: int) -> None:
    """Once the commands were decided again for what is then a newer history."""
    qtbot.waitUntil(
        lambda: (
            session.line.branch is not None
            and not session.line.branch.is_undecided
            and not session.deciding.is_running
            and session.line.branch.facts.revision > revision
        )
    )


def refused_in(path: Path) -> list[str]:
    with reading_branch(path) as branch:
        found = branch.decided
        return [] if found is None else [it.type for it in found.commands if it.came == "refused"]


def test_a_branch_is_made_so_and_an_edit_decides_what_follows(
    qtbot: QtBot, window: MainWindow, spent: Path
) -> None:
    session, workspace = open_store(qtbot, window, spent)
    seek(qtbot, session, 2)
    do(window, "Leave it out")
    dialog = workspace.doors.branching.dialog
    assert dialog is not None
    dialog.again.click()
    dialog.create_button.click()
    path = branch_file(spent, "what-if")
    session = shown(qtbot, window, path)
    decided(qtbot, session, 1)

    assert refused_in(path) == ["PerformWithdrawal"]
    qtbot.waitUntil(lambda: session.selection.head == 1)

    window.actions_.do("undo edit")
    qtbot.waitUntil(lambda: session.selection.head == 3)
    assert refused_in(path) == []


def test_the_choice_is_an_action_that_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, spent: Path
) -> None:
    path = create_branch(spent, "fix", fork=1)
    session, _ = open_store(qtbot, window, path)
    shown(qtbot, window, path)
    session.branch_edits.leave_out(2)
    qtbot.waitUntil(lambda: session.selection.head == 2)

    window.actions_.do("decide later")
    decided(qtbot, session, 1)
    qtbot.waitUntil(lambda: session.selection.head == 1)
    assert refused_in(path) == ["PerformWithdrawal"]

    window.actions_.do("decide later")
    qtbot.waitUntil(lambda: not session.line.decides_again)
    qtbot.waitUntil(lambda: session.selection.head == 2)
    assert facts_of(path)[0].later == "keep"
    assert window.actions_.why_not("decide now") == "later events are kept as recorded"


def test_undo_takes_the_choice_back_and_redo_makes_it_again(
    qtbot: QtBot, window: MainWindow, spent: Path
) -> None:
    path = create_branch(spent, "fix", fork=1)
    session, workspace = open_store(qtbot, window, path)
    shown(qtbot, window, path)
    told = list[str]()
    session.deciding.told.connect(told.append)
    session.branch_edits.leave_out(2)
    qtbot.waitUntil(lambda: session.selection.head == 2)
    window.actions_.do("decide later")
    decided(qtbot, session, 1)
    qtbot.waitUntil(lambda: session.selection.head == 1)

    workspace.undo_here()  # Ctrl+Z
    qtbot.waitUntil(lambda: not session.line.decides_again)
    qtbot.waitUntil(lambda: session.selection.head == 2)
    assert told[-1] == "From now on, events after an edit stay as recorded."
    assert facts_of(path)[0].later == "keep"
    assert [it.is_undone for it in facts_of(path)[1]] == [False]

    window.actions_.do("redo edit")
    qtbot.waitUntil(lambda: session.line.decides_again)
    qtbot.waitUntil(lambda: session.selection.head == 1)
    assert facts_of(path)[0].later == "decide"
    settle(qtbot, session)


def test_a_branch_that_was_not_decided_yet_is_decided_when_it_is_opened(
    qtbot: QtBot, window: MainWindow, spent: Path
) -> None:
    path = create_branch(spent, "fix", fork=1, later="decide")
    BranchEditor(path).leave_out(2)
    session, _ = open_store(qtbot, window, path)
    decided(qtbot, session, 1)

    assert refused_in(path) == ["PerformWithdrawal"]


def test_commands_are_run_again_into_a_branch_from_a_on(
    qtbot: QtBot, window: MainWindow, spent: Path
) -> None:
    session, workspace = open_store(qtbot, window, spent)
    workspace.show_panel(RerunView)
    qtbot.mouseClick(workspace.of(RerunView).run_branch, Qt.MouseButton.LeftButton)
    dialog = workspace.doors.branching.dialog
    assert dialog is not None
    assert not dialog.again.isVisible()
    qtbot.waitUntil(dialog.name.hasFocus)
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    path = branch_file(spent, "what-if")
    session = shown(qtbot, window, path)
    decided(qtbot, session, 0)

    with reading_branch(path) as branch:
        assert branch.decided is not None
        assert (branch.decided.looked_at, branch.decided.commands) == (3, ())
    assert (session.line.fork, session.selection.head) == (0, 3)
    assert session.line.decides_again


def test_a_missing_answer_stops_it_and_names_the_question(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("refact", "san-francisco")
    fleet.do("LoadCargo", ship="king-roy", cargo="refact", occurred="2005-11-01")
    fleet.do("ReportArrival", ship="king-roy", port="los-angeles", occurred="2005-11-03")
    path = fleet.store.place.path
    branch = create_branch(path, "b", fork=4, later="decide")
    fleet.store.close()
    forget_answers(path)
    session, _ = open_store(qtbot, window, branch)
    shown(qtbot, window, branch)
    warned, withdrawn = list[tuple[str, str]](), list[str]()
    session.deciding.warned.connect(lambda what, hint: warned.append((what, hint)))
    session.deciding.withdrawn.connect(withdrawn.append)
    head = session.selection.head

    session.branch_edits.replace(5, Content(metadata_json='{"note":"of a ship"}'))
    qtbot.waitUntil(lambda: bool(warned))
    assert "'pricing' to" in warned[0][0]
    assert "refact" in warned[0][0]
    assert warned[0][1].endswith("The edit is kept. Later events are as recorded.")
    assert session.selection.head == head

    window.actions_.do("undo edit")
    window.actions_.do("decide later")
    qtbot.waitUntil(lambda: withdrawn == [warned[0][0]])
