"""What follows from the edits of a branch, in the window: a list that grows, each line a link."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.viewmodels.things import EventThing
from gui.views.consequences_view import ConsequencesView
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.sqlite.store import SqliteStore
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store as show_store


@pytest.fixture
def branch(bank: SqliteStore) -> Path:
    """Ada paid in something else."""
    path = create_branch(bank.place.path, "other", fork=0)
    event = bank.reader().event(2)
    assert event is not None
    data = event.data_json.replace("100", "70")
    BranchEditor(path).replace(2, Content(data_json=data))
    return path


def shown(view: ConsequencesView) -> list[str]:
    return [view.list.text(row, 1) for row in range(view.list.count())]


def test_they_are_listed_and_lead_to_the_state_and_an_edit_lists_them_again(
    qtbot: QtBot, window: MainWindow, branch: Path
) -> None:
    session, workspace = show_store(qtbot, window, branch)
    window.actions_["consequences"].trigger()
    view = workspace.of(ConsequencesView)
    wait(qtbot, lambda: "consequence" in view.said.text() and not view.cancel.isEnabled())
    (line,) = [it for it in shown(view) if it.startswith("account-") and "balance" in it]
    row = shown(view).index(line)
    assert view.list.text(row, 0) == "state"
    assert session.consequences.things(row, 1)[0] == EventThing(position=2)

    view.list.row_activated.emit(shown(view).index(line))
    assert (session.selection.as_of, session.selection.anchor) == (2, 1)
    assert session.selection.stream.startswith("account-")

    BranchEditor(branch).undo()
    wait(qtbot, lambda: view.said.text().startswith("nothing follows"))
    assert view.list.count() == 0


def test_of_the_log_it_says_that_nothing_follows_from_edits(
    qtbot: QtBot, window: MainWindow, bank: SqliteStore
) -> None:
    _, workspace = show_store(qtbot, window, bank.place.path)
    workspace.show_panel(ConsequencesView)
    view = workspace.of(ConsequencesView)

    assert not view.run.isEnabled()
    assert view.said.text().startswith("This line is the log")


def test_it_can_be_stopped(qtbot: QtBot, window: MainWindow, branch: Path) -> None:
    session, workspace = show_store(qtbot, window, branch)
    workspace.show_panel(ConsequencesView)
    view = workspace.of(ConsequencesView)

    session.consequences.start()
    session.consequences.cancel()

    wait(qtbot, lambda: view.said.text().startswith("stopped") and view.run.isEnabled())


def test_a_branch_is_compared_with_another_one(
    qtbot: QtBot, window: MainWindow, bank: SqliteStore, branch: Path
) -> None:
    same = create_branch(branch, "same", fork=0)
    _, workspace = show_store(qtbot, window, branch)
    workspace.show_panel(ConsequencesView)
    view = workspace.of(ConsequencesView)
    wait(qtbot, lambda: view.line.isVisible())
    offered = [view.line.box.itemText(it) for it in range(view.line.box.count())]
    assert offered == ["main", "branch same"]
    view.run.click()
    wait(qtbot, lambda: "consequence" in view.said.text() and not view.cancel.isEnabled())
    assert view.list.count()

    view.line.chosen.emit("same")  # the list is made again
    wait(qtbot, lambda: view.said.text().startswith("nothing follows"))
    assert view.list.count() == 0
    assert view.line.box.currentText() == "branch same"

    event = bank.reader().event(2)
    assert event is not None
    BranchEditor(same).replace(2, Content(data_json=event.data_json))
    view.run.click()
    wait(qtbot, lambda: "consequence" in view.said.text() and not view.cancel.isEnabled())


def test_without_another_branch_there_is_nothing_to_choose(
    qtbot: QtBot, window: MainWindow, branch: Path
) -> None:
    _, workspace = show_store(qtbot, window, branch)
    workspace.show_panel(ConsequencesView)
    assert not workspace.of(ConsequencesView).line.isVisible()
