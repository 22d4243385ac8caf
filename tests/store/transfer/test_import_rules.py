"""A file brought in by rules: what is stored, what is told, and what the log keeps of the rules."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.errors import UnknownFormat, WrongRules
from store.reading.format import Incoming
from store.shaping.rules import ImportRules, Rejection
from store.transfer.ingest import ingest
from store.transfer.manifest import rules_kept_in
from store.transfer.preview import preview
from tests.store.event_files import event, events_in, write_lines

MAP = {"stream": "order-{no}", "type": "kind", "occurred": "at"}


def foreign(n: int, **facts: Any) -> dict[str, Any]:
    known = {"no": n % 2, "kind": "paid", "at": f"2026-01-0{n}T00:00:00Z", "mail": "ada@x.org"}
    return {**known, "amount": f"{n}.50", **facts}


def sources(folder: Path) -> Path:
    """Good and malformed foreign records."""
    return write_lines(
        folder / "in.jsonl",
        foreign(1),
        foreign(2, amount="a lot"),
        '{"broken": ',
        foreign(3, kind="heartbeat"),
        foreign(4, at="2999-01-01T00:00:00Z"),
        foreign(5, kind=None),
    )


RULES = ImportRules(
    map=MAP,
    convert={"amount": "number"},
    rename_types={"paid": "OrderPaid", "lost": "OrderLost"},
    rename_fields={"mail": "customer"},
    reject=(Rejection(where="type = heartbeat"),),
    mask={"customer": "hash"},
)


def test_good_records_go_in_and_bad_ones_are_told_with_their_place(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"

    report = ingest(sources(tmp_path), into=store, rules=RULES)

    assert (report.read, report.stored, report.rejected, report.ruled_out) == (6, 2, 4, 1)
    assert [(it.line, it.reason.partition(" (")[0]) for it in report.bad_lines] == [
        (2, 'amount: "a lot" is not a number'),
        (3, "this is not a JSON object"),
        (6, "the event has no type: kind is missing"),
    ]
    assert not any(it.excerpt for it in report.bad_lines)
    said = {kind: [it.text for it in report.of_kind(kind)] for kind in ("ruled_out", "renamed")}
    assert said["ruled_out"] == ["rule: type = heartbeat"]
    assert said["renamed"] == ["field mail → customer: 2", "type paid → OrderPaid: 2"]
    assert [it.text for it in report.of_kind("converted")] == ["amount (number): 2"]
    assert [it.text for it in report.of_kind("masked")] == ["customer (hash): 2"]
    assert [it.text for it in report.of_kind("idle_rules")] == ["type lost → OrderLost"]
    assert report.future_times == 1
    events = events_in(store)
    assert [it.stream for it in events] == ["order-1", "order-0"]
    assert [it.type for it in events] == ["OrderPaid", "OrderPaid"]
    masks = {it.data["customer"] for it in events}
    assert len(masks) == 1
    assert masks.pop().startswith("masked-")
    assert b"ada@" not in store.read_bytes()


def test_a_dry_run_says_what_an_import_then_does_and_leaves_nothing(tmp_path: Path) -> None:
    source, store = sources(tmp_path), tmp_path / "log.foldline"

    rehearsed = ingest(source, into=store, rules=RULES, dry_run=True)
    assert not store.exists()
    done = ingest(source, into=store, rules=RULES)

    assert rehearsed.numbers() == done.numbers()
    assert rehearsed.bad_lines == done.bad_lines
    assert rehearsed.remarks == done.remarks


def test_a_second_import_by_the_same_rules_adds_nothing(tmp_path: Path) -> None:
    source, store = sources(tmp_path), tmp_path / "log.foldline"
    ingest(source, into=store, rules=RULES)

    again = ingest(source, into=store, rules=RULES)

    assert (again.stored, again.duplicates, again.conflicts) == (0, 2, 0)


def test_the_log_keeps_the_rules_and_they_can_be_used_again(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"
    ingest(sources(tmp_path), into=store, rules=RULES)

    with closing(sqlite3.connect(store)) as db:
        (manifest,) = db.execute("SELECT manifest FROM imports").fetchone()

    assert json.loads(manifest)["rules"] == RULES.as_dict()
    assert rules_kept_in(store) == RULES


def test_an_import_without_rules_keeps_none(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"
    ingest(write_lines(tmp_path / "in.jsonl", event(1)), into=store)

    with pytest.raises(WrongRules, match="had rules"):
        rules_kept_in(store)


def test_rules_that_cannot_be_followed_leave_the_store_untouched(tmp_path: Path) -> None:
    source, store = sources(tmp_path), tmp_path / "log.foldline"
    ingest(source, into=store, rules=RULES)
    before = store.read_bytes()

    for rules in (
        ImportRules(map={"stream": "no"}),
        ImportRules(map={**MAP, "colour": "x"}),
        ImportRules(map=MAP, encoding="cp9999"),
        ImportRules(map=MAP, reject=(Rejection(where="kind ="),)),
    ):
        with pytest.raises((WrongRules, UnknownFormat)):
            ingest(source, into=store, rules=rules)

    assert store.read_bytes() == before


def test_records_of_no_known_format_are_read_when_they_are_mapped(tmp_path: Path) -> None:
    source = sources(tmp_path)

    with pytest.raises(UnknownFormat) as unknown:
        ingest(source, into=tmp_path / "log.foldline")
    with pytest.raises(WrongRules) as wrong:
        ingest(source, into=tmp_path / "log.foldline", format="records")

    assert "--map" in unknown.value.hint
    assert [where for where, _ in wrong.value.problems] == ["map.stream", "map.type"]
    assert not (tmp_path / "log.foldline").exists()


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_rows_of_a_table_are_read_when_they_are_mapped(tmp_path: Path, sign: str) -> None:
    rows = [
        ["no", "kind", "at", "note"],
        ["7", "paid", "2026-01-02T03:04:05Z", '"two\nlines, ""quoted"""'],
        ["7", "sent"],
        ["8", "paid", "2026-01-03T03:04:05Z", ""],
    ]
    source, store = tmp_path / "in.csv", tmp_path / "log.foldline"
    source.write_text("".join(f"{sign.join(row)}\n" for row in rows), encoding="utf-8")

    report = ingest(source, into=store, rules=ImportRules(map=MAP))

    assert (report.stored, report.rejected) == (2, 1)
    assert [(it.line, it.reason) for it in report.bad_lines] == [
        (4, "the row has 2 values, but there are 4 columns")
    ]
    events = events_in(store)
    assert [it.stream for it in events] == ["order-7", "order-8"]
    assert events[0].data["note"] == 'two\nlines, "quoted"'
    assert events[1].data["note"] == ""
    assert ingest(source, into=store, rules=ImportRules(map=MAP)).duplicates == 2


