"""Undo in the window: from an event, from the list of issued commands, by keys alone."""

from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.commands_view import CommandsView
from gui.views.events_view import EventsView
from gui.views.issued_view import IssuedView
from store.sqlite.store import SqliteStore
from tests.gui.driven_form import part, result_kind, wait
from tests.gui.driven_window import seek
from tests.gui.menus import choose, row_menu

Shown = tuple[Session, CommandsView]


def press_undo(qtbot: QtBot, window: MainWindow) -> None:
    """Keys of the window are heard while it is the active one."""
    window.activateWindow()
    wait(qtbot, window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_undo_in_the_menu_of_an_event_shows_the_command_and_issues_it_linked(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    assert window.workspace is not None
    workspace = window.workspace
    workspace.docking.show("events")
    wait(qtbot, lambda: workspace.of(EventsView).grid.current_row() == 1)
    choose(row_menu(qtbot, workspace, 1), "Undo this…")
    wait(qtbot, lambda: result_kind(session) == "undo")

    assert view.isVisible()
    assert view.title.text() == "PerformWithdrawal undoes DepositPerformed at position 2"
    assert part(view, "amount").value() == Decimal("100.00")
    assert view.reflection.text() == ""
    wait(qtbot, lambda: view.issue.isEnabled())
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")
    deposit, undo = bank.read(after=1)
    assert (undo.type, undo.metadata["causation_id"]) == ("WithdrawalPerformed", deposit.id)


def test_an_undo_is_issued_with_keys_alone_though_the_cursor_is_in_the_past(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    view.preview.setFocus()
    seek(qtbot, session, 1)

    press_undo(qtbot, window)
    wait(qtbot, lambda: result_kind(session) == "final")
    assert view.title.text() == (
        "BankAccountCreated at 1 cannot be undone: "
        "an account that was opened by mistake is closed by CloseAccount"
    )
    session.commands.undo(2)
    wait(qtbot, lambda: result_kind(session) == "undo")
    assert view.why_not.text() == ""
    assert session.selection.as_of == 1
    seek(qtbot, session, 2)
    view.preview.setFocus()
    press_undo(qtbot, window)
    wait(qtbot, lambda: view.title.text().startswith("PerformWithdrawal undoes"))
    wait(qtbot, lambda: window.focusWidget() is view.issue and view.issue.isEnabled())
    qtbot.keyClick(view.issue, Qt.Key.Key_Space)
    wait(qtbot, lambda: result_kind(session) == "done")

    assert bank.head() == 3


def test_what_was_just_recorded_and_what_is_listed_as_issued_can_be_undone(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    assert window.workspace is not None
    issued = window.workspace.of(IssuedView)
    session.commands.undo(2)
    wait(qtbot, lambda: result_kind(session) == "undo" and view.issue.isEnabled())
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")

    qtbot.mouseClick(view.undo, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.title.text().startswith("PerformDeposit undoes"))
    view.tabs.choose("issued")
    wait(qtbot, lambda: issued.grid.model().rowCount() >= 1)
    issued.grid.setFocus()
    qtbot.keyClick(issued.grid, Qt.Key.Key_Down)
    wait(qtbot, lambda: bool(session.issued.undoable))
    qtbot.mouseClick(issued.undo, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not issued.isVisible())
    wait(qtbot, lambda: result_kind(session) == "undo")
    assert view.title.text() == "PerformDeposit undoes WithdrawalPerformed at position 3"


def test_where_nothing_takes_it_back_it_is_said(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    session.commands.undo(2)
    wait(qtbot, lambda: result_kind(session) == "undo" and view.issue.isEnabled())
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")

    session.commands.undo(2)
    wait(qtbot, lambda: result_kind(session) == "final")

    assert view.title.text() == "DepositPerformed at 2 was undone by WithdrawalPerformed at 3"
    assert view.text.text() == "To restore it, undo the event that undid it."
