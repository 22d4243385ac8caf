"""Later commands of a branch, decided again after an edit, in the window."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import facts_of, reading_branch
from store.sqlite.store import SqliteStore
from tests.gui.driven_window import open_store, seek
from tests.gui.test_branch_story import branch_file, do
from tests.gui.test_lines import shown
from tests.replay.issued import issued


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


def test_a_branch_that_was_not_decided_yet_is_decided_when_it_is_opened(
    qtbot: QtBot, window: MainWindow, spent: Path
) -> None:
    path = create_branch(spent, "fix", fork=1, later="decide")
    BranchEditor(path).leave_out(2)
    session, _ = open_store(qtbot, window, path)
    decided(qtbot, session, 1)

    assert refused_in(path) == ["PerformWithdrawal"]
