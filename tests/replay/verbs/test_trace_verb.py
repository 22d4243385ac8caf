"""`trace`: the conversation of an event."""

import json
from pathlib import Path
from typing import Final

import pytest

from store.sqlite.store import open_store
from tests.replay.verbs.conftest import Run

DEPOSIT: Final = '{"accountNumber":"7","amount":20}'


@pytest.fixture
def bank(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "bank.foldline"
    open_store(path, create=True).close()
    run("issue", path, "OpenAccount", "--data", '{"id":"7","owner":"Ada"}')
    run("issue", path, "PerformDeposit", "--data", DEPOSIT, "--because", "1")
    return path


def test_a_command_that_answers_an_event_joins_its_conversation(run: Run, bank: Path) -> None:
    told = run("trace", bank, "1")[1].splitlines()
    code, _, err = run("issue", bank, "PerformDeposit", "--data", DEPOSIT, "--because", "99")

    assert [it.strip() for it in told] == [
        "OpenAccount? -> account-7",
        "@account-7::BankAccountCreated! ->",
        "PerformDeposit? -> account-7",
        "@account-7::DepositPerformed! ->",
    ]
    assert code == 1
    assert "no event at position 99" in err


def test_a_conversation_that_is_not_told_whole_says_how_long_it_is(run: Run, bank: Path) -> None:
    _, out, err = run("trace", bank, "1", "--limit", "1")
    told = json.loads(run("trace", bank, "1", "--limit", "1", "--json")[1])

    assert [it.strip() for it in out.splitlines() if "!" in it] == [
        "@account-7::BankAccountCreated! ->"
    ]
    assert "the conversation has 2 events; the 1 around position 1 are shown" in err
    assert (len(told["events"]), told["left_out"]) == (1, 1)
