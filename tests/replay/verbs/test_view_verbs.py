"""Views, comparison, certificate, SQL and snapshots on the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from replay.file_lock import views_lock
from store.connect import connect, views_path
from tests.replay.logs import append
from tests.replay.verbs.conftest import Run


def parsed(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def test_views_lists_each_with_its_lag_and_columns(run: Run, store: Path) -> None:
    run("view", store, "streams")

    found = {it["view"]: it for it in parsed(run("views", store, "--json")[1])}

    assert (found["streams"]["checkpoint"], found["streams"]["lag"]) == (3, 0)
    assert found["streams"]["rows"] == 2
    assert found["streams"]["columns"][0] == {"name": "stream", "kind": "text", "is_key": True}
    assert "event_count" in run("views", store)[1]


def test_one_view_at_two_moments_differs_with_exit_code_1(run: Run, store: Path) -> None:
    code, out, _ = run("compare", store, "streams@1", "streams@3")
    same = run("compare", store, "streams@2", "streams@2", "--json")

    assert code == 1
    assert "1 rows equal" not in out
    assert "+ order-2" in out
    assert "~ order-1: " in out
    assert same[0] == 0
    assert parsed(same[1])[0]["equal"] == 2


def test_first_names_the_event_two_views_part_at(run: Run, store: Path) -> None:
    code, out, _ = run("compare", store, "streams", "latest_states", "--first")
    again = run("compare", store, "streams", "streams", "--first")

    assert code in (0, 1)
    assert out
    assert (again[0], again[1].strip()) == (0, "they never part")


def test_what_cannot_be_compared_is_told(run: Run, store: Path) -> None:
    assert "keys of different forms" in run("compare", store, "streams", "seats_left")[2]
    assert "there is no view 'nothing'" in run("compare", store, "streams", "nothing")[2]


def test_certify_proves_and_names_a_cell_that_was_tampered_with(run: Run, store: Path) -> None:
    run("snapshots", "create", store, "--all")
    fine = run("certify", store)
    db = connect(views_path(store))
    db.execute("UPDATE streams SET event_count = 7 WHERE stream = 'order-1'")
    db.commit()
    db.close()
    broken = run("certify", store, "streams", "--json")

    assert fine[0] == 0
    assert "incremental = rebuilt" in fine[1]
    assert "2 snapshots say what a full fold says" in fine[1]
    assert broken[0] == 1
    (proof,) = parsed(broken[1])[0]["views"]
    assert "order-1" in proof["what"]
    assert proof["incremental"] != proof["rebuilt"]


def test_sql_asks_the_views(run: Run, store: Path) -> None:
    code, out, _ = run(
        "sql",
        store,
        "SELECT category, sum(event_count) AS events FROM streams GROUP BY 1",
        "--json",
    )

    assert code == 0
    assert parsed(out) == [{"category": "order", "events": 3}]
    assert "SCAN" in run("sql", store, "SELECT * FROM streams", "--explain")[1]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM streams", "views are only read"),
        ("DROP TABLE streams", "views are only read"),
        ("ATTACH 'x' AS y", "views are only read"),
        ("SELEC 1", "does not understand"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT * FROM nowhere", "no such table"),
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
            "stopped after 0.2 seconds",
        ),
    ],
)
def test_sql_that_writes_loops_or_is_wrong_is_told(
    run: Run, store: Path, statement: str, told: str
) -> None:
    code, _, err = run("sql", store, statement, "--seconds", "0.2")

    assert code == 1
    assert told in err
    assert run("view", store, "streams")[0] == 0


def test_snapshots_are_listed_made_checked_and_deleted(run: Run, store: Path) -> None:
    nothing = run("snapshots", "create", store)
    made = run("snapshots", "create", store, "--above", "1")
    listed = parsed(run("snapshots", "list", store, "--json")[1])
    checked = run("snapshots", "verify", store, "--json")
    advised = parsed(run("snapshots", "advise", store, "--json")[1])[0]
    gone = run("snapshots", "delete", store, "--stream", "order-1")

    assert nothing[0] == 1
    assert "nothing is chosen to make" in nothing[2]
    assert "1 snapshots made of 1 streams" in made[1]
    assert [(it["stream"], it["skips"], it["standing"]) for it in listed] == [
        ("order-1", 2, "usable")
    ]
    assert (checked[0], parsed(checked[1])[0]) == (0, {"checked": 1, "bad": []})
    assert advised["longest"][0] == ["order-1", 2]
    assert "1 deleted" in gone[1]


def test_the_lab_tells_what_disturbed_delivery_does(run: Run, store: Path) -> None:
    quiet = run("lab", store)
    doubled = run("lab", store, "--duplicate", "100", "--view", "streams", "--json")
    guarded = run("lab", store, "--duplicate", "100", "--view", "streams", "--guard", "ids")

    assert quiet[0] == 0
    assert "streams: the same as undisturbed" in quiet[1]
    (verdict,) = parsed(doubled[1])[0]["verdicts"]
    assert (doubled[0], verdict["is_same"], verdict["seen"]["duplicate_count"]) == (1, False, 3)
    assert guarded[0] == 0
    assert run("lab", store, "--view", "nothing")[0] == 1


def test_a_question_is_kept_under_a_name(run: Run, store: Path) -> None:
    statement = "SELECT count(*) AS n FROM streams"
    first = run("sql", store, statement, "--save", "streams", "--json")
    again = run("sql", store, "--saved", "streams", "--json")
    listed = run("sql", store, "--list")
    unknown = run("sql", store, "--saved", "nothing")

    assert first == again
    assert parsed(first[1]) == [{"n": 2}]
    assert listed[1].splitlines() == [f"streams: {statement}"]
    assert "no question is saved" in unknown[2]
    assert "there is no question" in run("sql", store)[2]


def test_a_view_that_must_show_a_position_shows_it_or_nothing(run: Run, store: Path) -> None:
    head = json.loads(run("info", store, "--json")[1])["head"]

    there = run("view", store, "streams", "--must-show", head, "--json")
    with views_locked(store):
        run_behind = run("view", store, "seats_left", "--must-show", head + 1, "--patience", "0.1")

    assert len(parsed(there[1])) == 2
    assert run_behind[0] == 1
    assert run_behind[1] == ""
    assert f"cannot show {head + 1} yet" in run_behind[2]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_answer_from_a_view_that_another_process_leaves_behind_says_so(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    run("view", store, "streams")
    append(store, 5)

    with views_locked(store), monkeypatch.context() as patched:
        patched.setattr("replay.catch_up.PATIENCE_S", 0.0)
        code, out, err = run("sql", store, "SELECT count(*) AS n FROM event_types", *form)
        other = run("sql", store, "SELECT 7 AS n", *form)

    assert code == 1
    assert "the answer is old: event_types is as of 3, 5 events behind, " in err
    assert (parsed(out)[0]["_behind"] == {"event_types": 5}) if form else ("n" in out)
    assert (other[0], other[2]) == (0, "")
    assert run("sql", store, "SELECT sum(count) FROM event_types")[0] == 0


def test_an_answer_from_a_view_that_stands_still_says_so(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("view", store, "streams")
    append(store, 5)
    db = connect(views_path(store))
    db.execute("INSERT INTO projection_errors VALUES ('streams', 4, 'Bad: luck', '', 3, 0)")
    db.close()

    monkeypatch.setattr("replay.catch_up.PATIENCE_S", 0.0)
    with views_locked(store):
        code, out, err = run("sql", store, "SELECT count(*) AS n FROM streams")

    assert (code, out.split()) == (1, ["n", "2"])
    assert "it stands still: Bad: luck" in err


def test_an_answer_that_must_show_a_position_shows_it_or_nothing(run: Run, store: Path) -> None:
    there = run("sql", store, "SELECT sum(count) AS n FROM event_types", "--must-show", 3, "--json")
    with views_locked(store):
        asked = ("sql", store, "SELECT count(*) FROM event_types", "--patience", 0)
        behind = run(*asked, "--must-show", 4)
        free = run("sql", store, "SELECT 1 AS one", "--must-show", 4, "--json")

    assert (there[0], parsed(there[1])) == (0, [{"n": 3}])
    assert (behind[0], behind[1]) == (1, "")
    assert "'event_types' shows position 3 and cannot show 4 yet" in behind[2]
    assert (free[0], parsed(free[1])) == (0, [{"one": 1}])


@contextmanager
def views_locked(store: Path) -> Iterator[None]:
    """As if another process kept the views."""
    lock = views_lock(store)
    assert lock.acquire()
    try:
        yield
    finally:
        lock.release()
