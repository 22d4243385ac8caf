"""Whatever the panel derives from a stream is derived from the one that the form names."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.session import Session
from gui.views.commands_view import CommandsView
from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.sqlite.store import SqliteStore
from tests.gui.driven_form import choose, part, result_kind, type_into, wait
from tests.gui.driven_window import settle
from tests.replay.issued import issued

Shown = tuple[Session, CommandsView]
OPEN_ALREADY = "Account 7 is open already."


def test_a_new_account_is_opened_while_the_chosen_one_rules_that_out(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    session, view = shown
    choose(qtbot, view, "OpenAccount")
    wait(qtbot, lambda: view.why_not.text() == OPEN_ALREADY)
    assert not view.issue.isEnabled()
    assert view.stream.full_text() == "For account-7, version 2."

    type_into(qtbot, view, "id", "8")
    wait(qtbot, lambda: view.issue.isEnabled())
    assert view.why_not.text() == ""
    assert view.stream.full_text() == "For account-8, a new stream; the window shows account-7."
    type_into(qtbot, view, "owner", "Grace")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")

    assert [it.type for it in bank.read_stream("account-8")] == ["BankAccountCreated"]
    assert view.title.text() == "Done: recorded BankAccountCreated in account-8"


def test_what_another_stream_rules_out_is_off_though_the_chosen_one_allows_it(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "8", "owner": "Bo"}))
    handler.issue(issued("CloseAccount", {"accountId": "8", "reason": "moved away"}))
    session, view = shown
    session.selection.choose_stream("account-7")
    settle(qtbot, session)
    wait(qtbot, lambda: session.selection.head == 4)
    session.selection.seek(4)
    choose(qtbot, view, "PerformDeposit")
    wait(qtbot, lambda: view.issue.isEnabled())

    type_into(qtbot, view, "accountNumber", "8")

    wait(qtbot, lambda: view.why_not.text() == "The account is closed: moved away")
    assert not view.issue.isEnabled()
    type_into(qtbot, view, "accountNumber", "7")
    wait(qtbot, lambda: view.issue.isEnabled())


def test_the_version_that_is_sent_is_that_of_the_form_s_stream(
    qtbot: QtBot, shown: Shown, bank: SqliteStore
) -> None:
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "8", "owner": "Bo"}))
    session, view = shown
    wait(qtbot, lambda: session.selection.head == 3)
    session.selection.seek(3)
    choose(qtbot, view, "ChangeOwner")
    type_into(qtbot, view, "accountId", "8")
    type_into(qtbot, view, "newOwner", "Grace")
    wait(qtbot, lambda: session.commands.form.seen.stream == "account-8")
    assert session.commands.form.seen.version == 1

    handler.issue(issued("ChangeOwner", {"accountId": "8", "newOwner": "Edsger"}))
    wait(qtbot, lambda: session.selection.head == 4)
    session.selection.seek(4)
    wait(qtbot, lambda: view.issue.isEnabled())
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "conflict")

    assert "account-8" in view.text.text()


@pytest.mark.parametrize("chosen", ["account-8", "nobody-1"])
def test_a_form_that_was_begun_stays_when_another_stream_is_chosen(
    qtbot: QtBot, shown: Shown, bank: SqliteStore, chosen: str
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformDeposit")
    type_into(qtbot, view, "amount", "5")

    session.selection.choose_stream(chosen)
    wait(qtbot, lambda: f"the window shows {chosen}" in view.stream.full_text())
    settle(qtbot, session)

    assert view.choice.currentText() == "PerformDeposit"
    assert part(view, "accountNumber").value() == "7"
    assert part(view, "amount").editor.value() == 5
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert [it.stream for it in bank.read(after=2)] == ["account-7"]


def test_an_untouched_form_follows_the_chosen_stream(qtbot: QtBot, shown: Shown) -> None:
    session, view = shown
    choose(qtbot, view, "PerformDeposit")

    session.selection.choose_stream("account-8")

    wait(qtbot, lambda: part(view, "accountNumber").value() == "8")
    assert view.choice.currentText() == "PerformDeposit"


def test_what_was_recorded_stays_told_when_another_stream_is_chosen(
    qtbot: QtBot, shown: Shown
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformDeposit")
    type_into(qtbot, view, "amount", "5")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")
    wait(qtbot, lambda: session.selection.head == 3)

    session.selection.choose_stream("account-8")
    wait(qtbot, lambda: part(view, "accountNumber").value() == "8")

    assert view.title.text() == "Done: recorded DepositPerformed in account-7"
    assert view.text.text() == "At position 3; the stream is at version 3 now."
