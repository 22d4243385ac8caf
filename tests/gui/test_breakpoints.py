"""Running and playing to breakpoints, with the mouse and with keys alone."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.breakpoints_view import BreakpointsView
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.workspace import Workspace
from replay.questions.breakpoint import CategoryBreakpoint, EventBreakpoint, StreamBreakpoint
from store.events import NewEvent
from store.sqlite.connect import create_log
from store.sqlite.store import open_store as open_writer
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import row_menu
from tests.sealed import sealed

ACCOUNTS = 3
FAULT = 41  # the withdrawal that is more than there was


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Accounts that never fall below zero, but for one withdrawal that was let through."""
    path = tmp_path / "shelf" / "accounts.foldline"
    path.parent.mkdir()
    create_log(path)
    with closing(open_writer(path)) as store:
        for at in range(1, 61):
            kind, balance = ("Withdrawn", 100 - at) if at % 4 else ("Paid in", 200 - at)
            data = {"balance": -5 if at == FAULT else balance, "owner": {"name": "ada"}}
            event = NewEvent.of(kind, data, occurred_at_us=1_000_000 * (1_000 - at))
            store.append(f"account-{at % ACCOUNTS}", [event], expected=None)
    return path


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, path: Path) -> tuple[Session, Workspace]:
    window.resize(1400, 900)
    session, workspace = open_store(qtbot, window, path)
    seek(qtbot, session, 1)
    return session, workspace


def stopped(qtbot: QtBot, session: Session, words: str) -> None:
    """Until it is said, and the cursor is there with all that is shown of it."""
    qtbot.waitUntil(lambda: not session.running.is_running and words in session.running.words)
    settle(qtbot, session)


def test_a_planted_fault_in_a_file_that_may_only_be_read_is_run_to_and_the_file_stays_as_it_is(
    qtbot: QtBot, window: MainWindow, path: Path
) -> None:
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with sealed(path.parent):
        session, _ = open_store(qtbot, window, path)
        seek(qtbot, session, 1)
        session.breakpoints.add(CategoryBreakpoint(where="balance < 0", category="account"))

        qtbot.keyClick(window, Qt.Key.Key_F8)
        stopped(qtbot, session, f"Withdrawn at {FAULT}")

        assert session.selection.as_of == FAULT
        assert session.selection.stream == f"account-{FAULT % ACCOUNTS}"
        assert session.running.words == (
            "Stopped by balance < 0 · every account · "
            f"Withdrawn at {FAULT} · account-{FAULT % ACCOUNTS} · balance = -5"
        )
        window.close_store()

    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [it.name for it in path.parent.iterdir()] == [path.name]


