"""Two writers and one form: the version that was seen goes with the command, and own events
carry the cursor along."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels.commands import IN_THE_PAST
from gui.views.commands_view import CommandsView
from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.sqlite.store import SqliteStore
from tests.gui.driven_form import choose, part, result_kind, type_into, wait
from tests.gui.driven_window import seek
from tests.replay.issued import issued

MAIN = Path(__file__).parents[3] / "main.py"
DEPOSITED, CHANGED = "account-7 DepositPerformed", "account-7 OwnerChanged"
Shown = tuple[Session, CommandsView]


def click(qtbot: QtBot, button: QPushButton) -> None:
    wait(qtbot, button.isEnabled)  # a click on a disabled one does nothing
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def deposit(store: SqliteStore, account: str = "7") -> None:
    """By somebody else, on a connection of their own."""
    data = {"accountNumber": account, "amount": Decimal(1)}
    answered = CommandHandler(store, bundled_models()).issue(issued("PerformDeposit", data))
    assert answered.status == "done"


def deposit_elsewhere(path: Path) -> None:
    """By another program."""
    data = '{"accountNumber":"7","amount":1}'
    command = [sys.executable, str(MAIN), "issue", str(path), "PerformDeposit", "--data", data]
    subprocess.run(command, check=True, capture_output=True)


def fill_in(qtbot: QtBot, view: CommandsView) -> None:
    choose(qtbot, view, "ChangeOwner")
    type_into(qtbot, view, "newOwner", "Grace")


def written(store: SqliteStore) -> list[str]:
    """By account, the types of the events after those that the tests begin with."""
    return [f"{event.stream} {event.type}" for event in store.read(after=2)]


def in_between(session: Session) -> list[str]:
    assert session.commands.result is not None
    return list(session.commands.result.value)


def test_a_conflict_shows_what_another_program_wrote_and_is_decided_again(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    fill_in(qtbot, view)
    deposit_elsewhere(bank.place.path)

    click(qtbot, view.issue)  # before the window has heard of it
    wait(qtbot, lambda: result_kind(session) == "conflict")
    wait(qtbot, lambda: session.selection.head == 3)
    wait(qtbot, lambda: not view.issue.isEnabled())

    assert in_between(session) == ["3 DepositPerformed"]
    assert session.selection.as_of == 2  # what others write moves nothing
    click(qtbot, view.again)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert [event.type for event in bank.read(after=3)] == ["OwnerChanged"]
    wait(qtbot, lambda: session.selection.as_of == 4)


def test_a_form_open_while_another_writes_meets_the_conflict_at_the_end_too(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    fill_in(qtbot, view)
    deposit(bank)
    wait(qtbot, lambda: view.why_not.text() == IN_THE_PAST)

    seek(qtbot, session, 3)
    wait(qtbot, lambda: view.issue.isEnabled())
    assert part(view, "newOwner").value() == "Grace"
    click(qtbot, view.issue)
    wait(qtbot, lambda: result_kind(session) == "conflict")

    assert in_between(session) == ["3 DepositPerformed"]
    click(qtbot, view.again)
    wait(qtbot, lambda: result_kind(session) == "done")


def test_following_hides_no_conflict(qtbot: QtBot, shown: Shown, bank: SqliteStore) -> None:
    session, view = shown
    session.selection.follow(True)
    fill_in(qtbot, view)
    deposit(bank)
    wait(qtbot, lambda: session.selection.as_of == 3)
    wait(qtbot, lambda: session.commands.form.seen.shown == ("account-7", 3, True))

    click(qtbot, view.issue)
    wait(qtbot, lambda: result_kind(session) == "conflict")

    assert in_between(session) == ["3 DepositPerformed"]
    assert written(bank) == [DEPOSITED]
    click(qtbot, view.again)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert written(bank) == [DEPOSITED, CHANGED]


def test_who_looks_again_has_seen_what_came_in(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    choose(qtbot, view, "ChangeOwner")
    deposit(bank)
    wait(qtbot, lambda: session.selection.head == 3)
    seek(qtbot, session, 3)
    wait(qtbot, lambda: session.commands.form.seen.shown == ("account-7", 3, True))

    fill_in(qtbot, view)
    click(qtbot, view.issue)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert written(bank) == [DEPOSITED, CHANGED]


def test_a_preview_at_the_head_has_shown_what_came_in(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    fill_in(qtbot, view)
    deposit(bank)
    wait(qtbot, lambda: session.selection.head == 3)
    seek(qtbot, session, 3)

    click(qtbot, view.preview)
    wait(qtbot, lambda: result_kind(session) == "preview")
    click(qtbot, view.issue)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert written(bank) == [DEPOSITED, CHANGED]


def test_a_form_opened_in_the_past_is_sent_with_what_is_seen_at_the_end(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    seek(qtbot, session, 1)
    fill_in(qtbot, view)
    seek(qtbot, session, 2)
    wait(qtbot, lambda: session.commands.form.seen.version == 2)

    click(qtbot, view.issue)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert written(bank) == [CHANGED]


def test_another_account_in_the_form_is_not_held_to_this_one_s_version(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "8", "owner": "Bo"}))
    wait(qtbot, lambda: session.selection.head == 3)
    seek(qtbot, session, 3)
    choose(qtbot, view, "ChangeOwner")
    wait(qtbot, lambda: view.issue.isEnabled())

    session.commands.issue({"accountId": "8", "newOwner": "Grace"})
    wait(qtbot, lambda: result_kind(session) == "done")
    assert written(bank)[1:] == ["account-8 OwnerChanged"]


def test_own_events_carry_the_cursor_along_and_the_next_can_be_issued(
    qtbot: QtBot, shown: Shown
) -> None:
    session, view = shown
    fill_in(qtbot, view)
    click(qtbot, view.issue)
    wait(qtbot, lambda: session.selection.as_of == 3 and view.issue.isEnabled())

    assert view.why_not.text() == ""
    type_into(qtbot, view, "newOwner", "Mary")
    click(qtbot, view.issue)
    wait(qtbot, lambda: session.selection.as_of == 4)
    assert result_kind(session) == "done"
    assert not session.selection.is_following


def test_own_events_do_not_take_the_cursor_from_where_it_was_moved(
    qtbot: QtBot, shown: Shown
) -> None:
    session, view = shown
    fill_in(qtbot, view)
    click(qtbot, view.issue)
    session.selection.seek(1)
    wait(qtbot, lambda: result_kind(session) == "done")
    wait(qtbot, lambda: session.selection.head == 3)

    assert session.selection.as_of == 1


def test_the_form_of_an_undo_stays_when_one_goes_to_the_end_to_issue_it(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: SqliteStore
) -> None:
    """No stream is chosen: what is shown is that of the event at the cursor."""
    session, view = shown
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "8", "owner": "Bo"}))
    deposit(bank, "8")
    wait(qtbot, lambda: session.selection.head == 4)
    session.selection.choose_stream("")
    seek(qtbot, session, 2)
    view.preview.setFocus()

    window.actions_["undo"].trigger()
    wait(qtbot, lambda: view.choice.currentText() == "PerformWithdrawal")
    seek(qtbot, session, 4)
    wait(qtbot, lambda: view.issue.isEnabled())

    assert part(view, "amount").value() == Decimal("100.00")
    click(qtbot, view.issue)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert [event.stream for event in bank.read(after=4)] == ["account-7"]


def test_what_is_undone_need_not_be_of_the_chosen_stream(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    session.selection.choose_stream("nobody-1")
    wait(qtbot, lambda: session.commands.model_title == "")
    view.preview.setFocus()

    window.actions_["undo"].trigger()
    wait(qtbot, lambda: view.choice.currentText() == "PerformWithdrawal")
    wait(qtbot, lambda: view.issue.isEnabled())

    assert session.selection.stream == "nobody-1"
    assert part(view, "amount").value() == Decimal("100.00")
    assert view.stream.full_text() == "For account-7, version 2; the window shows nobody-1."
    click(qtbot, view.issue)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert written(bank) == ["account-7 WithdrawalPerformed"]
