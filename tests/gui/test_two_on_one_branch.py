"""Two programs on one branch: what the other one did is told in a sentence; nothing is lost."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import facts_of
from tests.gui.driven_window import open_store
from tests.gui.test_lines import edited, shown

MEANWHILE = "the branch was edited meanwhile, so positions may have changed"


@pytest.fixture(name="branch")
def a_branch(store: Path) -> Path:
    return create_branch(store, "fix", fork=100)


def test_an_edit_of_the_other_program_that_nobody_saw_is_not_undone(
    qtbot: QtBot, window: MainWindow, branch: Path
) -> None:
    session, workspace = open_store(qtbot, window, branch)
    shown(qtbot, window, branch)
    session.branch_edits.leave_out(250)
    edited(qtbot, session, 299)
    BranchEditor(branch, by="bob").leave_out(150)  # a moment before it is shown here

    workspace.undo_here()
    qtbot.waitUntil(lambda: MEANWHILE[1:] in window.banner.accessibleDescription())
    assert [it.is_undone for it in facts_of(branch)[1]] == [False, False]

    edited(qtbot, session, 298)  # now it is seen
    workspace.undo_here()
    edited(qtbot, session, 299)
    assert [it.is_undone for it in facts_of(branch)[1]] == [False, True]


def test_undo_that_is_pressed_twice_takes_back_two_edits(
    qtbot: QtBot, window: MainWindow, branch: Path
) -> None:
    session, workspace = open_store(qtbot, window, branch)
    shown(qtbot, window, branch)
    for head in (299, 298):
        session.branch_edits.leave_out(250)
        edited(qtbot, session, head)

    workspace.undo_here()
    workspace.undo_here()

    edited(qtbot, session, 300)
    assert [it.is_undone for it in facts_of(branch)[1]] == [True, True]


def wait_for(qtbot: QtBot, refused: list[Exception], count: int) -> None:
    qtbot.waitUntil(lambda: len(refused) == count)


def test_edits_of_both_are_there_in_the_end(qtbot: QtBot, window: MainWindow, branch: Path) -> None:
    session, _ = open_store(qtbot, window, branch)
    shown(qtbot, window, branch)
    refused = list[Exception]()
    session.branch_edits.refused.connect(refused.append)
    for number in range(4):
        head = session.selection.head
        BranchEditor(branch, by="bob").leave_out(150 + number)
        session.branch_edits.leave_out(250)  # of the history before that
        wait_for(qtbot, refused, number + 1)
        edited(qtbot, session, head - 1)
        session.branch_edits.leave_out(250)
        edited(qtbot, session, head - 2)

    assert {str(it) for it in refused} == {MEANWHILE}
    assert len(facts_of(branch)[1]) == 8
