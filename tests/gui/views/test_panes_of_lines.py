"""Panes that show another line of the log than the one in view."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels.pane_side import Side, Which, kept_sides, sides_of
from gui.views.panes_view import PanesView
from store.branches.create import create_branch, drop_branch
from store.branches.editing import BranchEditor
from tests.gui.driven_window import open_store as show_store
from tests.gui.driven_window import seek
from tests.gui.test_lines import shown as line_shown
from tests.gui.views.test_panes import choose, expired, keys, wait
from tests.replay.conference_office import Office


@pytest.fixture(name="fix")
def a_branch(office: Office) -> Path:
    """The log without the event at which an order expired."""
    path = create_branch(office.path, "fix", fork=1)
    BranchEditor(path).leave_out(expired(office))
    return path


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office, fix: Path) -> tuple[Session, PanesView]:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(qtbot, lambda: bool(session.panes.views) and session.panes.found is not None)
    view = workspace.of(PanesView)
    wait(qtbot, lambda: view.heads["right"].source.findData("@fix") >= 0)
    for which in ("left", "right"):
        choose(view, which, "priced_orders", "now")
    return session, view


def to_line(qtbot: QtBot, view: PanesView, which: Which, line: str) -> None:
    """By the keyboard, as a person does who sees the names."""
    box = view.heads[which].source
    box.setFocus()
    at = box.findData(f"@{line}" if line else "")
    assert at >= 0
    while box.currentIndex() != at:
        key = Qt.Key.Key_Down if box.currentIndex() < at else Qt.Key.Key_Up
        qtbot.keyClick(box, key)


def test_main_and_a_branch_stand_side_by_side(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    to_line(qtbot, view, "right", "fix")

    wait(qtbot, lambda: session.panes.pane("right").as_of == office.store.head() - 1)
    wait(qtbot, lambda: "1 only right" in view.words.text())
    assert view.heads["left"].branch == ""
    assert view.heads["right"].branch == "fix"
    assert view.heads["right"].message.full_text().startswith("branch fix as of ")
    assert view.heads["right"].source.currentText() == "branch fix"
    assert view.heads["left"].source.currentText() == "in view: main"
    assert (keys(view, "left"), keys(view, "right")) == (["no row"], ["A7"])


def test_the_first_divergence_is_the_event_that_the_branch_leaves_out(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    to_line(qtbot, view, "right", "fix")
    wait(qtbot, lambda: "1 only right" in view.words.text())

    qtbot.mouseClick(view.part, Qt.MouseButton.LeftButton)
    wait(qtbot, view.go.isVisible)

    assert "OrderExpired in order-A7, in the row A7" in view.parting.text()
    qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)
    assert session.selection.as_of == expired(office)


def test_a_pane_is_at_the_event_of_the_cursor_in_its_own_line(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    """Behind an event that is left out, positions differ by one."""
    session, view = shown
    to_line(qtbot, view, "right", "fix")
    choose(view, "right", "priced_orders", "cursor")
    later = expired(office) + 2

    seek(qtbot, session, later)

    wait(qtbot, lambda: session.panes.pane("right").as_of == later - 1)


def test_edits_of_the_other_line_are_followed(
    qtbot: QtBot, shown: tuple[Session, PanesView], fix: Path
) -> None:
    session, view = shown
    to_line(qtbot, view, "right", "fix")
    wait(qtbot, lambda: "1 only right" in view.words.text())

    BranchEditor(fix).undo()

    wait(qtbot, lambda: "0 only right" in view.words.text())
    assert session.panes.pane("right").trouble == ""


def test_a_branch_that_is_deleted_is_told_in_its_pane(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    to_line(qtbot, view, "right", "fix")
    wait(qtbot, lambda: "1 only right" in view.words.text())

    drop_branch(office.path, "fix")
    wait(qtbot, lambda: not session.branches.rows)
    session.panes.refresh()

    wait(qtbot, lambda: bool(session.panes.pane("right").trouble))
    assert session.panes.pane("left").as_of is not None


def test_panes_stay_on_their_lines_when_another_comes_into_view(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, PanesView], fix: Path, office: Office
) -> None:
    _session, view = shown
    to_line(qtbot, view, "left", "main")
    window.lines.show(fix)
    session = line_shown(qtbot, window, fix)
    view = window.open_workspace().of(PanesView)

    assert session.panes.sides["left"].line == "main"
    assert session.panes.sides["right"].line == ""
    assert view.heads["right"].branch == "fix"
    assert view.heads["left"].branch == ""
    window.open_workspace().docking.show("views")
    wait(qtbot, lambda: session.panes.pane("left").as_of == office.store.head())
    wait(qtbot, lambda: session.panes.pane("right").as_of == office.store.head() - 1)


def test_what_panes_are_set_to_is_kept() -> None:
    sides: dict[Which, Side] = {
        "left": Side(view="streams", moment="exact", at=7),
        "right": Side(view="streams", moment="now", line="fix"),
    }
    kept = kept_sides(sides, "main")

    assert sides_of(kept) == {
        "left": Side(view="streams", moment="exact", at=7, line="main"),
        "right": sides["right"],
    }
    assert sides_of([{"view": 3}, None]) == sides_of("x") == {}
    assert sides_of([*kept, {"view": "a", "moment": "now", "line": "../x"}])["third"].line == ""
