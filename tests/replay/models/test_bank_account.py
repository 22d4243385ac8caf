"""The bank account by its bundled model: the walk of the talk, undoing, and exact money."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from replay.commands.answered import Answered
from replay.commands.command_form import InvalidCommand
from replay.commands.decide import CommandHandler
from replay.commands.undo import TakenBack, undo_of
from replay.states.model_set import bundled_models
from replay.states.stream_states import StreamStates
from store import json_text
from store.events import NewEvent
from store.sqlite.store import open_store
from tests.replay.answers import done, refusal
from tests.replay.issued import issued

STREAM = "account-7"


class Bank:
    def __init__(self, path: Path) -> None:
        self.store = open_store(path, create=True)
        self.handler = CommandHandler(self.store, bundled_models())

    def try_(self, command: str, **data: Any) -> Answered:
        return self.handler.issue(issued(command, data))

    def do(self, command: str, **data: Any) -> int:
        answered = self.try_(command, **data)
        assert answered.status == "done", answered
        return done(answered).last_position or 0

    def undo(self, position: int) -> int:
        """Issue what compensates an event, as the window does."""
        event = self.store.reader().event(position)
        assert event is not None
        found = undo_of(self.store, bundled_models(), position)
        data = json_text.decode(json_text.encode(found))
        command = structs.replace(issued(type(found).__name__, data), causation_id=event.id)
        return done(self.handler.issue(command)).last_position or 0

    def at(self, version: int) -> dict[str, Any]:
        position = self.store.position_of(STREAM, version) or 0
        state: dict[str, Any] = StreamStates().at(self.store, STREAM, position).state
        return state


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    bank = Bank(tmp_path / "bank.foldline")
    bank.do("OpenAccount", id="7", owner="John Doe")
    yield bank
    bank.store.close()


def test_the_walk_of_the_talk_from_version_1_to_5(bank: Bank) -> None:
    bank.do("PerformDeposit", accountNumber="7", amount=20)
    bank.do("ChangeOwner", accountId="7", newOwner="Jane Doe")
    bank.do("PerformWithdrawal", accountNumber="7", amount=10)
    bank.do("PerformWithdrawal", accountNumber="7", amount=10)

    walk = [(it["owner"], it["balance"]) for it in map(bank.at, range(1, 6))]
    assert walk == [
        ("John Doe", 0),
        ("John Doe", 20),
        ("Jane Doe", 20),
        ("Jane Doe", 10),
        ("Jane Doe", 0),
    ]


def test_an_emptied_account_is_closed_takes_nothing_more_and_its_past_still_reads(
    bank: Bank,
) -> None:
    bank.do("PerformDeposit", accountNumber="7", amount=20)
    bank.do("PerformWithdrawal", accountNumber="7", amount=20)
    bank.do("CloseAccount", accountId="7", reason="moved abroad")

    refused = bank.try_("PerformDeposit", accountNumber="7", amount=1)

    assert refusal(refused).rule == "account is open"
    assert refusal(refused).reason == "The account is closed: moved abroad"
    assert (bank.at(2)["balance"], bank.at(2)["isClosed"]) == (20, False)


def test_undone_twice_and_redone_the_stream_only_grows(bank: Bank) -> None:
    first = bank.do("PerformDeposit", accountNumber="7", amount=100)
    second = bank.do("PerformDeposit", accountNumber="7", amount=30)
    lengths, balances = [], []

    taken_back = 0
    for position in (second, first, None):
        taken_back = bank.undo(position or taken_back)
        lengths.append(bank.store.stream_version(STREAM))
        balances.append(bank.handler.state_of(STREAM)[0].balance)

    assert lengths == [4, 5, 6]
    assert balances == [100, 0, 100]


def test_what_was_taken_back_is_not_taken_back_again(bank: Bank) -> None:
    deposit = bank.do("PerformDeposit", accountNumber="7", amount=100)
    bank.undo(deposit)

    with pytest.raises(TakenBack, match="was undone by WithdrawalPerformed at 3") as told:
        bank.undo(deposit)

    assert "undo the event that undid it" in told.value.hint
    assert bank.handler.state_of(STREAM)[0].balance == 0


def test_an_owner_is_given_back_whether_or_not_the_event_says_who_it_was(bank: Bank) -> None:
    changed = bank.do("ChangeOwner", accountId="7", newOwner="Jane Doe")
    bank.undo(changed)
    assert bank.handler.state_of(STREAM)[0].owner == "John Doe"

    bank.store.append(
        STREAM, [NewEvent.of("OwnerChanged", {"accountId": "7", "newOwner": "Eve"})], expected=None
    )
    bank.undo(bank.store.head())
    assert bank.handler.state_of(STREAM)[0].owner == "John Doe"


def test_money_is_exact_whatever_was_recorded_and_reads_alike(bank: Bank) -> None:
    """Amounts of another system, of any size; equal balances are written alike."""
    for amount in ("1e400", "0.01", "20", "0.00"):
        event = {"accountId": "7", "amount": Decimal(amount)}
        bank.store.append(STREAM, [NewEvent.of("DepositPerformed", event)], expected=None)
    back = {"accountId": "7", "amount": Decimal("1e400")}
    bank.store.append(STREAM, [NewEvent.of("WithdrawalPerformed", back)], expected=None)

    assert json_text.encode(bank.at(6)["balance"]) == "20.01"


@pytest.mark.parametrize("amount", ["0", "-1", "1e400"])
def test_an_amount_out_of_bounds_is_told_beside_its_field(bank: Bank, amount: str) -> None:
    with pytest.raises(InvalidCommand) as told:
        bank.try_("PerformDeposit", accountNumber="7", amount=Decimal(amount))

    assert [it.path for it in told.value.errors] == [("amount",)]


def test_half_a_cent_is_refused(bank: Bank) -> None:
    refused = bank.try_("PerformDeposit", accountNumber="7", amount=Decimal("0.005"))

    assert refusal(refused).rule == "whole cents"
