"""Snapshots on the command line: made, listed, checked, deleted."""

import json
from pathlib import Path
from typing import Any

import pytest

from replay.progress_lines import ProgressLines
from replay.snapshots.snapshots import COLUMNS, snapshot_in, state_hash
from store.place import Place
from store.sqlite.connect import connect
from tests.replay.verbs.conftest import Run


def parsed(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def test_snapshots_are_listed_made_checked_and_deleted(run: Run, store: Path) -> None:
    nothing = run("snapshots", "create", store)
    made = run("snapshots", "create", store, "--above", "1")
    listed = parsed(run("snapshots", "list", store, "--json")[1])
    checked = run("snapshots", "verify", store, "--json")
    advised = parsed(run("snapshots", "advise", store, "--json")[1])[0]
    gone = run("snapshots", "delete", store, "--stream", "order-1")

    assert nothing[0] == 1
    assert "no streams are selected to make" in nothing[2]
    assert "1 snapshot created of 1 streams" in made[1]
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
        (("delete",), ("no streams are selected to delete", "--stream")),
        (("policy", "--model", "nosuch", "--every", "5"), ("no model 'nosuch'", "bank account")),
        (("policy", "--model", "nosuch"), ("no model 'nosuch'", "generic")),
        (("policy", "--every", "5"), ("no model is named", "bank account")),
        (("policy", "--model", "generic", "--every", "few"), ("not a whole number", "or off")),
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
    db = connect(Place(store).views)
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
    assert "total: the snapshot has 58166.68, the events give 0.10" in lying[1]
    assert "snapshot of order-1 v2: total: the snapshot has 58166.68" in certified[1]
    assert "1 deleted" in again[1]
    assert "1 snapshot created" in made[1]
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
    assert "created before that are saved" in stopped[0][2]
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
