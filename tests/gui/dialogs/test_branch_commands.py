"""The own commands of a branch: brought in, and saved as tests, from the Branch menu."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.branch_commands_dialog import BranchCommandsDialog
from gui.main_window import MainWindow
from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.branches.create import create_branch
from store.opening import open_store as opened
from store.sqlite.store import SqliteStore
from tests.gui.driven_window import open_store
from tests.gui.every_surface import open_dialogs
from tests.gui.test_lines import shown
from tests.replay.issued import issued


def issue(line: Path, command: str, amount: int) -> None:
    store = opened(line)
    try:
        data = {"accountNumber": "7", "amount": amount}
        CommandHandler(store, bundled_models()).issue(issued(command, data, id_=f"{amount}"))
    finally:
        store.close()


@pytest.fixture(name="plan")
def a_plan(bank: SqliteStore) -> Path:
    """A branch in which 30 came and 20 went, and too much was refused."""
    path = create_branch(bank.place.path, "plan", fork=2)
    issue(path, "PerformDeposit", 30)
    issue(path, "PerformWithdrawal", 20)
    issue(path, "PerformWithdrawal", 9_000)
    return path


@pytest.fixture(name="asked")
def from_the_menu(
    qtbot: QtBot, window: MainWindow, plan: Path
) -> Callable[[str], BranchCommandsDialog]:
    """A dialog, opened as an action, once its preview is there."""

    def ask(action: str) -> BranchCommandsDialog:
        open_store(qtbot, window, plan)
        shown(qtbot, window, plan)
        window.actions_.do(action)
        (dialog,) = [it for it in open_dialogs() if isinstance(it, BranchCommandsDialog)]
        qtbot.waitUntil(lambda: dialog.list.rows.count() > 0)
        return dialog

    return ask


def lines(dialog: BranchCommandsDialog) -> list[str]:
    return [dialog.list.rows.text(row, 2) for row in range(dialog.list.rows.count())]


def choose(dialog: BranchCommandsDialog, row: int) -> None:
    dialog.list.rows.grid.setCurrentIndex(dialog.list.rows.grid.model().index(row, 0))


def amounts(store: Path) -> list[Any]:
    log = opened(store)
    try:
        return [it.data.get("amount") for it in log.read()]
    finally:
        log.close()


def test_a_branch_is_brought_in_and_leads_to_its_event_on_main(
    qtbot: QtBot,
    window: MainWindow,
    bank: SqliteStore,
    asked: Callable[[str], BranchCommandsDialog],
) -> None:
    dialog = asked("bring in")
    assert lines(dialog) == [
        "would record DepositPerformed",
        "would record WithdrawalPerformed",
        "stays in the branch: it was refused in the branch",
    ]
    assert dialog.message.text() == "2 commands would be brought in."
    assert len(amounts(bank.place.path)) == 2

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "were brought in" in dialog.message.text())
    assert lines(dialog)[:2] == ["recorded DepositPerformed", "recorded WithdrawalPerformed"]
    assert [str(it) for it in amounts(bank.place.path)[1:]] == ["100.00", "30", "20"]
    assert not dialog.run_button.isEnabled()

    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    session = shown(qtbot, window, bank.place.path)
    qtbot.waitUntil(lambda: session.selection.as_of == 4)
    dialog.reject()


def test_a_conflict_is_shown_with_what_came_in_between_and_can_be_decided_anyway(
    qtbot: QtBot, bank: SqliteStore, plan: Path, asked: Callable[[str], BranchCommandsDialog]
) -> None:
    issue(bank.place.path, "PerformDeposit", 7)
    dialog = asked("bring in")
    assert lines(dialog) == ["conflict: the stream has changed"]
    choose(dialog, 0)
    assert dialog.list.title.text() == "The stream has changed"
    assert dialog.list.value.json.shown.title == "recorded in between"
    assert not dialog.run_button.isEnabled()

    qtbot.keyClick(dialog.options["anyway"], Qt.Key.Key_Space)
    qtbot.waitUntil(dialog.run_button.isEnabled)
    assert len(lines(dialog)) == 3
    qtbot.keyClick(dialog.run_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "were brought in" in dialog.message.text())
    assert len(amounts(bank.place.path)) == 5
    dialog.reject()


def test_a_refusal_names_the_rule_and_stops_it_unless_it_goes_on(
    qtbot: QtBot, bank: SqliteStore, plan: Path, asked: Callable[[str], BranchCommandsDialog]
) -> None:
    issue(bank.place.path, "PerformWithdrawal", 600)
    issue(plan, "PerformWithdrawal", 31)
    issue(plan, "PerformDeposit", 1)
    dialog = asked("bring in")
    dialog.options["anyway"].click()
    qtbot.waitUntil(lambda: any("refused:" in it for it in lines(dialog)))
    row = next(n for n, it in enumerate(lines(dialog)) if it.startswith("refused:"))
    choose(dialog, row)
    assert dialog.list.title.text() == "Refused by a rule"
    assert "overdraft" in dialog.list.text.text()
    assert "It would stop there." in dialog.message.text()
    listed = len(lines(dialog))

    dialog.options["goes_on"].click()
    qtbot.waitUntil(lambda: len(lines(dialog)) > listed)
    dialog.reject()


def test_closing_it_stops_the_preview(qtbot: QtBot, window: MainWindow, plan: Path) -> None:
    session, _ = open_store(qtbot, window, plan)
    dialog = window.branches.bring_in()
    assert dialog is not None
    dialog.reject()
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: not session.jobs.running)


def test_the_commands_become_tests(
    qtbot: QtBot, bank: SqliteStore, asked: Callable[[str], BranchCommandsDialog]
) -> None:
    file = bank.place.beside("-cases.json")
    dialog = asked("branch tests")
    assert lines(dialog)[:2] == ["DepositPerformed", "WithdrawalPerformed"]
    assert lines(dialog)[2].startswith("refused: ")
    choose(dialog, 1)
    assert dialog.list.title.text().startswith("PerformWithdrawal on account-7")
    assert not file.exists()

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.message.text() == "3 tests were saved with the store.")
    assert len(json.loads(file.read_text("utf-8"))) == 3
    dialog.reject()


def test_on_main_there_is_nothing_to_bring_in(
    qtbot: QtBot, window: MainWindow, bank: SqliteStore
) -> None:
    open_store(qtbot, window, bank.place.path)

    assert window.branches.bring_in() is None
    assert window.branches.save_tests() is None
    assert window.actions_.why_not("bring in") == "the log itself is in view"
