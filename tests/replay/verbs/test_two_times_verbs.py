"""The state, its differences and the history of a field, as they were known at another time."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.replay.verbs.conftest import Run

RATES = (
    ("2026-07-01", "2026-07-01", {"percent": 5}),
    ("2026-09-01", "2026-09-01", {"percent": 7}),
    ("2026-07-15", "2026-10-01", {"percent": 6, "by": "ada"}),
)


@pytest.fixture
def rates(tmp_path: Path, run: Run) -> Path:
    lines = [
        {
            "stream": "rate-1",
            "type": "RateSet",
            "id": f"e{number}",
            "occurred_at": f"{occurred}T00:00:00Z",
            "recorded_at": f"{recorded}T00:00:00Z",
            "data": data,
        }
        for number, (occurred, recorded, data) in enumerate(RATES)
    ]
    source = tmp_path / "rates.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)) + "\n", "utf-8")
    path = tmp_path / "rates.foldline"
    assert run("import", source, "--into", path)[0] == 0
    return path


def test_the_state_tells_what_had_occurred_as_it_was_known(run: Run, rates: Path) -> None:
    grid = [("2026-08-01", "2026-08-15"), ("2026-08-01", "2026-10-02"),
            ("2026-09-15", "2026-09-20"), ("2026-09-15", "2026-10-02")]  # fmt: skip
    found = [_state(run, rates, *it)["state"] for it in grid]

    late = {"percent": 6, "by": "ada"}
    assert found == [{"percent": 5}, late, {"percent": 7}, {"percent": 7, "by": "ada"}]


def test_it_says_which_knowledge_it_speaks_of(run: Run, rates: Path) -> None:
    facts = _state(run, rates, "2026-08-01", "2026-08-15")
    out = run("state", rates, "rate-1", "--occurred", "2026-08-01", "--known", "2")[1]

    assert facts["occurred_by"] == "2026-08-01T00:00:00.000000+00:00"
    assert facts["known"] == {"position": 1, "recorded_by": "2026-07-01T00:00:00.000000+00:00"}
    assert "position 2, recorded by 2026-09-01T00:00:00.000000+00:00" in out


def test_before_anything_was_recorded_nothing_was_known(run: Run, rates: Path) -> None:
    facts = _state(run, rates, "2026-08-01", "2026-01-01")
    out = run("state", rates, "rate-1", "--occurred", "2026-08-01", "--known", "0")[1]

    assert (facts["state"], facts["known"]) == ({}, {"position": 0, "recorded_by": None})
    assert "nothing was recorded yet" in out


def test_a_diff_tells_what_was_learned_meanwhile(run: Run, rates: Path) -> None:
    then, now = (f"occurred:2026-08-01,known:{it}" for it in ("2026-08-15", "2026-10-02"))

    _, out, _ = run("diff", rates, "rate-1", "--from", then, "--to", now)
    facts = json.loads(run("diff", rates, "rate-1", "--from", then, "--to", now, "--json")[1])

    assert out.splitlines() == [
        "# from: occurred by: 2026-08-01T00:00:00.000000+00:00",
        "# from: known at: position 1, recorded by 2026-07-01T00:00:00.000000+00:00",
        "# to: occurred by: 2026-08-01T00:00:00.000000+00:00",
        "# to: known at: position 3, recorded by 2026-10-01T00:00:00.000000+00:00",
        "~ percent: 5 → 6",
        '+ by: "ada"',
    ]
    assert [facts[it]["known"]["position"] for it in ("from", "to")] == [1, 3]


def test_a_history_is_that_of_what_was_known(run: Run, rates: Path) -> None:
    ask = ("history", rates, "rate-1", "percent", "--occurred", "--json")
    known = [run(*ask, "--known", it)[1] for it in ("2026-09-20", "2026-10-02")]
    cut = run(*ask, "--known", "3", "--at", "occurred:2026-08-01")[1]

    after = [[json.loads(line)["after"] for line in it.splitlines()] for it in (*known, cut)]
    assert after == [[5, 7], [5, 6, 7], [5, 6]]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--known", "2"), "only an occurred time"),
        (("--at", "v1", "--known", "2"), "only an occurred time"),
        (("--occurred", "2026-08-01", "--known", "99"), "ends at position 3"),
        (
            (
                "--occurred",
                "someday",
            ),
            "neither a position nor a time",
        ),
    ],
)
def test_a_moment_without_sense_is_refused(
    run: Run, rates: Path, options: tuple[str, ...], why: str
) -> None:
    code, _, err = run("state", rates, "rate-1", *options)

    assert code == 1
    assert why in err


def _state(run: Run, store: Path, occurred: str, known: str) -> Any:
    code, out, err = run(
        "state", store, "rate-1", "--occurred", occurred, "--known", known, "--json"
    )
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_log_marks_what_came_late(run: Run, rates: Path) -> None:
    lines = run("log", rates)[1].splitlines()
    only_the_last = run("log", rates, "--from", "3")[1]

    assert ["late" in it for it in lines] == [False, False, True]
    assert "RateSet (late, after 1)" in only_the_last


def test_lint_tells_what_came_late(run: Run, rates: Path) -> None:
    out = run("lint", rates)[1]
    facts = [json.loads(it) for it in run("lint", rates, "--json")[1].splitlines()]

    assert "late: 1 of 3 RateSet" in out
    assert ", first at 3" in out
    found = [it for it in facts if it["fault"] == "late"]
    assert found == [{"fault": "late", "type": "RateSet", "count": 1, "of": 3, "positions": [3]}]
