"""Views, comparison, certificate, SQL and snapshots on the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from replay import own_projections
from replay.file_lock import views_lock
from replay.progress_lines import ProgressLines
from replay.snapshots import COLUMNS, snapshot_in, state_hash
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
    code, out, _ = run("compare", store, "event_types", "streams", "--first")
    facts = parsed(run("compare", store, "event_types", "streams", "--first", "--json")[1])[0]
    again = run("compare", store, "streams", "latest_states", "--first")

    assert code == 1
    assert "they part at position 1, Placed in order-1, in the row " in out
    assert "A before None" in out
    assert "B before None" in out
    assert (facts["position"], facts["event"], facts["by_moment"]) == (1, "Placed", False)
    assert (again[0], again[1].strip()) == (0, "they never part")


def test_first_of_one_view_at_two_moments_is_the_first_change_between_them(
    run: Run, store: Path
) -> None:
    code, out, _ = run("compare", store, "streams@2", "streams@3", "--first")
    same = run("compare", store, "streams@3", "streams@3", "--first")
    mixed = run("compare", store, "streams@3", "latest_states@2", "--first")

    assert code == run("compare", store, "streams@2", "streams@3")[0] == 1
    assert "it first changes behind 2 at position 3, Paid in order-1, in the row order-1" in out
    assert "A after  ['order-1', 'order', 1, " in out
    assert "B after  ['order-1', 'order', 2, " in out
    assert (same[0], same[1].strip()) == (0, "they never part")
    assert mixed[0] == 1
    assert "both say the same up to 2, where one stands still; then position 3" in mixed[1]


def test_what_cannot_be_compared_is_told(run: Run, store: Path) -> None:
    index = run("compare", store, "streams", "search")

    assert "keys of different forms" in run("compare", store, "streams", "seats_left")[2]
    assert "there is no view 'nothing'" in run("compare", store, "streams", "nothing")[2]
    assert "has no rows to list or compare: 'search'" in index[2]
    assert "main.py search STORE" in index[2]
    assert "main.py log STORE" in run("view", store, "timeline")[2]


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
    assert proof["what"] == ("row order-1, written at position 3: event_count is 7, the log says 2")
    assert proof["first_difference"] == 3
    assert proof["differences"][0]["cells"] == [{"column": "event_count", "stored": 7, "folded": 2}]
    assert proof["incremental"] != proof["rebuilt"]
    assert "the first differing position is 3" in run("certify", store, "streams")[1]


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
    found = parsed(checked[1])[0]
    assert (checked[0], found["checked"], found["bad"]) == (0, 1, [])
    assert found["load_ms"] > 0 < found["fold_ms"]
    assert advised["longest"][0] == ["order-1", 2]
    assert "1 deleted" in gone[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("create", "--stream", "nosuch"), ("no stream 'nosuch'", "view STORE streams")),
        (("delete", "--stream", "nosuch"), ("no stream 'nosuch'", "view STORE streams")),
        (("delete", "--stream", "order-2"), ("no such snapshot", "snapshots list")),
        (("delete", "--position", "9"), ("no such snapshot", "snapshots list")),
        (("delete", "--one", "generic", "3", "order-2"), ("no such snapshot", "snapshots list")),
        (("delete",), ("nothing is chosen to delete", "--stream")),
        (("policy", "--model", "nosuch", "--every", "5"), ("no model 'nosuch'", "bank account")),
        (("policy", "--model", "nosuch"), ("no model 'nosuch'", "generic")),
        (("policy", "--every", "5"), ("no model is named", "bank account")),
        (("policy", "--model", "generic", "--every", "few"), ("no whole number", "or off")),
    ],
)
def test_what_snapshots_cannot_do_is_said_and_told(
    run: Run, store: Path, arguments: tuple[str, ...], told: tuple[str, str]
) -> None:
    what, *more = arguments

    code, out, err = run("snapshots", what, store, *more)

    assert (code, out) == (1, "")
    assert all(it in err for it in told)


def test_one_of_several_snapshots_is_deleted(run: Run, store: Path) -> None:
    run("snapshots", "create", store, "--all")

    gone = run("snapshots", "delete", store, "--stream", "order-1", "--position", "3", "--json")
    left = parsed(run("snapshots", "list", store, "--json")[1])
    by_model = run("snapshots", "delete", store, "--model", left[0]["model"])

    assert parsed(gone[1]) == [{"deleted": 1}]
    assert [it["stream"] for it in left] == ["order-2"]
    assert "1 deleted" in by_model[1]


def test_an_altered_snapshot_is_told_in_json_values_and_made_again(run: Run, store: Path) -> None:
    run("snapshots", "create", store, "--stream", "order-1")
    db = connect(views_path(store))
    db.execute("UPDATE snapshots SET state = replace(state, '0.10', '58166.68')")
    found = snapshot_in(db.execute(f"SELECT {COLUMNS} FROM snapshots").fetchone())
    db.execute("UPDATE snapshots SET state_hash = ?", [state_hash(found)])
    db.commit()
    db.close()

    lying = run("snapshots", "verify", store)
    certified = run("certify", store, "streams")
    again = run("snapshots", "delete", store, "--all")
    made = run("snapshots", "create", store, "--stream", "order-1")

    assert lying[0] == certified[0] == 1
    assert "total: it says 58166.68, the events say 0.10" in lying[1]
    assert "snapshot of order-1 v2: total: it says 58166.68" in certified[1]
    assert "1 deleted" in again[1]
    assert "1 snapshots made" in made[1]
    assert run("snapshots", "verify", store)[0] == 0


def test_making_and_checking_snapshots_can_be_cancelled(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("snapshots", "create", store, "--stream", "order-1")
    monkeypatch.setattr(ProgressLines, "is_cancelled", lambda _lines: True)

    stopped = [run("snapshots", "create", store, "--all"), run("snapshots", "verify", store)]
    listed = parsed(run("snapshots", "list", store, "--json")[1])

    assert [code for code, _, _ in stopped] == [1, 1]
    assert all("stopped on request" in err for _, _, err in stopped)
    assert "made till then stay" in stopped[0][2]
    assert len(listed) == 1


def test_where_a_state_came_from_is_told(run: Run, store: Path) -> None:
    whole = parsed(run("state", store, "order-1", "--json")[1])[0]
    run("snapshots", "create", store, "--stream", "order-1")
    fresh = parsed(run("state", store, "order-1", "--json")[1])[0]
    text = run("state", store, "order-1")[1]
    earlier = run("state", store, "order-1", "--at", "1")[1]
    info = parsed(run("info", store, "--json")[1])[0]

    assert (whole["basis"], whole["folded"]) == ("beginning", 2)
    assert (fresh["basis"], fresh["folded"]) == ("snapshot", 0)
    assert fresh["state"] == whole["state"]
    assert "from        snapshot, 0 of 2 events folded" in text
    assert "from        full replay, 1 of 1 events folded" in earlier
    assert info["snapshots"] == 1


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


def test_a_row_tells_its_writes_and_what_each_changed(run: Run, store: Path) -> None:
    code, out, _ = run("view", store, "streams", "--key", "order-1", "--history")
    facts = parsed(run("view", store, "streams", "--key", "order-1", "--history", "--json")[1])
    then = parsed(run("view", store, "streams", "--key", "order-1", "--history", "--at", "2",
                      "--json")[1])  # fmt: skip

    assert code == 0
    assert out.splitlines()[1].split()[:3] == ["3", "Paid", "changed"]
    assert "event_count 1 → 2" in out
    assert [(it["position"], it["event"], it["row"]) for it in facts] == [
        (3, "Paid", "changed"), (1, "Placed", "made"),
    ]  # fmt: skip
    assert facts[0]["cells"]["last_type"] == ["Placed", "Paid"]
    assert then == facts[1:]
    assert run("view", store, "streams", "--key", "nobody", "--history", "--json")[1] == ""
    assert "the key of this view is stream" in run("view", store, "streams", "--history")[2]


def test_each_cell_of_a_row_names_the_event_that_wrote_it(run: Run, store: Path) -> None:
    code, out, _ = run("view", store, "streams", "--key", "order-1", "--writers")
    facts = {it["column"]: it for it in parsed(
        run("view", store, "streams", "--key", "order-1", "--writers", "--json")[1]
    )}  # fmt: skip
    then = run("view", store, "streams", "--key", "order-1", "--writers", "--at", "2", "--json")

    assert code == 0
    assert ["event_count", "2", "3", "Paid"] in [it.split() for it in out.splitlines()]
    assert facts["event_count"] == {
        "column": "event_count", "value": 2, "position": 3, "event": "Paid",
    }  # fmt: skip
    assert (facts["category"]["position"], facts["category"]["event"]) == (1, "Placed")
    assert {it["position"] for it in parsed(then[1])} == {1}
    assert run("view", store, "streams", "--key", "no", "--writers", "--json")[:2] == (0, "")


def test_the_rows_that_changed_between_two_positions_are_told(run: Run, store: Path) -> None:
    code, out, _ = run("view", store, "streams", "--changed", "1", "3")
    (first, second) = parsed(run("view", store, "streams", "--changed", "1", "3", "--json")[1])
    none = run("view", store, "seats_left", "--changed", "0", "3", "--json")

    assert code == 0
    assert "order-1  changed  event_count 1 → 2" in out
    assert (first["key"], first["row"], second["key"], second["row"]) == (
        ["order-1"], "changed", ["order-2"], "made",
    )  # fmt: skip
    assert none[:2] == (0, "")
    assert "the log ends at position 3" in run("view", store, "streams", "--changed", "1", "9")[2]


def event_line(n: int, **data: object) -> str:
    at = f"2026-03-0{n}T10:00:00Z"
    return json.dumps({"stream": "cart-1", "type": "Set", "id": f"s{n}", "recorded_at": at,
                       "data": data, "metadata": {}})  # fmt: skip


def imported(run: Run, folder: Path, *lines: str) -> Path:
    source, store = folder / "cart.jsonl", folder / "cart.foldline"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    assert run("import", source, "--into", store)[0] == 0
    return store


def test_one_view_that_is_again_what_it_was_differs_in_between_only(
    run: Run, tmp_path: Path
) -> None:
    store = imported(run, tmp_path, *(event_line(n, total=t) for n, t in ((1, 5), (2, 7), (3, 5))))
    assert run("build", store, "carts", "--column", "total=last:total")[0] == 0

    first = run("compare", store, "carts@1", "carts@3", "--first")
    whole = run("compare", store, "carts@1", "carts@3")

    assert first[0] == whole[0] == 0
    assert "it first changes behind 1 at position 2, Set in cart-1" in first[1]
    assert "at 3 all is again as at 1" in first[1]


def test_values_too_long_for_a_history_are_counted_beside_the_first_divergence(
    run: Run, tmp_path: Path
) -> None:
    store = imported(run, tmp_path, *(event_line(n, note="x" * 3_000, nth=n) for n in (1, 2, 3)))
    run("info", store)
    run("rebuild", store, "latest_states")

    code, out, _ = run("compare", store, "latest_states", "latest_states__before", "--first")
    facts = parsed(run("compare", store, "latest_states", "latest_states__before", "--first",
                       "--json")[1])[0]  # fmt: skip

    assert code == 0
    assert out.splitlines() == [
        "they never part",
        "2 row versions up to there have values too long for a history; "
        "a difference in them alone is not seen.",
    ]
    assert (facts["position"], facts["unseen"]) == (None, 2)


def test_rows_of_one_side_only_are_told_up_to_a_limit(run: Run, store: Path) -> None:
    code, out, _ = run("compare", store, "streams@3", "streams@1", "--limit", "1")
    told = run("compare", store, "streams@3", "streams@1")[1]
    facts = parsed(run("compare", store, "streams@3", "streams@1", "--json")[1])[0]

    assert code == 1
    assert "… more differ (--limit)" in out
    assert "- order-2" in told
    assert [(it["key"], it["right"] is None) for it in facts["rows"]] == [
        (["order-1"], False), (["order-2"], True),
    ]  # fmt: skip
