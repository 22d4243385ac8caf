"""SQL on the command line, and what is told of an answer from views that are behind."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from store.locks import ProcessLock
from store.place import Place
from store.sqlite.connect import connect
from tests.replay.logs import append
from tests.replay.verbs.conftest import Run


def parsed(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


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
        ("DELETE FROM streams", "read-only here"),
        ("DROP TABLE streams", "read-only here"),
        ("ATTACH 'x' AS y", "read-only here"),
        ("SELEC 1", "rejected the query"),
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


def test_a_question_is_kept_under_a_name(run: Run, store: Path) -> None:
    statement = "SELECT count(*) AS n FROM streams"
    first = run("sql", store, statement, "--save", "streams", "--json")
    again = run("sql", store, "--saved", "streams", "--json")
    listed = run("sql", store, "--list")
    unknown = run("sql", store, "--saved", "nothing")

    assert first == again
    assert parsed(first[1]) == [{"n": 2}]
    assert listed[1].splitlines() == [f"streams: {statement}"]
    assert "no query is saved" in unknown[2]
    assert "no SQL statement was given" in run("sql", store)[2]


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
    run("view", store, "event_types")
    append(store, 5)

    with views_locked(store), monkeypatch.context() as patched:
        patched.setattr("replay.projector.catch_up.STILL_S", 0.0)
        code, out, err = run("sql", store, "SELECT count(*) AS n FROM event_types", *form)
        other = run("sql", store, "SELECT 7 AS n", *form)

    assert code == 1
    assert "the answer is not up to date: event_types is as of 3, 5 events behind, " in err
    assert (parsed(out)[0]["_behind"] == {"event_types": 5}) if form else ("n" in out)
    assert (other[0], other[2]) == (0, "")
    assert run("sql", store, "SELECT sum(count) FROM event_types")[0] == 0


def test_an_answer_from_a_view_that_stands_still_says_so(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("view", store, "streams")
    append(store, 5)
    db = connect(Place(store).views)
    db.execute("INSERT INTO projection_errors VALUES ('streams', 4, 'Bad: luck', '', 3, 0, '')")
    db.close()

    monkeypatch.setattr("replay.projector.catch_up.STILL_S", 0.0)
    with views_locked(store):
        code, out, err = run("sql", store, "SELECT count(*) AS n FROM streams")

    assert (code, out.split()) == (1, ["n", "2"])
    assert "it has stopped: Bad: luck" in err


def test_an_answer_that_must_show_a_position_shows_it_or_nothing(run: Run, store: Path) -> None:
    there = run("sql", store, "SELECT sum(count) AS n FROM event_types", "--must-show", 3, "--json")
    with views_locked(store):
        asked = ("sql", store, "SELECT count(*) FROM event_types", "--patience", 0)
        behind = run(*asked, "--must-show", 4)
        free = run("sql", store, "SELECT 1 AS one", "--must-show", 4, "--json")

    assert (there[0], parsed(there[1])) == (0, [{"n": 3}])
    assert (behind[0], behind[1]) == (1, "")
    assert "'event_types' is at position 3 and cannot show 4 yet" in behind[2]
    assert (free[0], parsed(free[1])) == (0, [{"one": 1}])


@contextmanager
def views_locked(store: Path) -> Iterator[None]:
    """As if another process kept the views."""
    lock = ProcessLock(Place(store).views_lock)
    assert lock.acquire()
    try:
        yield
    finally:
        lock.release()


def test_tables_are_listed_and_a_shipped_question_is_asked(run: Run, store: Path) -> None:
    listed = run("sql", store, "--tables")[1].splitlines()
    tables = {it["name"]: it for it in json.loads(run("sql", store, "--tables", "--json")[1])}
    shipped = run("sql", store, "--saved", "When did seats_left run out")
    wrong = run("sql", store, "SELECT * FROM streems")

    assert "streams: Streams" in listed
    assert "  _row: integer, row number, by first appearance, not in *" in listed
    assert tables["streams"]["columns"][0]["name"] == "stream"
    assert shipped[0] == 0
    assert shipped[1].startswith("conference_id  seat_type  position")
    assert "Did you mean streams?" in wrong[2]


def test_tables_of_a_log_without_views_are_made_first(run: Run, store: Path) -> None:
    Place(store).views.unlink(missing_ok=True)

    code, out, _ = run("sql", store, "--tables")

    assert code == 0
    assert "event_log: Every event" in out
