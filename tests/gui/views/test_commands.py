"""Commands in the window: fill a form, see what is wrong, preview, issue, conflict, undo."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels.commands import IN_THE_PAST
from gui.viewmodels.event_facts import facts
from gui.views.commands_view import CommandsView
from gui.views.events_view import EventsView
from replay.commands import cases
from replay.commands.decide import CommandHandler
from replay.errors import ViewBehind
from replay.models.bank_account import MODEL as BANK
from replay.projector.catch_up import wait_for
from replay.projector.patience import Patience
from replay.states.model_set import bundled_models
from replay.states.rule_version import rules_of
from store.sqlite.store import SqliteStore, open_store
from tests.gui.driven_form import choose, part, result_kind, type_into, wait
from tests.gui.driven_window import open_store as show_store
from tests.gui.driven_window import seek
from tests.replay.commands.test_cases import pytest_says
from tests.replay.issued import issued


def test_the_form_is_of_the_chosen_stream_and_filled_with_it(
    shown: tuple[Session, CommandsView],
) -> None:
    session, view = shown

    choices = [view.choice.itemText(at) for at in range(view.choice.count())]
    assert "PerformDeposit" in choices
    session.commands.choose("PerformDeposit")
    assert part(view, "accountNumber").value() == "7"
    assert part(view, "amount").label.text() == "Amount *"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_sent(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    _session, view = shown
    choose(qtbot, view, "PerformDeposit")
    head = bank.head()

    type_into(qtbot, view, "amount", "-5")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: part(view, "amount").error.full_text() != "")

    assert part(view, "amount").error.full_text() == "it must be more than 0"
    assert part(view, "accountNumber").error.full_text() == ""
    assert bank.head() == head
    type_into(qtbot, view, "amount", "5")
    assert part(view, "amount").error.full_text() == ""


def test_the_form_says_what_is_done_about_facts_of_other_streams(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown
    assert view.elsewhere.text() == ""  # an account needs none

    session.selection.choose_stream("nobody-1")  # all commands are listed then
    wait(qtbot, lambda: view.choice.findText("LoadCargo") >= 0)
    choose(qtbot, view, "LoadCargo")
    assert view.elsewhere.text().startswith("Facts of other streams (cargo): held until")
    choose(qtbot, view, "CompleteThirdPartyProcessorPayment")
    assert "repaired afterwards" in view.elsewhere.text()


def test_letters_in_a_number_are_told_before_anything_is_asked(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformDeposit")

    type_into(qtbot, view, "amount", "much")
    qtbot.mouseClick(view.preview, Qt.MouseButton.LeftButton)

    assert "a number is needed here" in part(view, "amount").error.full_text()
    assert session.commands.result is None


def test_a_preview_shows_events_and_state_and_writes_nothing(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformWithdrawal")
    head = bank.head()

    type_into(qtbot, view, "amount", "30.50")
    qtbot.mouseClick(view.preview, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "preview")

    result = session.commands.result
    assert result is not None
    assert result.value["state after"]["balance"] == Decimal("69.50")
    assert ("state after", "balance") in result.marks
    assert view.title.text() == "Would record 1 event in account-7"
    assert bank.head() == head


def test_an_issued_command_arrives_in_log_list_and_state(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformDeposit")

    type_into(qtbot, view, "amount", "20.00")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")
    wait(qtbot, lambda: session.selection.head == 3)

    assert [event.type for event in bank.read(after=2)] == ["DepositPerformed"]
    qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: session.selection.as_of == 3)


def test_it_is_told_whether_the_views_show_what_was_recorded(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    wait(qtbot, lambda: session.status.lag == 0)
    session.kept_views.pause()
    wait(qtbot, lambda: session.kept_views.is_paused)
    choose(qtbot, view, "PerformDeposit")
    assert view.reflection.text() == ""

    type_into(qtbot, view, "amount", "5")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")
    assert view.reflection.text() == "The views are 1 event behind it and show an older state."
    with pytest.raises(ViewBehind):
        wait_for(bank.reader(), "streams", 3, patience=Patience(limit_s=0.1))

    session.kept_views.resume()
    wait(qtbot, lambda: view.reflection.text() == "Every view shows it.")
    wait_for(bank.reader(), "streams", 3)


def test_a_view_that_stands_still_is_named_as_one_that_does_not_show_it(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    wait(qtbot, lambda: session.status.lag == 0)
    report = session.kept_views.report
    assert report is not None
    stands = structs.replace(report.views["streams"], error="ValueError: no such number")
    session.kept_views.pause()
    wait(qtbot, lambda: session.kept_views.is_paused)
    choose(qtbot, view, "PerformDeposit")
    type_into(qtbot, view, "amount", "5")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")
    at_head = {it: structs.replace(one, checkpoint=3, lag=0) for it, one in report.views.items()}
    parked = structs.replace(report, head=3, checkpoint=3, views={**at_head, "streams": stands})

    def is_told() -> bool:
        session.reported.emit(parked)  # again: the projector's own report may come in between
        return view.reflection.text() == "Every view but streams shows it."

    wait(qtbot, is_told)


def test_a_refusal_names_the_rule(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformWithdrawal")

    type_into(qtbot, view, "amount", "1000")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "refused")

    assert view.title.text() == (
        "Refused: the balance would be -900.00 €, and -500.00 € is the lowest allowed "
        '— rule "overdraft limit"'
    )
    assert bank.head() == 2


def test_a_refusal_is_not_followed_by_the_promise_of_a_result(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown
    qtbot.waitUntil(lambda: "shown here" in view.value.accessibleDescription())
    choose(qtbot, view, "PerformWithdrawal")

    type_into(qtbot, view, "amount", "1000")
    qtbot.mouseClick(view.preview, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "refused")

    qtbot.waitUntil(lambda: "no events to show" in view.value.accessibleDescription())


def test_in_the_past_a_preview_works_and_issue_is_off(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown
    seek(qtbot, session, 1)
    choose(qtbot, view, "PerformWithdrawal")
    wait(qtbot, lambda: not view.issue.isEnabled())

    assert view.why_not.text() == IN_THE_PAST
    type_into(qtbot, view, "amount", "10")
    qtbot.mouseClick(view.preview, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "preview")
    assert session.commands.result is not None
    assert session.commands.result.value["state after"]["balance"] == Decimal("-10")


def test_a_closed_account_takes_no_commands_and_says_why(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "closed.foldline", create=True)
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "7", "owner": "Ada"}))
    handler.issue(issued("CloseAccount", {"accountId": "7", "reason": "moved away"}))
    session, workspace = show_store(qtbot, window, store.place.path)
    session.selection.choose_stream("account-7")

    workspace.show_panel(CommandsView)
    wait(qtbot, lambda: workspace.of(CommandsView).why_not.text() != "")

    assert workspace.of(CommandsView).why_not.text() == "The account is closed: moved away"
    assert not workspace.of(CommandsView).issue.isEnabled()
    store.close()


def test_a_command_that_the_state_rules_out_is_off_and_the_others_are_on(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    _session, view = shown
    assert view.choice.currentText() == "PerformDeposit"  # opened already, so not OpenAccount

    choose(qtbot, view, "CloseAccount")
    assert view.why_not.text() == "The account still holds 100.00 €."
    assert not view.issue.isEnabled()
    choose(qtbot, view, "PerformWithdrawal")
    assert view.why_not.text() == ""
    assert view.issue.isEnabled()


def test_what_an_old_state_allows_is_refused_by_the_handler(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    """The window has not heard yet that the account was closed: the button is on."""
    session, view = shown
    choose(qtbot, view, "PerformDeposit")
    type_into(qtbot, view, "amount", "5")
    session.feed.close()
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("PerformWithdrawal", {"accountNumber": "7", "amount": 100}))
    handler.issue(issued("CloseAccount", {"accountId": "7", "reason": "moved away"}))
    assert view.issue.isEnabled()

    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "refused")

    assert view.title.text() == (
        'Refused: the account is closed: moved away — rule "account is open"'
    )
    assert bank.head() == 4


def test_the_field_that_names_the_stream_is_filled_in_whatever_it_is_called(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown

    session.selection.choose_stream("assign-5e11")
    wait(qtbot, lambda: session.commands.model_title == "Seat assignments")

    assert part(view, "orderId").value() == "5e11"


def test_undo_opens_the_compensating_command_filled_in(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    view.preview.setFocus()

    window.actions_["undo"].trigger()
    wait(qtbot, lambda: view.choice.currentText() == "PerformWithdrawal")
    assert part(view, "amount").value() == Decimal("100.00")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")

    assert [event.type for event in bank.read()][1:] == ["DepositPerformed", "WithdrawalPerformed"]


def test_an_undo_and_what_it_takes_back_are_linked(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown
    view.preview.setFocus()
    window.actions_["undo"].trigger()
    wait(qtbot, lambda: view.choice.currentText() == "PerformWithdrawal")
    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: session.selection.head == 3)

    assert told(qtbot, session, at=3, label="undoes") == "DepositPerformed at 2"
    assert told(qtbot, session, at=2, label="undone by") == "WithdrawalPerformed at 3"
    assert told(qtbot, session, at=1, label="undone by") == ""
    assert told(qtbot, session, at=3, label="decided by") == rules_of(BANK).words


def told(qtbot: QtBot, session: Session, *, at: int, label: str) -> str:
    """What the Event tab says of the event at a position."""
    session.selection.seek(at)
    found = session.inspector
    wait(qtbot, lambda: found.inspection is not None and found.inspection.position == at)
    assert found.inspection is not None
    return next((it.value for it in facts(found.inspection) if it.label == label), "")


def test_a_hidden_panel_starts_no_process(
    qtbot: QtBot, window: MainWindow, bank: SqliteStore
) -> None:
    session, _ = show_store(qtbot, window, bank.place.path)

    assert not session.worker.is_running


def test_a_decision_is_saved_as_a_test_and_run(
    qtbot: QtBot, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformWithdrawal")
    type_into(qtbot, view, "amount", "700")

    qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "saved")
    qtbot.mouseClick(view.run_cases, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "done")

    assert view.title.text() == "1 of 1 saved tests pass"
    (case,) = cases.load(cases.cases_file(bank.place))
    assert case.refusal == "overdraft limit"


def test_the_events_selected_in_the_table_are_the_given_of_a_saved_test(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, CommandsView], bank: SqliteStore
) -> None:
    session, view = shown
    assert view.given.text() == "A test starts from the stream's events up to the cursor."
    assert window.workspace is not None
    window.workspace.docking.show("events")
    grid = window.workspace.of(EventsView).grid
    wait(qtbot, lambda: grid.current_row() == 1)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    wait(qtbot, lambda: session.selection.anchor == 2)
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert view.given.text() == "A test starts from the selected events, 1 to 2."

    choose(qtbot, view, "PerformWithdrawal")
    type_into(qtbot, view, "amount", "30")
    qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "saved")

    assert view.text.text().endswith("Given: 2 events.")
    (case,) = cases.load(cases.cases_file(bank.place))
    assert [it["type"] for it in case.given] == ["BankAccountCreated", "DepositPerformed"]


def test_saved_tests_are_exported_from_the_window_and_pass(
    qtbot: QtBot,
    shown: tuple[Session, CommandsView],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformWithdrawal")
    type_into(qtbot, view, "amount", "700")
    qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: result_kind(session) == "saved")
    path = tmp_path / "test_decisions.py"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    qtbot.mouseClick(view.export, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.title.text() == "1 saved test written")

    assert "1 passed" in pytest_says(path)
