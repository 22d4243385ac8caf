"""branch bring-in and branch case: what was tried in a branch, on the log, and as tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
from tests.replay.verbs.conftest import Run

BANK = "bank.foldline"


def issue(run: Run, command: str, amount: int, *words: str) -> int:
    data = f'{{"accountNumber":"7","amount":{amount}}}'
    return run("issue", BANK, command, "--data", data, *words)[0]


@pytest.fixture
def bank(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An account of 100; in a branch 30 came and 20 went, and too much was refused."""
    monkeypatch.chdir(tmp_path)
    open_store(Path(BANK), create=True).close()
    run("issue", BANK, "OpenAccount", "--data", '{"id":"7","owner":"Ada"}')
    assert issue(run, "PerformDeposit", 100) == 0
    run("branch", "new", BANK, "plan")
    assert issue(run, "PerformDeposit", 30, "--branch", "plan") == 0
    assert issue(run, "PerformWithdrawal", 20, "--branch", "plan") == 0
    assert issue(run, "PerformWithdrawal", 900, "--branch", "plan") == 1
    return BANK


def brought(run: Run, *words: str) -> tuple[int, list[dict[str, Any]]]:
    code, out, err = run("branch", "bring-in", BANK, "plan", "--json", *words)
    assert err == ""
    return code, json.loads(out)["commands"]


def amounts(run: Run) -> list[object]:
    _, out, _ = run("log", BANK, "--json")
    return [json.loads(it)["data"].get("amount") for it in out.splitlines()]


def test_its_own_commands_are_issued_on_the_log_one_by_one(run: Run, bank: str) -> None:
    code, found = brought(run)

    assert code == 0
    assert [(it["command"], it["status"]) for it in found] == [
        ("PerformDeposit", "done"),
        ("PerformWithdrawal", "done"),
        ("PerformWithdrawal", "left"),
    ]
    assert amounts(run) == [None, 100, 30, 20]


def test_what_was_brought_in_is_not_brought_in_twice(run: Run, bank: str) -> None:
    brought(run)
    run("branch", "new", bank, "other", "--of", "plan")

    again = brought(run)
    _, out, _ = run("branch", "bring-in", bank, "other", "--json")

    assert [it["status"] for it in again[1]] == ["already", "already", "left"]
    assert [it["status"] for it in json.loads(out)["commands"]] == ["already", "already", "left"]
    assert amounts(run) == [None, 100, 30, 20]


def test_a_preview_tells_what_would_come_of_it_and_writes_nothing(run: Run, bank: str) -> None:
    before = Path(BANK).read_bytes()

    code, found = brought(run, "--preview")

    assert code == 0
    assert [it["status"] for it in found] == ["done", "done", "left"]
    assert Path(BANK).read_bytes() == before
    assert [it.name for it in Path().glob("*-branch-*.foldline*")] == []
    assert sorted(it.name for it in Path().glob("*-branch-preview*")) == []


def test_a_stream_that_went_on_is_a_conflict_until_it_is_brought_in_anyway(
    run: Run, bank: str
) -> None:
    run("issue", bank, "ChangeOwner", "--data", '{"accountId":"7","newOwner":"Bob"}')
    issue(run, "PerformWithdrawal", 5)

    code, found = brought(run)
    assert (code, found[0]["status"]) == (1, "conflict")
    assert [it["type"] for it in found[0]["between"]] == ["OwnerChanged", "WithdrawalPerformed"]
    assert len(found) == 1

    code, found = brought(run, "--anyway")
    assert (code, [it["status"] for it in found]) == (0, ["done", "done", "left"])


def test_a_refusal_stops_it_unless_it_goes_on_and_is_tried_again_later(run: Run, bank: str) -> None:
    run("branch", "new", bank, "big", "--of", "plan")
    issue(run, "PerformWithdrawal", 600, "--branch", "big")
    issue(run, "PerformDeposit", 1, "--branch", "big")
    issue(run, "PerformWithdrawal", 60)

    def big(*words: str) -> tuple[int, list[str]]:
        code, out, _ = run("branch", "bring-in", bank, "big", "--json", "--anyway", *words)
        return code, [it["status"] for it in json.loads(out)["commands"]]

    assert big() == (1, ["done", "done", "left", "refused"])
    assert big("--go-on") == (1, ["already", "already", "left", "refused", "done"])
    issue(run, "PerformDeposit", 500)
    assert big() == (0, ["already", "already", "left", "done", "already"])


def test_events_without_a_command_are_told_as_not_brought_in(run: Run, bank: str) -> None:
    branch = open_store(Path(f"{BANK}-branch-plan"))
    event = NewEvent.of("OwnerChanged", {"accountId": "7", "newOwner": "Eve"})
    branch.append("account-7", [event], expected=ANY_VERSION)
    branch.close()

    _, out, _ = run("branch", "bring-in", bank, "plan", "--preview")

    assert "1 event without a command is not brought in:" in out
    assert "OwnerChanged" in out


def test_a_branch_is_saved_as_tests_that_hold(run: Run, bank: str) -> None:
    code, out, err = run("branch", "case", bank, "plan")

    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 3
    assert "overdraft limit" in out
    code, out, _ = run("cases", bank, "--json")
    assert code == 0
    assert [it["holds"] for it in json.loads(out)] == [True] * 3