def test_with_the_mouse_a_condition_is_added_run_to_switched_off_and_removed(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    workspace.show_panel(BreakpointsView)
    view = workspace.of(BreakpointsView)
    assert view.scope.itemText(1) == "State of account-1"
    view.scope.setCurrentIndex(2)
    assert view.scope.currentText() == "State of every account"

    qtbot.keyClicks(view.where.line, "balance < 0")
    qtbot.mouseClick(view.add, Qt.MouseButton.LeftButton)
    assert [view.list.text(0, at) for at in range(3)] == ["on", "balance < 0", "every account"]
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    stopped(qtbot, session, f"Withdrawn at {FAULT}")
    assert session.selection.as_of == FAULT
    assert view.message.text() == workspace.of(EventsView).notice.text() == session.running.words

    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    stopped(qtbot, session, f"No breakpoint is hit after position {FAULT}.")
    assert session.selection.as_of == FAULT
    view.list.go_to_row(0)
    qtbot.mouseClick(view.switch, Qt.MouseButton.LeftButton)
    assert view.list.text(0, 0) == "off"
    qtbot.mouseClick(view.run, Qt.MouseButton.LeftButton)
    stopped(qtbot, session, "No breakpoint is on")
    view.list.go_to_row(0)
    qtbot.mouseClick(view.remove, Qt.MouseButton.LeftButton)
    assert session.breakpoints.all == ()
    assert not view.remove.isEnabled()


def test_with_keys_alone_one_runs_from_event_to_event_and_back(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    seek(qtbot, session, 4)
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert session.breakpoints.enabled == (EventBreakpoint(where='type = "Paid in"'),)
    seek(qtbot, session, 1)

    for at in (4, 8, 12):
        qtbot.keyClick(window, Qt.Key.Key_F8)
        stopped(qtbot, session, f"Paid in at {at} ")
        assert session.selection.as_of == at
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    stopped(qtbot, session, "Paid in at 8 ")
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert session.breakpoints.all == ()

    qtbot.keyClick(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    box = workspace.of(BreakpointsView).where
    line = box.line
    assert QApplication.focusWidget() is line
    qtbot.keyClicks(line, "data.bal")
    qtbot.waitUntil(lambda: "data.balance" in box.offered())
    qtbot.keyClicks(line, "ance < 0")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert box.text() == ""
    qtbot.keyClick(line, Qt.Key.Key_F8)
    stopped(qtbot, session, f"Withdrawn at {FAULT} ")


def test_what_was_stopped_at_is_said_until_the_cursor_leaves(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    session.breakpoints.add(EventBreakpoint(where="balance < 0"))
    qtbot.keyClick(window, Qt.Key.Key_F8)
    stopped(qtbot, session, "Stopped by balance < 0 · ")

    seek(qtbot, session, 3)

    assert session.running.words == ""
    assert workspace.of(EventsView).notice.text() == ""


def test_playing_stops_where_running_does(qtbot: QtBot, opened: tuple[Session, Workspace]) -> None:
    session, _ = opened
    seek(qtbot, session, FAULT - 20)
    session.breakpoints.add(CategoryBreakpoint(where="balance < 0", category="account"))
    session.playback.set_speed(500)

    session.playback.toggle()
    stopped(qtbot, session, f"Withdrawn at {FAULT} ")
    assert session.selection.as_of == FAULT
    assert not session.playback.is_playing

    session.playback.toggle()
    qtbot.waitUntil(lambda: not session.playback.is_playing)
    assert session.selection.as_of == 60

    session.playback.set_speed(-500)
    session.playback.toggle()
    stopped(qtbot, session, f"Withdrawn at {FAULT} ")
    assert not session.playback.is_playing


def test_on_the_occurred_axis_the_order_is_that_of_the_axis(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, _ = opened
    session.selection.set_axis("occurred")
    qtbot.waitUntil(lambda: session.events.order is not None)
    seek(qtbot, session, FAULT + 3)
    session.breakpoints.add(CategoryBreakpoint(where="balance < 0", category="account"))
    session.breakpoints.add(EventBreakpoint(where='type = "Paid in"'))

    qtbot.keyClick(window, Qt.Key.Key_F8)
    stopped(qtbot, session, f"Withdrawn at {FAULT} ")
    qtbot.keyClick(window, Qt.Key.Key_F8)
    stopped(qtbot, session, "Paid in at 40 ")
    session.playback.set_speed(500)
    session.playback.toggle()
    stopped(qtbot, session, "Paid in at 36 ")

    assert session.selection.as_of == 36


def test_menus_make_breakpoints_of_what_one_points_at(
    qtbot: QtBot, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    menu = row_menu(qtbot, workspace, 0)
    assert menu is not None
    stops = next(it for it in menu.findChildren(QMenu) if it.title() == "Brea&k on")
    offered = {it.text().replace("&", ""): it for it in stops.actions()}

    menu.close()
    offered["type = Withdrawn"].trigger()
    offered["balance = 99"].trigger()
    view = workspace.of(BreakpointsView)
    assert session.breakpoints.enabled == (EventBreakpoint(where="type = Withdrawn"),)
    assert (view.where.text(), view.scope.currentIndex()) == ("balance = 99", 0)

    tree = workspace.of(InspectorView).state
    workspace.of(InspectorView).tabs.choose("state")
    settle(qtbot, session)
    tree.go_to(("owner", "name"))
    menu = tree.menu()
    offered = {it.text(): it for it in menu.actions()}
    offered["Break when this changes"].trigger()
    menu.deleteLater()
    assert view.isVisible()
    qtbot.keyClick(view.where.line, Qt.Key.Key_Return)
    assert session.breakpoints.all[-1].breakpoint == StreamBreakpoint(
        where="owner.name changed", stream="account-1"
    )


def test_breakpoints_are_kept_with_the_store(
    qtbot: QtBot, window: MainWindow, path: Path, opened: tuple[Session, Workspace]
) -> None:
    session, _ = opened
    session.breakpoints.add(EventBreakpoint(where="type = Withdrawn"))
    session.breakpoints.add(StreamBreakpoint(where="balance < 0", stream="account-1"))
    session.breakpoints.add(CategoryBreakpoint(where="balance < 0", category="account"))
    session.breakpoints.switch(1)
    before = session.breakpoints.all

    window.close_store()
    session, _ = open_store(qtbot, window, path)

    assert session.breakpoints.all == before
    session.breakpoints.restore([{"breakpoint": {"type": "event", "where": "("}, "is_on": True}, 1])
    assert session.breakpoints.all == ()


def test_what_can_never_stop_says_why(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, _ = opened
    session.breakpoints.add(CategoryBreakpoint(where="blance < 0", category="account"))
    session.breakpoints.add(EventBreakpoint(where="type = Withdrewn"))

    qtbot.keyClick(window, Qt.Key.Key_F8)
    stopped(qtbot, session, "No breakpoint is hit after position 1: ")

    assert "no state of a stream account-… has a field `blance`; nearest: balance" in (
        session.running.words
    )
    assert "no event has a type `Withdrewn`; nearest: Withdrawn" in session.running.words
    assert session.selection.as_of == 1


def test_a_text_that_cannot_be_read_is_marked_where_it_is_wrong(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    qtbot.keyClick(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    view = workspace.of(BreakpointsView)
    qtbot.keyClicks(view.where.line, "type =")

    qtbot.keyClick(view.where.line, Qt.Key.Key_Return)

    assert view.where.message.text() == "↑ expected a value here"
    assert session.breakpoints.all == ()
