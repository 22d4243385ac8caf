"""branch decide, and branch edit of a branch that decides later commands again."""

import json
from pathlib import Path

import pytest

from store.sqlite.store import open_store
from tests.replay.verbs.conftest import Run

BANK = "bank.foldline"


@pytest.fixture
def bank(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """100 came in, 400 went out (the overdraft allows 500), and 50 more."""
    monkeypatch.chdir(tmp_path)
    open_store(Path(BANK), create=True).close()
    run("issue", BANK, "OpenAccount", "--data", '{"id":"7","owner":"Ada"}')
    for command, amount in (
        ("PerformDeposit", "100"),
        ("PerformWithdrawal", "400"),
        ("PerformWithdrawal", "50"),
    ):
        data = f'{{"accountNumber":"7","amount":{amount}}}'
        assert run("issue", BANK, command, "--data", data)[0] == 0
    return BANK


def types(run: Run, *words: str) -> list[str]:
    _, out, _ = run("log", BANK, "--json", *words)
    return [json.loads(it)["type"] for it in out.splitlines()]


def test_a_withdrawal_is_refused_when_the_deposit_was_smaller(run: Run, bank: str) -> None:
    recorded = types(run)
    run("branch", "new", bank, "fix", "--at", "1", "--decide-again")

    _, out, err = run("branch", "edit", bank, "fix", "--leave-out", "2")
    told = json.loads(run("branch", "show", bank, "fix", "--json")[1])

    assert err == ""
    assert out.splitlines()[:2] == [
        "branch fix is changed",
        "2 commands decided again, 0 with a different result",
    ]
    assert types(run, "--branch", "fix") == [recorded[0], *recorded[2:]]
    assert (told["later_events"], told["not_decided_yet"]) == ("decide", False)
    run(
        "branch",
        "edit",
        bank,
        "fix",
        "--insert-before",
        "2",
        "--stream",
        "account-7",
        "--type",
        "WithdrawalPerformed",
        "--data",
        '{"accountId":"7","amount":200}',
    )
    lines = run("branch", "show", bank, "fix")[1].splitlines()
    assert any("PerformWithdrawal on" in it and "refused" in it for it in lines)


def test_what_is_not_decided_yet_is_said(run: Run, bank: str) -> None:
    run("branch", "new", bank, "fix", "--at", "1")
    run("branch", "edit", bank, "fix", "--leave-out", "2")

    code, out, _ = run("branch", "edit", bank, "fix", "--decide-again", "--json")

    assert code == 0
    assert json.loads(out)["decided"]["looked_at"] == 2
    assert run("branch", "decide", bank, "fix") == (
        0,
        "2 commands decided again, 0 with a different result\n",
        "",
    )
