"""The list of issued commands: whoever sent them, however they ended, and what happened."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.session import Session
from gui.views.commands_view import CommandsView
from gui.views.issued_view import SIGNS, TONES, IssuedView
from replay.commands.decide import CommandHandler
from replay.commands.gateways import GatewayFailed
from replay.states.model_set import bundled_models
from store.sqlite.store import SqliteStore
from tests.gui.driven_form import choose, type_into, wait
from tests.gui.driven_window import open_store as show_store
from tests.replay.issued import issued

MAIN = Path(__file__).parents[3] / "main.py"
BUY = {"orderBookId": "1", "order": {"amount": 100, "isin": "US0378331005"}}


@pytest.fixture
def view(qtbot: QtBot, window: MainWindow, shown: tuple[Session, CommandsView]) -> IssuedView:
    assert window.workspace is not None
    window.workspace.of(CommandsView).tabs.choose("issued")
    wait(qtbot, lambda: len(shown[0].issued.rows) == 2)
    return window.workspace.of(IssuedView)


def queue(store: SqliteStore, *ids: str, amount: int = 1) -> None:
    data = {"accountNumber": "7", "amount": amount}
    waiting = [issued("PerformWithdrawal", data, id_=it) for it in ids]
    store.submit(lambda writer: writer.beside.commands.add(waiting)).result()


def dispatch_elsewhere(path: Path, *, exit_code: int = 0) -> None:
    """By another program."""
    found = subprocess.run([sys.executable, str(MAIN), "dispatch", str(path)], check=False)
    assert found.returncode == exit_code


def statuses(session: Session) -> list[str]:
    return [it.status for it in session.issued.rows]


def row_of(view: IssuedView, text: str) -> int:
    model = view.grid.model()
    rows = range(model.rowCount())
    return next(it for it in rows if text in str(model.index(it, 0).data()))


def press_enter(qtbot: QtBot, view: IssuedView, row: int) -> None:
    rect = view.grid.visualRect(view.grid.model().index(row, 0))
    qtbot.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.keyClick(view.grid, Qt.Key.Key_Return)


@pytest.mark.parametrize(("key", "row"), [(Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 1)])
def test_home_and_end_move_in_the_list_and_not_in_time(
    qtbot: QtBot, window: MainWindow, view: IssuedView, key: Qt.Key, row: int
) -> None:
    session = window.open_session()
    before = session.selection.as_of, session.selection.is_following
    view.grid.go_to_row(1 - row)
    view.grid.setFocus()

    qtbot.keyClick(view.grid, key)

    assert view.grid.current_row() == row
    assert (session.selection.as_of, session.selection.is_following) == before


def test_what_others_queue_and_another_program_decides_is_seen_as_it_happens(
    qtbot: QtBot, shown: tuple[Session, CommandsView], view: IssuedView, bank: SqliteStore
) -> None:
    session, commands_view = shown

    queue(bank, "q1", "q2")
    queue(bank, "q3", amount=5_000)
    wait(qtbot, lambda: statuses(session)[:3] == ["pending"] * 3)
    assert commands_view.tabs.tabText(1) == "Issued (5)"
    assert "… pending" in str(view.grid.model().index(0, 0).data())

    dispatch_elsewhere(bank.place.path)
    wait(qtbot, lambda: statuses(session)[:3] == ["refused", "done", "done"])


def test_what_happened_to_a_refused_command_is_told(
    qtbot: QtBot, shown: tuple[Session, CommandsView], view: IssuedView, bank: SqliteStore
) -> None:
    session, _ = shown
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("PerformWithdrawal", {"accountNumber": "7", "amount": 5_000}))
    wait(qtbot, lambda: statuses(session)[0] == "refused")

    press_enter(qtbot, view, 0)
    wait(qtbot, lambda: session.issued.story is not None)

    assert view.title.text() == "✗ PerformWithdrawal: Refused by a rule"
    assert view.text.text().startswith("The balance would be -4900.00 €")
    story = session.issued.story
    assert story is not None
    assert story.command.data == {"accountNumber": "7", "amount": 5_000}
    assert story.events == {}
    assert session.selection.as_of == 2


def test_enter_on_a_done_command_tells_and_leads_to_its_event(
    qtbot: QtBot, shown: tuple[Session, CommandsView], view: IssuedView
) -> None:
    session, _ = shown

    press_enter(qtbot, view, 1)
    wait(qtbot, lambda: session.issued.story is not None)

    assert session.selection.as_of == 1
    assert view.title.text() == "✓ OpenAccount: Done"
    assert session.issued.story is not None
    assert list(session.issued.story.events) == ["1 BankAccountCreated"]


def test_a_conflict_and_a_failure_are_there_and_told_apart_from_a_refusal(
    qtbot: QtBot, shown: tuple[Session, CommandsView], view: IssuedView, bank: SqliteStore
) -> None:
    session, _ = shown
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("OpenOrderBook", {"id": "1", "owner": "Ada", "accountId": "7"}))
    with pytest.raises(GatewayFailed):
        handler.issue(issued("PerformBuyOrder", BUY))
    owner = {"accountId": "7", "newOwner": "Bob"}
    handler.issue(issued("ChangeOwner", owner, expected=1))
    handler.issue(issued("PerformWithdrawal", {"accountNumber": "7", "amount": 5_000}))
    wait(qtbot, lambda: statuses(session)[:3] == ["refused", "conflict", "failed"])

    press_enter(qtbot, view, row_of(view, "failed"))
    wait(qtbot, lambda: "could not be decided" in view.title.text())

    assert "bank" in view.text.text()
    assert len({SIGNS[it] for it in ("refused", "conflict", "failed", "retried")}) == 4
    theme = themes().current
    assert theme[TONES["refused"]] != theme[TONES["failed"]]


def test_what_is_retried_says_so_with_its_attempts(
    qtbot: QtBot, shown: tuple[Session, CommandsView], view: IssuedView, bank: SqliteStore
) -> None:
    session, _ = shown
    handler = CommandHandler(bank, bundled_models())
    handler.issue(issued("OpenOrderBook", {"id": "1", "owner": "Ada", "accountId": "7"}))
    waiting = issued("PerformBuyOrder", BUY, id_="buy")
    bank.submit(lambda writer: writer.beside.commands.add([waiting])).result()

    dispatch_elsewhere(bank.place.path, exit_code=1)
    wait(qtbot, lambda: statuses(session)[0] == "retried")
    dispatch_elsewhere(bank.place.path, exit_code=1)
    wait(qtbot, lambda: session.issued.rows[0].attempts == 2)

    assert str(view.grid.model().index(0, 5).data()) == "2"


def test_the_list_survives_a_restart_and_keeps_the_chosen_one(
    qtbot: QtBot, window: MainWindow, view: IssuedView, bank: SqliteStore, store: Path
) -> None:
    queue(bank, "q1")
    wait(qtbot, lambda: view.grid.model().rowCount() == 3)

    show_store(qtbot, window, store)
    session, workspace = show_store(qtbot, window, bank.place.path)
    workspace.show_panel(CommandsView)
    wait(qtbot, lambda: statuses(session) == ["pending", "done", "done"])

    workspace.of(CommandsView).tabs.choose("issued")
    wait(qtbot, lambda: workspace.of(IssuedView).grid.model().rowCount() == 3)
    press_enter(qtbot, workspace.of(IssuedView), 0)
    wait(qtbot, lambda: workspace.of(IssuedView).title.text().endswith("Waiting to be decided"))
    queue(bank, "q2")
    wait(qtbot, lambda: len(session.issued.rows) == 4)
    assert workspace.of(IssuedView).grid.current_row() == 1  # as before, one further down


def test_a_command_issued_here_is_in_the_list(
    qtbot: QtBot, shown: tuple[Session, CommandsView]
) -> None:
    session, view = shown
    choose(qtbot, view, "PerformDeposit")
    type_into(qtbot, view, "amount", "20")

    qtbot.mouseClick(view.issue, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: view.tabs.tabText(1) == "Issued (3)")

    assert statuses(session) == ["done"] * 3


def test_before_anything_is_previewed_it_is_said_what_will_stand_there(
    shown: tuple[Session, CommandsView],
) -> None:
    _, view = shown

    assert view.text.text().startswith("Preview shows the events and the resulting state")
