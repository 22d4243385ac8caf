"""deadletters: what failed in the dispatcher, on the command line."""

import json
from pathlib import Path

import pytest

from replay.processes.retry_policy import GATEWAYS
from store.sqlite.store import open_store
from tests.replay.verbs.conftest import Run

NOWHERE = "the message of CustomerIsNoLongerPreferred at 3 for 'account manager'"


@pytest.fixture
def unsent(run: Run, tmp_path: Path) -> Path:
    """A log with a message for a gateway that is not set up."""
    path = tmp_path / "customers.foldline"
    open_store(path, create=True).close()
    for command, data in (
        ("RegisterCustomer", {"id": "7", "lastName": "Lovelace"}),
        ("MakeCustomerPreferred", {"customer": "7"}),
        ("ReportDelinquency", {"customer": "7", "reason": "unpaid"}),
    ):
        code, _, err = run("issue", path, command, "--data", json.dumps(data))
        assert code == 0, err
    return path


def letters(run: Run, path: Path) -> list[tuple[str, int]]:
    _, out, _ = run("deadletters", path, "--json")
    return [(it["status"], it["attempts"]) for it in json.loads(out)]


def die(run: Run, path: Path) -> None:
    for _ in range(GATEWAYS.attempts):
        run("dispatch", path, "--from-start")


def test_a_message_that_cannot_be_sent_is_told_and_the_exit_code_says_so(
    run: Run, unsent: Path
) -> None:
    code, out, err = run("dispatch", unsent)

    assert code == 1
    assert "1 to be retried, 0 given up, 0 commands due and not handled, 1 message released" in out
    assert f"{NOWHERE} failed and will be retried: it is not configured" in err
    code, out, _ = run("deadletters", unsent)
    assert code == 0  # it is not dead yet
    assert "it is not configured: gateway 'account manager'" in out


def test_what_is_dead_is_tried_again_when_that_is_asked_for(run: Run, unsent: Path) -> None:
    die(run, unsent)
    code, out, _ = run("deadletters", unsent)
    assert code == 1
    assert "dead" in out
    assert letters(run, unsent) == [("dead", GATEWAYS.attempts)]
    code, _, err = run("dispatch", unsent)
    assert (code, letters(run, unsent)) == (1, [("dead", GATEWAYS.attempts)])
    assert f"{NOWHERE} was given up after {GATEWAYS.attempts} attempts" in err

    gateways = {"account manager": {"kind": "file", "messages": "told.jsonl"}}
    unsent.with_name("customers.foldline-gateways.json").write_text(json.dumps(gateways), "utf-8")
    run("deadletters", unsent, "--retry", "all")

    assert run("dispatch", unsent)[0] == 0
    assert run("deadletters", unsent) == (0, "there are no unhandled failures\n", "")


def test_what_is_given_up_keeps_its_reason_and_is_told_no_more(run: Run, unsent: Path) -> None:
    die(run, unsent)
    _, out, _ = run("deadletters", unsent, "--json")
    (letter,) = json.loads(out)

    code, _, err = run("deadletters", unsent, "--give-up", letter["number"])
    assert code != 0
    assert "needs a reason" in err
    run("deadletters", unsent, "--give-up", letter["number"], "--why", "moved", "--actor", "bob")

    assert letters(run, unsent) == []
    assert run("dispatch", unsent)[0] == 0


@pytest.mark.parametrize("number", ["99", "first"])
def test_a_number_that_is_not_in_the_list_is_refused(run: Run, unsent: Path, number: str) -> None:
    code, _, err = run("deadletters", unsent, "--retry", number)

    assert code != 0
    assert "number" in err
