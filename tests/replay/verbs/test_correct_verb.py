"""correct …: the past is put right from a command line, by new events."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.replay.verbs.conftest import Run

WRONG = ("--kind", "wrong", "--data", '{"total": 7}')


def facts(run: Run, *words: object) -> dict[str, Any]:
    code, out, err = run("correct", *words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def lines_of(run: Run, store: Path) -> list[str]:
    return list(run("log", store, "--json")[1].splitlines())


def test_a_preview_shows_the_three_realities_and_appends_nothing(run: Run, store: Path) -> None:
    before = lines_of(run, store)

    code, out, _ = run("correct", store, 2, *WRONG, "--preview")

    assert code == 0
    assert out.splitlines() == [
        "Placed at 2 was wrong",
        "order-2:",
        "field  in the log  should be  after the correction",
        "total  5           7          7",
        'appends Corrected {"total":7}',
        "this is a preview, nothing was appended",
    ]
    assert lines_of(run, store) == before


def test_what_was_recorded_stays_as_it_was(run: Run, store: Path) -> None:
    before = lines_of(run, store)

    code, out, _ = run("correct", store, 2, *WRONG, "--actor", "ada", "--reason", "mistyped")

    after = lines_of(run, store)
    assert (code, out.splitlines()[-1]) == (0, "1 event appended: 4")
    assert after[:3] == before
    metadata = json.loads(after[3])["metadata"]
    assert (metadata["corrects"], metadata["user"], metadata["reason"]) == ("e2", "ada", "mistyped")
    assert '{"total":7}' in run("state", store, "order-2")[1]


def test_the_same_again_appends_nothing(run: Run, store: Path) -> None:
    first = facts(run, store, 2, *WRONG)

    again = facts(run, store, 2, *WRONG)

    assert (first["appended"], first["made_before"], first["complete"]) == ([4], [], True)
    assert (again["appended"], again["made_before"]) == ([], [4])
    assert "the same correction was made by 4" in run("correct", store, 2, *WRONG)[1]


def test_an_event_that_should_not_be_and_one_that_came_too_late(run: Run, store: Path) -> None:
    late = facts(run, store, 3, "--kind", "late", "--before", 1)
    rejected = facts(run, store, 1, "--kind", "rejected")

    assert (late["kind"], late["before"]) == ("late", "e1")
    (side,) = rejected["streams"]
    assert side["after"] == side["should_be"] == {"paid": True}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((2, "--kind", "wrong"), "a wrong event needs what it should have said"),
        ((2, "--kind", "rejected", "--data", "1"), "only a wrong event takes other data"),
        ((2, "--kind", "rejected", "--before", "1"), "only a late event takes another place"),
        ((2, "--kind", "wrong", "--data", "{"), "the data is not valid JSON"),
        ((9, "--kind", "rejected"), "there is no event at position 9, the last one is 3"),
    ],
)
def test_what_cannot_be_asked_has_its_own_sentence(
    run: Run, store: Path, words: tuple[object, ...], said: str
) -> None:
    before = lines_of(run, store)

    code, out, err = run("correct", store, *words)

    assert (code, out) == (1, "")
    assert said in err
    assert lines_of(run, store) == before


def test_another_kind_is_no_kind(run: Run, store: Path) -> None:
    assert run("correct", store, 2, "--kind", "swapped")[0] == 2


def test_what_new_events_cannot_reach_is_told_and_takes_an_own_option(
    run: Run, tmp_path: Path
) -> None:
    bank = tmp_path / "bank.foldline"
    run("new", bank)
    run("issue", bank, "OpenAccount", "--data", '{"id":"1","owner":"Ann"}')
    run("issue", bank, "CloseAccount", "--data", '{"accountId":"1","reason":"moved"}')

    code, _, err = run("correct", bank, 2, "--kind", "rejected")
    shown = run("correct", bank, 2, "--kind", "rejected", "--preview")[1]

    assert code == 1
    assert "new events alone do not make these fields what they should be" in err
    assert "new events alone cannot reach: isClosed, closingReason" in shown
    assert len(lines_of(run, bank)) == 2
    assert run("correct", bank, 2, "--kind", "rejected", "--partly")[0] == 0
    assert len(lines_of(run, bank)) == 3


def test_log_and_history_tell_both_ends(run: Run, store: Path) -> None:
    run("correct", store, 2, *WRONG, "--reason", "mistyped")

    told = run("log", store)[1].splitlines()
    history = run("history", store, "order-2", "total")[1].splitlines()
    changes = run("history", store, "order-2", "total", "--json")[1].splitlines()

    assert "Placed (corrected by 4)" in told[1]
    assert "Corrected (corrects 2)" in told[3]
    assert "Corrected (corrects 2: was wrong)" in history[-1]
    assert [json.loads(it).get("corrects") for it in changes] == [None, 2]


def test_a_branch_is_corrected_by_its_path_or_its_name(run: Run, store: Path) -> None:
    run("branch", "new", store, "fix")
    before = store.read_bytes()

    made = facts(run, f"{store}-branch-fix", 2, *WRONG)
    again = facts(run, store, 2, *WRONG, "--branch", "fix")

    assert (made["appended"], again["made_before"]) == ([4], [4])
    assert '{"total":7}' in run("state", store, "order-2", "--branch", "fix")[1]
    assert store.read_bytes() == before
