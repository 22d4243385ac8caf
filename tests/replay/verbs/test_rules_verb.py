"""`rules`: standing rules, and where they were broken."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.replay.verbs.conftest import Run

EVENTS = (
    ("account-1", "Opened", {"balance": 0, "tags": ["a"], "code": 7}),
    ("account-1", "Booked", {"balance": -5}),
    ("account-2", "Opened", {"balance": 9, "code": "x"}),
    ("account-1", "Booked", {"balance": 1}),
    ("account-1", "Booked", {"balance": -2}),
)


@pytest.fixture
def store(tmp_path: Path, run: Run) -> Path:
    """A record a minute."""
    lines = [
        json.dumps(
            {
                "stream": stream,
                "type": type_,
                "id": f"e{minute}",
                "recorded_at": f"2026-03-01T10:0{minute}:00Z",
                "data": data,
                "metadata": {"user": "ada"},
            }
        )
        for minute, (stream, type_, data) in enumerate(EVENTS)
    ]
    source, path = tmp_path / "bank.jsonl", tmp_path / "bank.foldline"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    assert run("import", source, "--into", path)[0] == 0
    return path


@pytest.fixture
def ruled(store: Path, run: Run) -> Path:
    """With a rule that is broken twice."""
    added = run("rules", store, "--add", "afloat", "--where", "balance < 0", "--of", "account")
    assert added[0] == 0
    return store


def told(run: Run, store: Path, *arguments: object) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and each rule by its name."""
    code, out, _ = run("rules", store, "--json", *arguments)
    return code, {it["rule"]: it for it in map(json.loads, out.splitlines())}


def test_every_violation_is_listed_with_its_event_values_and_how_long_it_lasted(
    run: Run, ruled: Path
) -> None:
    code, rules = told(run, ruled)

    it = rules["afloat"]
    first, second = it["listed"]
    assert code == 1
    assert (it["violations"], it["now"]) == (2, 1)
    assert first == {
        "stream": "account-1",
        "position": 2,
        "type": "Booked",
        "recorded_at": "2026-03-01T10:01:00.000000+00:00",
        "who": "ada",
        "values": {"balance": -5},
        "until": 4,
        "lasted_seconds": 120.0,
    }
    assert (second["position"], second["until"]) == (5, None)


def test_how_many_are_not_listed_is_told(run: Run, ruled: Path) -> None:
    _, out, err = run("rules", ruled, "--limit", "1")

    assert "afloat: the first 1 of 2 are shown" in err
    assert out.count("account-1") == 1


def test_as_of_a_moment_nothing_behind_it_counts(run: Run, ruled: Path) -> None:
    assert told(run, ruled, "--at", "1")[0] == 0

    code, rules = told(run, ruled, "--at", "3")

    assert code == 1
    assert (rules["afloat"]["violations"], rules["afloat"]["now"]) == (1, 1)
    assert rules["afloat"]["listed"][0]["until"] is None


def test_what_is_appended_later_is_folded_on(run: Run, ruled: Path, tmp_path: Path) -> None:
    assert told(run, ruled)[1]["afloat"]["now"] == 1
    later = tmp_path / "later.jsonl"
    event = {"stream": "account-1", "type": "Booked", "id": "e9", "data": {"balance": 0}}
    later.write_text(json.dumps(event) + "\n", "utf-8")
    assert run("import", later, "--into", ruled)[0] == 0

    it = told(run, ruled)[1]["afloat"]

    assert (it["violations"], it["now"], it["listed"][1]["until"]) == (2, 0, 6)


def test_a_rule_that_nothing_breaks_exits_with_0(run: Run, store: Path) -> None:
    run("rules", store, "--add", "small", "--where", "balance > 100")

    assert told(run, store)[0] == 0


def test_a_rule_is_changed_in_part_and_removed(run: Run, ruled: Path) -> None:
    run("rules", ruled, "--add", "afloat", "--severity", "info", "--note", "for the bank")

    it = told(run, ruled)[1]["afloat"]
    assert (it["where"], it["of"], it["severity"], it["note"]) == (
        "balance < 0",
        "account",
        "info",
        "for the bank",
    )

    assert run("rules", ruled, "--remove", "afloat")[0] == 0
    assert "afloat" not in told(run, ruled)[1]
    assert not Path(f"{ruled}-rules.json").exists()


