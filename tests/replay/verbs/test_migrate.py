"""migrate STORE OUT: other event types in a new store; the old one is untouched, and both are
named by their hashes with who, when and why."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from replay.models.conference.orders import MODEL as ORDERS
from replay.states.event_change import EventChange, FieldEdit
from replay.states.migration_rule import MigrationRule, MissingChange, read_rules
from replay.states.typed_fold import Reading
from store.events import ANY_VERSION, NewEvent, RecordedEvent
from store.opening import open_store, reading
from store.place import Place
from store.take_name import take_free_name
from tests.replay.verbs.conftest import Run

RULE = {
    "about": "one address in two fields",
    "changes": [
        {"type": "Moved", "version": 1, "rename": {"place": "city"}, "add": {"land": "?"}},
        {"type": "Moved", "version": 2, "rename": {"land": "country"}, "drop": ["note"]},
        {"type": "Relocated", "becomes": "Moved", "becomes_version": 3, "rename": {"to": "city"}},
    ],
}


def event(type_: str, data: dict[str, Any], version: int = 1, **more: Any) -> NewEvent:
    metadata = {"user": "ada"} | ({"schema_version": version} if version > 1 else {})
    return NewEvent.of(type_, data, metadata, **more)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with closing(open_store(tmp_path / "old.foldline", create=True)) as store:
        store.append(
            "home-1",
            [
                event("Moved", {"place": "Oslo", "note": "cold"}),
                event("Moved", {"city": "Rome", "land": "Italy"}, 2),
                event("Moved", {"city": "Bern", "country": "Switzerland"}, 3),
                event("Relocated", {"to": "Lima"}, links=("person-7",)),
                event("Painted", {"color": "green", "exactly": 10**30}),
            ],
            expected=ANY_VERSION,
        )
    return store.place.path


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    path = tmp_path / "rule.json"
    path.write_text(json.dumps(RULE), "utf-8")
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def events_of(path: Path) -> list[RecordedEvent]:
    with reading(path) as log:
        return list(log.read())


def test_events_have_their_new_shape_and_keep_everything_else(
    run: Run, old: Path, rule: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.foldline"

    code, out, err = run("migrate", old, new, "--rule", rule, "--why", "two fields")

    before, after = events_of(old), events_of(new)
    assert (code, err) == (0, "")
    assert [(it.type, it.data, it.metadata.get("schema_version", 1)) for it in after] == [
        ("Moved", {"city": "Oslo", "country": "?"}, 3),
        ("Moved", {"city": "Rome", "country": "Italy"}, 3),
        ("Moved", {"city": "Bern", "country": "Switzerland"}, 3),
        ("Moved", {"city": "Lima"}, 3),
        ("Painted", {"color": "green", "exactly": 10**30}, 1),
    ]
    for was, now in zip(before, after, strict=True):
        assert (was.id, was.position, was.stream, was.version) == (
            now.id,
            now.position,
            now.stream,
            now.version,
        )
        assert was.recorded_at_us == now.recorded_at_us
        assert now.metadata["user"] == "ada"
    assert after[2:5:2] == before[2:5:2]  # what the rule leaves alone is the same, byte for byte
    with reading(new) as log:
        assert log.links(4) == ("person-7",)
    assert "5 events in" in out
    assert "3 of them changed" in out
    assert run("verify", new)[0] == 0


def test_the_old_file_is_untouched_and_both_are_named_by_hash(
    run: Run, old: Path, rule: Path, tmp_path: Path
) -> None:
    new, digest = tmp_path / "new.foldline", sha256(old)

    run("migrate", old, new, "--rule", rule, "--why", "two fields", "--by", "ada")

    assert sha256(old) == digest
    manifest = json.loads(Place(new).beside("-migration.json").read_text("utf-8"))
    assert (manifest["old_sha256"], manifest["new_sha256"]) == (digest, sha256(new))
    with closing(sqlite3.connect(new)) as db:
        facts = dict(db.execute("SELECT key, value FROM store_facts"))
        chain = db.execute("SELECT hex(chain) FROM events ORDER BY position DESC").fetchone()[0]
    told = json.loads(facts["migrated_from"])
    assert told["old_sha256"] == digest
    assert told["new"]["chain"] == chain.lower()
    assert (told["stated"]["by"], told["stated"]["why"]) == ("ada", "two fields")
    assert told["at_us"] > 0
    assert told["changed"] == {"Moved 1": 1, "Moved 2": 1, "Relocated 1": 1}
    (stated,) = told["stated"]["rules"]
    assert stated["sha256"] == sha256(rule)
    assert json.loads(stated["text"]) == RULE
    with reading(old) as log:
        assert told["old"]["store_id"] == log.store_id() != facts["store_id"]


def test_a_changed_event_says_what_it_was(run: Run, old: Path, rule: Path, tmp_path: Path) -> None:
    run("migrate", old, tmp_path / "new.foldline", "--rule", rule, "--why", "x")

    was = events_of(old)[3]
    now = events_of(tmp_path / "new.foldline")[3]
    digest = hashlib.sha256(was.data_json.encode()).hexdigest()
    assert now.source is not None
    assert now.source["was"] == {"type": "Relocated", "data_sha256": digest}


def test_a_shape_without_a_way_on_is_an_error_that_names_it(
    run: Run, old: Path, tmp_path: Path
) -> None:
    rule = tmp_path / "half.json"
    rule.write_text(json.dumps({"changes": [RULE["changes"][1]]}), "utf-8")

    code, _out, err = run("migrate", old, tmp_path / "n.foldline", "--rule", rule, "--why", "x")

    assert code == 1
    assert err.startswith("main.py: no change is defined for Moved in version 1")
    assert not (tmp_path / "n.foldline").exists()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"changes": []}',
        '{"changes": [{"type": "Moved"}]}',
        '{"changes": [{"type": "Moved", "becomes": "no name"}]}',
        '{"changes": [{"type": "Moved", "drop": ["a"]}, {"type": "Moved", "drop": ["b"]}]}',
        '{"changes": [{"type": "Moved", "drops": ["a"]}]}',
    ],
)
def test_a_file_that_is_no_rule_is_refused_before_anything_is_written(
    run: Run, old: Path, tmp_path: Path, text: str
) -> None:
    rule = tmp_path / "rule.json"
    rule.write_text(text, "utf-8")

    code, _out, err = run("migrate", old, tmp_path / "n.foldline", "--rule", rule, "--why", "x")

    assert code == 1
    assert err.startswith("main.py: ")
    assert not (tmp_path / "n.foldline").exists()


def test_a_circle_of_changes_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "rule.json"
    turns = [{"type": "A", "becomes": "B"}, {"type": "B", "becomes": "A"}]
    path.write_text(json.dumps({"changes": turns}), "utf-8")
    rule, _ = read_rules([path])

    with pytest.raises(Exception, match="cycle"):
        rule(event("A", {}))


def test_commands_and_their_outcomes_come_along(run: Run, tmp_path: Path, rule: Path) -> None:
    old, new = tmp_path / "bank.foldline", tmp_path / "new.foldline"
    run("new", old)
    run("issue", old, "OpenAccount", "--data", '{"id":"7","owner":"Ada"}')
    deposit = '{"accountNumber":"7","amount":0}'
    run("issue", old, "PerformDeposit", "--data", deposit)

    assert run("migrate", old, new, "--rule", rule, "--why", "x")[0] == 0

    with closing(sqlite3.connect(old)) as one, closing(sqlite3.connect(new)) as other:
        for table in ("commands", "command_outcomes", "answers", "outbox"):
            rows = f"SELECT * FROM {table} ORDER BY 1"
            assert other.execute(rows).fetchall() == one.execute(rows).fetchall()
    assert run("verify", new)[0] == 0


CONFIRMED = {"isConfirmed": True}
V2 = {
    "changes": [
        {"type": "OrderPaymentConfirmed", "becomes": "OrderConfirmed", "add": CONFIRMED},
    ]
}


def test_the_first_version_of_the_conference_reads_the_same_either_way(
    run: Run, tmp_path: Path
) -> None:
    """What upcasting does on reading, migrating does once; and the stored rows stay."""
    old, new, rule = tmp_path / "v1.foldline", tmp_path / "v2.foldline", tmp_path / "rule.json"
    rule.write_text(json.dumps(V2), "utf-8")
    with closing(open_store(old, create=True)) as store:
        store.append("order-1", [event("OrderPaymentConfirmed", {})], expected=ANY_VERSION)
    rows = [it.data_json for it in events_of(old)]

    run("migrate", old, new, "--rule", rule, "--why", "V2")

    reads = Reading(ORDERS)
    (was,), (now,) = events_of(old), events_of(new)
    assert now.type == "OrderConfirmed"
    assert reads.typed(was) == reads.typed(now)
    assert [it.data_json for it in events_of(old)] == rows


def test_a_missing_link_is_named_by_its_shape() -> None:
    with pytest.raises(MissingChange, match="Moved in version 2") as error:
        MigrationRule(read_changes())(event("Moved", {}, 2))
    assert (error.value.type, error.value.version) == ("Moved", 2)


def read_changes() -> Any:

    edit = FieldEdit(kind="drop", field="note")
    return [
        EventChange(type="Moved", version=1, reason="fields", edits=(edit,)),
        EventChange(type="Moved", version=3, reason="fields", edits=(edit,)),
    ]


def test_the_new_store_never_has_its_name_without_the_file_that_names_both(
    old: Path, rule: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = old.with_name("new.foldline")
    manifest = Place(out).beside("-migration.json")
    seen: list[bool] = []
    take = take_free_name

    def taken(path: Path, name: Path) -> None:
        seen.append(name != out or manifest.exists())
        take(path, name)

    monkeypatch.setattr("store.whole_file.take_free_name", taken)

    assert run("migrate", old, out, "--rule", rule, "--why", "one address")[0] == 0
    assert seen == [True]