def test_a_file_in_another_encoding_is_read_by_its_name(tmp_path: Path) -> None:
    source, store = tmp_path / "in.jsonl", tmp_path / "log.foldline"
    source.write_bytes(
        json.dumps(event(1, data={"n": "Žižka"}), ensure_ascii=False).encode("cp1250")
    )

    assert ingest(source, into=store).rejected == 1
    ingest(source, into=store, rules=ImportRules(encoding="cp1250"))

    assert events_in(store)[0].data == {"n": "Žižka"}


def test_an_encoding_that_does_not_fit_is_told_as_such(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(json.dumps(event(1, data={"n": "ą\x81"}), ensure_ascii=False).encode())

    with pytest.raises(WrongRules) as wrong:
        ingest(source, into=tmp_path / "log.foldline", rules=ImportRules(encoding="ascii"))

    assert [where for where, _ in wrong.value.problems] == ["encoding"]


def test_a_preview_shows_events_by_the_rules_and_what_is_wrong_with_them(tmp_path: Path) -> None:
    source = sources(tmp_path)

    bare = preview(source, is_mapping=True)
    mapped = preview(source, rules=RULES, is_mapping=True)
    doubted = preview(source, rules=ImportRules(map={**MAP, "actor": "user"}), is_mapping=True)

    assert bare.detection.format.name == "records"
    assert [where for where, _ in bare.problems] == ["map.stream", "map.type"]
    assert bare.fields == ("no", "kind", "at", "mail", "amount")
    assert not mapped.problems
    assert isinstance(first := mapped.records[0], Incoming)
    assert first.event.type == "OrderPaid"
    assert doubted.doubts == (("map.actor", "none of the first 5 events has user"),)
