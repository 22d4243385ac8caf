"""What came to nothing is in the command log too, and may end well when it is sent again."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replay.commands.decide import CommandHandler
from replay.commands.gateways import GatewayFailed, Gateways
from replay.commands.sent_commands import SentCommand, sent_list
from replay.models import bank_account
from replay.processes.dispatch import Dispatcher
from replay.processes.retries import Retries
from replay.states.model_set import ModelSet, bundled_models
from store.beside.commands import IdTaken, IssuedCommand
from store.sqlite import connect
from store.sqlite.store import SqliteStore, open_store
from tests.replay.issued import issued

BUY = {"orderBookId": "1", "order": {"amount": 100, "isin": "US0378331005"}}
NOW_US = 1_772_000_000_000_000


class Bank:
    """A gateway that can be out of order."""

    is_down = True

    def ask(self, request: Any, *, once: str) -> Any:  # noqa: ARG002
        if self.is_down:
            raise OSError(f"the line is dead: {request}")
        return {"orderId": "o1"}

    def send(self, message_id: str, payload: Any) -> str:
        return f"{message_id} {payload}"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    monkeypatch.setattr(connect, "BUSY_TIMEOUT_S", 0.05)
    store = open_store(tmp_path / "bank.foldline", create=True)
    yield store
    store.close()


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def handler(store: SqliteStore, bank: Bank) -> CommandHandler:
    handler = CommandHandler(store, bundled_models(), gateways=Gateways({"bank": bank}))
    handler.issue(issued("OpenAccount", {"id": "1", "owner": "Ada"}))
    handler.issue(issued("OpenOrderBook", {"id": "1", "owner": "Ada", "accountId": "1"}))
    return handler


@pytest.fixture
def dispatcher(store: SqliteStore, handler: CommandHandler) -> Dispatcher:
    return Dispatcher(store, handler, (), gateways=Gateways(), clock_us=lambda: NOW_US)


def change_owner(owner: str, **facts: Any) -> IssuedCommand:
    return issued("ChangeOwner", {"accountId": "1", "newOwner": owner}, **facts)


def sent(store: SqliteStore) -> SentCommand:
    """The newest command, as the list of them tells it."""
    beside = store.beside
    return sent_list(beside, beside.commands.latest(limit=1))[0]


def counts(store: SqliteStore) -> dict[str, int]:
    return store.beside.commands.counts()


def test_a_conflict_is_kept_and_may_still_end_well(
    handler: CommandHandler, store: SqliteStore
) -> None:
    handler.issue(change_owner("Bob"))

    handler.issue(change_owner("Cy", id_="x", expected=1))
    assert counts(store) == {"done": 3, "conflict": 1}
    assert (sent(store).status, sent(store).attempts) == ("conflict", 1)
    assert sent(store).reason == "account-1 was at version 1 and is at 2 now."

    handler.issue(change_owner("Cy", id_="x", expected=2))
    assert counts(store) == {"done": 4}
    assert (sent(store).status, sent(store).attempts) == ("done", 2)
    assert [it.status for it in sent(store).tried] == ["conflict"]


def test_what_a_gateway_did_not_answer_is_kept_as_failed_and_may_be_sent_again(
    handler: CommandHandler, store: SqliteStore, bank: Bank
) -> None:
    with pytest.raises(GatewayFailed):
        handler.issue(issued("PerformBuyOrder", BUY, id_="buy"))
    assert counts(store) == {"done": 2, "failed": 1}
    assert "the line is dead" in sent(store).reason

    bank.is_down = False
    assert handler.issue(issued("PerformBuyOrder", BUY, id_="buy")).status == "done"
    assert counts(store) == {"done": 3}
    assert handler.issue(issued("PerformBuyOrder", BUY, id_="buy")).is_resend


def test_an_error_of_the_model_is_kept_as_failed(store: SqliteStore) -> None:
    def decide(_state: Any, _command: Any, _situation: Any) -> Any:
        raise ZeroDivisionError("oh")

    broken = ModelSet([_with(decide)])
    with pytest.raises(ZeroDivisionError):
        CommandHandler(store, broken).issue(issued("OpenAccount", {"id": "1", "owner": "Ada"}))

    assert counts(store) == {"failed": 1}
    assert sent(store).reason == "the model failed: ZeroDivisionError: oh"


def _with(decide: Any) -> Any:
    return replace(bank_account.MODEL, decide=decide)


def test_as_many_are_kept_as_were_sent(
    handler: CommandHandler, store: SqliteStore, bank: Bank
) -> None:
    handler.issue(change_owner("Bob"))
    handler.issue(change_owner("Cy", expected=1))
    handler.issue(issued("PerformWithdrawal", {"accountNumber": "1", "amount": Decimal(900)}))
    with pytest.raises(GatewayFailed):
        handler.issue(issued("PerformBuyOrder", BUY))

    assert counts(store) == {"done": 3, "conflict": 1, "refused": 1, "failed": 1}


def test_the_id_of_another_command_is_told_with_that_command(
    handler: CommandHandler, store: SqliteStore
) -> None:
    handler.issue(change_owner("Bob", id_="x"))

    for other in (
        change_owner("Cy", id_="x"),
        change_owner("Cy", id_="x", expected=1),
        issued("PerformDeposit", {"accountNumber": "1", "amount": 1}, id_="x"),
        issued("PerformWithdrawal", {"accountNumber": "1", "amount": 9_999}, id_="x"),
    ):
        with pytest.raises(IdTaken, match=r"already used by ChangeOwner .*Bob.* of ada"):
            handler.issue(other)
    assert counts(store) == {"done": 3}


def test_a_conflicting_command_is_not_sent_again_as_another_one(handler: CommandHandler) -> None:
    handler.issue(change_owner("Bob"))
    handler.issue(change_owner("Cy", id_="x", expected=1))

    with pytest.raises(IdTaken):
        handler.issue(change_owner("Di", id_="x", expected=2))


def test_attempts_refuse_to_be_changed(handler: CommandHandler, store: SqliteStore) -> None:
    handler.issue(change_owner("Bob", expected=0))
    db = sqlite3.connect(store.place.path)
    for statement in (
        "UPDATE command_attempts SET reason = ''",
        "DELETE FROM command_attempts",
        "INSERT OR REPLACE INTO command_attempts SELECT * FROM command_attempts",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
    db.close()


def test_a_queued_command_that_conflicts_waits_for_who_issued_it(
    handler: CommandHandler, dispatcher: Dispatcher, store: SqliteStore
) -> None:
    handler.issue(change_owner("Bob"))
    waiting = change_owner("Cy", id_="x", expected=1)
    store.submit(lambda writer: writer.beside.commands.add([waiting])).result()

    assert dispatcher.settle().handled == 1

    assert sent(store).status == "conflict"
    assert store.beside.commands.pending() == []
    assert store.beside.commands.queues(NOW_US, since_us=0)[0].waiting == 0


def test_an_expected_version_that_is_insisted_on_is_held_to(handler: CommandHandler) -> None:
    deposit = {"accountNumber": "1", "amount": 1}
    handler.issue(issued("PerformDeposit", deposit))

    lenient = handler.issue(issued("PerformDeposit", deposit, expected=1))
    strict = handler.issue(issued("PerformDeposit", deposit, expected=1), is_exact=True)

    assert (lenient.status, strict.status) == ("done", "conflict")


def test_what_waits_for_a_gateway_is_retried_and_told_so(
    handler: CommandHandler, dispatcher: Dispatcher, store: SqliteStore, bank: Bank
) -> None:
    buy = issued("PerformBuyOrder", BUY, id_="buy")
    store.submit(lambda writer: writer.beside.commands.add([buy])).result()

    for _ in range(5):
        dispatcher.settle()
    found = sent(store)
    assert (found.status, [it.attempt for it in found.tried]) == ("retried", [1, 2, 3, 4, 5])
    assert [it.id for it in store.beside.commands.pending()] == ["buy"]

    bank.is_down = False
    dispatcher.settle()
    assert (sent(store).status, sent(store).attempts) == ("done", 6)


@pytest.mark.usefixtures("handler")
def test_retries_are_counted_on_after_a_restart(store: SqliteStore) -> None:
    buy = issued("PerformBuyOrder", BUY, id_="buy")
    store.submit(lambda writer: writer.beside.commands.add([buy])).result()
    for _ in range(4):
        Retries(store).note("buy", "did not answer", at_us=NOW_US)

    assert [it.attempt for it in sent(store).tried] == [1, 2]


def test_a_busy_store_settles_nothing_and_is_tried_again(
    dispatcher: Dispatcher, store: SqliteStore
) -> None:
    waiting = issued("PerformDeposit", {"accountNumber": "1", "amount": 1}, id_="d")
    store.submit(lambda writer: writer.beside.commands.add([waiting])).result()
    other = connect.connect(store.place.path)
    other.execute("BEGIN IMMEDIATE")

    assert dispatcher.settle().is_idle
    assert sent(store).status == "pending"

    other.rollback()
    other.close()
    dispatcher.settle()
    assert sent(store).status == "done"
