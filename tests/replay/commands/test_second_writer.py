"""Two writers of one store, each with states in memory: the one that is behind loses nothing."""

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store import json_text
from store.errors import VersionConflict
from store.events import NewEvent
from store.sqlite.store import SqliteStore, open_store
from tests.replay.answers import conflict, refusal
from tests.replay.issued import issued

ROOT = Path(__file__).parents[3]
ACCOUNT = "account-1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "bank.foldline", create=True)
    yield store
    store.close()


@pytest.fixture
def behind(store: SqliteStore) -> CommandHandler:
    """Has the account in memory as of version 2, a balance of 100."""
    handler = CommandHandler(store, bundled_models())
    handler.issue(issued("OpenAccount", {"id": "1", "owner": "John Doe"}))
    handler.issue(booked("PerformDeposit", "100"))
    return handler


def booked(command: str, amount: str, **facts: object):  # type: ignore[no-untyped-def]
    data = {"accountNumber": "1", "amount": Decimal(amount)}
    return issued(command, data, **facts)  # type: ignore[arg-type]


def other_process(store: SqliteStore, amount: str) -> None:
    """Withdraws, at once."""
    data = json_text.encode({"accountNumber": "1", "amount": Decimal(amount)})
    subprocess.run(
        [
            sys.executable,
            "main.py",
            "issue",
            str(store.place.path),
            "PerformWithdrawal",
            "--data",
            data,
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


def amounts(store: SqliteStore) -> list[tuple[int, str, object]]:
    return [(it.version, it.type, it.data.get("amount")) for it in store.read_stream(ACCOUNT)][1:]


def test_what_came_in_between_is_met_and_nothing_is_lost(
    store: SqliteStore, behind: CommandHandler
) -> None:
    other_process(store, "30")

    answered = behind.issue(booked("PerformDeposit", "5"))

    assert (answered.status, answered.attempts, behind.conflicts) == ("done", 2, 1)
    assert amounts(store) == [
        (2, "DepositPerformed", 100),
        (3, "WithdrawalPerformed", 30),
        (4, "DepositPerformed", 5),
    ]
    assert behind.state_of(ACCOUNT)[0].balance == Decimal(75)


def test_a_decision_on_the_old_state_does_not_stand(
    store: SqliteStore, behind: CommandHandler
) -> None:
    other_process(store, "600")  # the balance is at its lowest now

    answered = behind.issue(booked("PerformWithdrawal", "1"))

    assert refusal(answered).rule == "overdraft limit"
    assert behind.conflicts == 1
    assert len(amounts(store)) == 2


def test_one_who_insists_on_the_version_seen_is_told_what_came(
    store: SqliteStore, behind: CommandHandler
) -> None:
    other_process(store, "30")

    answered = behind.issue(booked("PerformWithdrawal", "1", expected=2))

    assert (answered.status, answered.version) == ("conflict", 3)
    assert [it.type for it in conflict(answered).between] == ["WithdrawalPerformed"]
    assert len(amounts(store)) == 2


def test_who_has_seen_what_came_in_between_meets_no_conflict(
    store: SqliteStore, behind: CommandHandler
) -> None:
    CommandHandler(store, bundled_models()).issue(booked("PerformWithdrawal", "30"))

    answered = behind.issue(booked("PerformWithdrawal", "1", expected=3))

    assert (answered.status, behind.conflicts) == ("done", 0)
    assert [it for it, _, _ in amounts(store)] == [2, 3, 4]


def test_what_the_old_state_forbids_is_looked_up_before_it_is_refused(
    store: SqliteStore, behind: CommandHandler
) -> None:
    CommandHandler(store, bundled_models()).issue(booked("PerformDeposit", "5000"))

    answered = behind.issue(booked("PerformWithdrawal", "4000"))

    assert answered.status == "done"
    assert behind.state_of(ACCOUNT)[0].balance == Decimal(1100)


def test_a_second_handler_with_a_memory_of_its_own_is_no_different(
    store: SqliteStore, behind: CommandHandler
) -> None:
    second = CommandHandler(store, bundled_models())
    second.issue(booked("PerformWithdrawal", "1"))

    for n in range(5):
        behind.issue(booked("PerformDeposit", str(10 + n)))
        second.issue(booked("PerformDeposit", str(20 + n)))

    assert [it for it, _, _ in amounts(store)] == list(range(2, 14))
    assert behind.conflicts + second.conflicts == 10
    assert behind.state_of(ACCOUNT) == second.state_of(ACCOUNT)


def test_the_log_itself_refuses_an_append_on_an_old_version(
    store: SqliteStore, behind: CommandHandler
) -> None:
    other_process(store, "30")

    with pytest.raises(VersionConflict) as refused:
        store.append(ACCOUNT, [NewEvent.of("DepositPerformed", {})], expected=2)

    assert (refused.value.expected, refused.value.actual) == (2, 3)
    assert len(amounts(store)) == 2
