"""Views, comparison, certificate, SQL and snapshots on the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from replay import own_projections
from replay.file_lock import views_lock
from store import json_text
from store.connect import connect, views_path
from tests.replay.logs import make_log
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
    assert "there is no view 'nothing'" in run("lab", store, "--view", "nothing")[2]


def test_the_lab_tells_each_consumer_its_own(run: Run, store: Path) -> None:
    code, out, _ = run("lab", store, "--drop-at", "2", "--view", "streams", "--view", "seats_left")

    assert code == 1
    assert out.splitlines() == [
        "streams: 1 rows differ; the first from position 2 on: order-2: undisturbed "
        + '{"stream":"order-2","category":"order","event_count":1,"linked_count":0,"version…, '
        + "disturbed no row",
        "  2 deliveries, 2 applied",
        "  1 gaps: 2 (expected 2, got 3)",
        "  1 never applied: 2",
        "seats_left: the same as undisturbed",
        "  2 deliveries, 0 applied",
        "  1 gaps, 0 of them of types it listens to: 2 (expected 2, got 3)",
    ]


def test_the_lab_gives_all_positions_as_json_and_says_when_text_has_not(
    run: Run, tmp_path: Path
) -> None:
    many = make_log(tmp_path / "many.foldline", 100)

    told = run("lab", many, "--duplicate", "100", "--view", "streams")[1]
    (verdict,) = parsed(run("lab", many, "--duplicate", "100", "--view", "streams", "--json")[1])[
        0
    ]["verdicts"]

    assert "100 duplicates: 1, 2, 3 and 97 more (--json has all)" in told
    assert [it["position"] for it in verdict["findings"]] == list(range(1, 101))
    assert verdict["doubled"] == list(range(1, 101))


def test_the_lab_cuts_its_lists_where_it_is_asked_to_and_keeps_what_does_harm(
    run: Run, tmp_path: Path
) -> None:
    many = make_log(tmp_path / "many.foldline", 100)
    switches = ("--partitions", "4", "--drop-at", "60,70", "--view", "streams", "--json")

    out = run("lab", many, *switches, "--findings", "1")[1]

    (verdict,) = parsed(out)[0]["verdicts"]
    assert [(it["kind"], it["position"]) for it in verdict["findings"]] == [("gap", 60)]
    assert verdict["finding_count"] > 2
    assert (verdict["lost"], verdict["lost_count"]) == ([60], 2)


def test_the_lab_tells_what_a_crash_loses_without_an_outbox(run: Run, store: Path) -> None:
    crash = ("--crash-every", "2", "--crash-at", "append", "--view", "streams")

    with_outbox = run("lab", store, *crash)
    without = run("lab", store, *crash, "--publisher", "save-then-publish")

    assert with_outbox[0] == 0
    assert "1 published only after a restart, from the outbox" in with_outbox[1]
    assert without[0] == 1
    assert "1 never applied: 2" in without[1]


def test_the_lab_takes_built_views_and_says_which_it_cannot(
    run: Run, store: Path, tmp_path: Path
) -> None:
    assert run("build", store, "towns", "--column", "events=count")[0] == 0
    files = json_text.encode([{"path": str(tmp_path / "mine.py"), "views": ["mine"]}])
    own_projections.FILE.path(store).write_text(files, "utf-8")

    built = run("lab", store, "--view", "towns", "--drop-at", "1")
    every = parsed(run("lab", store, "--json")[1])[0]["verdicts"]

    assert built[0] == 1
    assert "order-1, events: undisturbed 2, disturbed 1" in built[1]
    assert "towns" in [it["view"] for it in every]
    assert (
        "views of your own files are not in the lab: 'mine'"
        in run("lab", store, "--view", "mine")[2]
    )
    assert (
        "views without rows of their own are not in the lab: 'search'"
        in run("lab", store, "--view", "search")[2]
    )


@pytest.mark.parametrize(
    ("switches", "sentence"),
    [
        (("--drop", "200"), "no share from 0 to 100 percent: '200'"),
        (("--duplicate", "-5"), "no share from 0 to 100 percent: '-5'"),
        (("--duplicate", "nan"), "no share from 0 to 100 percent: 'nan'"),
        (("--delay", "many"), "no share from 0 to 100 percent: 'many'"),
        (("--partitions", "0"), "there are from 1 to 64 partitions: '0'"),
        (("--partitions", "65"), "there are from 1 to 64 partitions: '65'"),
        (("--drop-at", "1,x"), "this is no whole number: 'x'"),
        (("--crash-every", "-1"), "this is no whole number: '-1'"),
        (("--crash-at", "append"), "say how often with --crash-every N"),
        (("--crash-every", "5", "--publisher", "outbox"), "add --crash-at append"),
    ],
)
def test_the_lab_refuses_switches_that_mean_nothing(
    run: Run, store: Path, switches: tuple[str, ...], sentence: str
) -> None:
    code, out, said = run("lab", store, *switches)

    assert (code, out) == (2, "")
    assert sentence in said


def test_the_lab_refuses_a_position_behind_the_log(run: Run, store: Path) -> None:
    code, _, said = run("lab", store, "--swap-at", "3")

    assert code == 1
    assert "there is no event 3 for this: the last one is 2" in said


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


@contextmanager
def views_locked(store: Path) -> Iterator[None]:
    """As if another process kept the views."""
    lock = views_lock(store)
    assert lock.acquire()
    try:
        yield
    finally:
        lock.release()