def test_another_condition_is_folded_anew(run: Run, ruled: Path) -> None:
    assert told(run, ruled)[1]["afloat"]["violations"] == 2

    run("rules", ruled, "--add", "afloat", "--where", "balance > 5")

    assert told(run, ruled)[1]["afloat"]["violations"] == 1


def test_a_rule_of_a_change_is_broken_by_every_event_of_which_it_holds(
    run: Run, store: Path
) -> None:
    run("rules", store, "--add", "fixed", "--where", "balance changed", "--of", "account")

    it = told(run, store)[1]["fixed"]

    assert (it["violations"], it["now"]) == (5, 0)


@pytest.mark.parametrize(
    ("condition", "of", "sentence"),
    [
        ("balanse < 0", "account", "no state of account-… has had a field `balanse`; nearest: bal"),
        ("tags = b", "account", "`tags` is a list, first at 1: the rule tests whether any item"),
        ("code > 3", "account", "`code` is a number, and a text since 3"),
        ("balance = x", "account", "`balance` is a number, and the rule compares it with a text"),
        ("balance < 0", "acount", "no stream is named acount-…; nearest: account"),
    ],
)
def test_what_is_odd_about_a_rule_has_a_sentence_of_its_own(
    run: Run, store: Path, condition: str, of: str, sentence: str
) -> None:
    run("rules", store, "--add", "odd", "--where", condition, "--of", of)

    assert sentence in run("rules", store)[2]
    assert sentence in told(run, store)[1]["odd"]["remarks"][0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--add", "x", "--where", "balance <"), "expected a value here"),
        (("--add", "x"), "a rule needs a condition"),
        (("--add", " ", "--where", "a = 1"), "the name of a rule must be one line"),
        (("--add", "x" * 101, "--where", "a = 1"), "at most 100 characters"),
        (("--add", "x", "--where", "a = 1", "--of", "account-"), "before the dash"),
        (("--add", "bank account: emptied before it is closed", "--where", "a = 1"), "invariant"),
        (("--severity", "info"), "needs --add"),
        (("--remove", "nobody"), "no rule is saved as 'nobody'"),
        (("--rule", "nobody"), "no rule is saved as 'nobody'"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(
    run: Run, store: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, _, err = run("rules", store, *arguments)

    assert code != 0
    assert sentence in err
    assert not Path(f"{store}-rules.json").exists()


def test_a_file_of_rules_that_cannot_be_read_is_told_and_left_alone(run: Run, store: Path) -> None:
    file = Path(f"{store}-rules.json")
    file.write_text('[{"name": "x", "where": "a ="}]', "utf-8")

    code, _, err = run("rules", store)

    assert code != 0
    assert "the rules file cannot be used" in err
    assert file.read_text("utf-8") == '[{"name": "x", "where": "a ="}]'


def test_the_invariants_of_a_model_stand_among_the_rules_by_themselves(
    run: Run, tmp_path: Path
) -> None:
    source, path = tmp_path / "own.jsonl", tmp_path / "own.foldline"
    event = {
        "stream": "account-1",
        "type": "WithdrawalPerformed",
        "id": "e1",
        "data": {"accountId": "1", "amount": 501},
    }
    source.write_text(json.dumps(event) + "\n", "utf-8")
    run("import", source, "--into", path)

    code, rules = told(run, path)

    assert code == 1
    assert rules["bank account: within the overdraft limit"]["violations"] == 1
    assert rules["bank account: emptied before it is closed"]["violations"] == 0
    assert "ship: somewhere" not in rules


def test_sql_can_ask_for_violations(run: Run, ruled: Path) -> None:
    run("rules", ruled)

    out = run("sql", ruled, "SELECT stream, position, until FROM broken_rules", "--json")[1]

    assert [json.loads(it)["position"] for it in out.splitlines()] == [2, 5]


def test_violations_go_with_the_last_rule(run: Run, store: Path) -> None:
    run("rules", store, "--add", "one", "--where", "tags = a")
    assert told(run, store)[0] == 1

    run("rules", store, "--remove", "one")
    run("view", store, "streams")

    assert run("sql", store, "SELECT * FROM broken_rules", "--json")[1] == ""
    assert told(run, store)[0] == 0
