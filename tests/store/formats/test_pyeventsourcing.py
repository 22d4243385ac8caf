"""python eventsourcing: states unwrapped and kept, opaque ones kept, with or without rowids."""

import base64
import json
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in, rows_of
from tests.store.table_files import Tables, write_csv, write_dump

COLUMNS = "originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB"


class TestPyeventsourcing(FormatContract):
    name = "pyeventsourcing"
    file = "pyeventsourcing-counters.sqlite"
    events = 175

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [(it.stream, it.place, f"shop:{it.type}", _state_of(it)) for it in events]
        source = folder / "made.sqlite"
        db = sqlite3.connect(source)
        with db:
            db.execute(f"CREATE TABLE stored_events ({COLUMNS})")
            db.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?)", rows)
        db.close()
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        rows = [
            ("a", 1, "shop:A.B", state()),
            ("a", 3, "shop:A.B", b"{encrypted"),
            ("a", 4, "shop:A.B", state("2026-01-01T10:00:00")),
            ("a", 5, "shop:A.B", b'{"n":1,"n":2}'),
            ("a", 6, "", state()),
            ("a", 7, "shop:A.B", None),
            ("b", 1, "shop:A.B", state()),
        ]
        source = write(folder / "odd.sqlite", rows)
        db = sqlite3.connect(source)
        with db:
            db.execute("CREATE TABLE tracking (a, b)")
            db.execute("INSERT INTO tracking VALUES (1, 2)")
            db.execute(f"CREATE TABLE bank_events ({COLUMNS})")
            db.execute("INSERT INTO bank_events VALUES ('b', 1, 'bank:C.D', ?)", [state()])
        db.close()
        return source, rows_of(source)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


def state(at: str = "2026-01-01T10:00:00+00:00", **members: Any) -> bytes:
    stamp = {"_type_": "datetime_iso", "_data_": at}
    return json.dumps({"timestamp": stamp, **members}).encode()


def write(path: Path, rows: Sequence[tuple[Any, ...]], *, suffix: str = "") -> Path:
    db = sqlite3.connect(path)
    with db:
        key = "PRIMARY KEY (originator_id, originator_version)"
        db.execute(f"CREATE TABLE shop_events ({COLUMNS}, {key}) {suffix}")
        db.executemany("INSERT INTO shop_events VALUES (?, ?, ?, ?)", rows)
        db.execute(f"CREATE TABLE shop_snapshots ({COLUMNS})")
        db.execute("INSERT INTO shop_snapshots VALUES ('a', 9, 'x:Snapshot', ?)", [state()])
    db.close()
    return path


def test_wrapped_values_are_shown_unwrapped_and_the_state_is_kept(log: Path) -> None:
    report = ingest(FIXTURES / "pyeventsourcing-orders.sqlite", into=log)

    first, second = events_in(log)[:2]
    assert (report.stored, report.minted_ids, report.opaque) == (500, 500, 0)
    assert (first.stream, first.version, first.type) == (
        "97160fea59f7459993b6722e8c458f36",
        1,
        "Placed",
    )
    assert first.occurred_at == first.recorded_at == "2023-01-02T08:15:22.121677+00:00"
    assert first.metadata["correlation_id"] == "6513270e269e4d37b2a74de452e6b438"
    assert second.data["unit_price"] == {"amount": "951.69", "ccy": "JPY"}
    assert "timestamp" not in second.data
    source = second.source or {}
    assert source["topic"] == "shop.domain:Order.LineAdded"
    assert source["state"]["unit_price"]["_type_"] == "money"


def test_compressed_states_are_read_and_unreadable_ones_kept(tmp_path: Path, log: Path) -> None:
    plain = state(n=12345678901234567890123)
    rows = [
        ("a", 1, "shop:Order.Placed", zlib.compress(plain)),
        ("a", 2, "shop:Order.Sealed", b"\x01\x02"),
        ("a", 3, "shop:Order.Cut", zlib.compress(plain)[:-9]),
        ("a", 4, "Broken", b"\x78\x9cnot zlib"),
        ("a", 5, "shop:Order.Timeless", b'{"a": [1, {"_type_": "x", "_data_": 2}]}'),
        ("a", 6, "shop:Order.Text", plain.decode()),
    ]
    report = ingest(write(tmp_path / "in.sqlite", rows), into=log)

    found = events_in(log)
    assert (report.stored, report.opaque) == (6, 3)
    assert found[0].data == {"n": 12345678901234567890123}
    assert found[1].data == {"data_encoding": "base64", "data_base64": "AQI="}
    assert found[3].type == "Broken"
    assert found[4].data == {"a": [1, 2]}


def test_a_state_that_would_grow_without_end_is_kept_packed(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reading.pyeventsourcing_row.LARGEST_STATE", 1_000)
    rows = [("a", 1, "shop:Order.Placed", zlib.compress(state(text="x" * 10_000)))]

    assert ingest(write(tmp_path / "in.sqlite", rows), into=log).opaque == 1


def test_a_table_without_rowid_is_read_by_aggregate_and_version(tmp_path: Path, log: Path) -> None:
    rows = [("b", 1, "shop:A.B", state()), ("a", 2, "shop:A.B", state()), ("a", 1, "t", state())]
    source = write(tmp_path / "in.sqlite", rows, suffix="WITHOUT ROWID")

    ingest(source, into=log)

    assert [(it.stream, it.version) for it in events_in(log)] == [("a", 1), ("a", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((None, 1, "t", state()), "the event has no originator_id"),
        ((b"a", 1, "t", state()), "the event has no originator_id"),
        (("a", "x", "t", state()), "originator_version is not a whole number"),
        (("a", 1, "", state()), "the event has no topic"),
        (("a", 1, "t", 5), "the row has no state"),
        (("a", 1, "t", None), "the row has no state"),
        (("a", 1, "t", b'{"timestamp": 5}'), "timestamp is not a time"),
        (("a", 1, "t", state("soon")), "occurred_at is not a time: 'soon'"),
    ],
)
def test_each_fault_has_its_own_sentence(
    tmp_path: Path, log: Path, row: tuple[Any, ...], reason: str
) -> None:
    rows = [row, ("good", 1, "shop:A.B", state())]

    report = ingest(write(tmp_path / "in.sqlite", rows), into=log)

    assert (report.stored, report.rejected) == (1, 1)
    assert report.bad_lines[0].reason.startswith(reason)


def test_names_that_are_not_utf_8_are_named(tmp_path: Path, log: Path) -> None:
    source = write(tmp_path / "in.sqlite", [("a", 1, "shop:A.B", state())])
    db = sqlite3.connect(source)
    with db:
        db.execute("INSERT INTO shop_events VALUES (CAST(x'ff41' AS TEXT), 1, 't', x'7b7d')")
        db.execute("INSERT INTO shop_events VALUES ('b', 1, 't', CAST(x'7bff' AS TEXT))")
    db.close()

    report = ingest(source, into=log)

    assert (report.stored, report.rejected, report.opaque) == (2, 1, 1)


@pytest.mark.parametrize("content", [b"{\xff\x01\x02", b"{", b'{"a":NaN}', b"{} {}"])
def test_an_encrypted_state_that_begins_like_json_is_kept_as_bytes(
    tmp_path: Path, log: Path, content: bytes
) -> None:
    report = ingest(write(tmp_path / "in.sqlite", [("a", 1, "shop:A.B", content)]), into=log)

    assert (report.stored, report.rejected, report.opaque, report.missing_times) == (1, 0, 1, 1)
    assert base64.b64decode(events_in(log)[0].data["data_base64"]) == content


def test_snapshots_and_other_tables_are_told(log: Path) -> None:
    report = ingest(FIXTURES / "pyeventsourcing-orders.sqlite", into=log)
    other = ingest(FIXTURES / "pyeventsourcing-counters.sqlite", into=log)

    assert (report.read, report.snapshots, other.other_rows) == (500, 31, 2)
    assert report.of_kind("snapshots")[0].text.startswith("stream '0145725aae7f46c5")
    assert [it.text for it in other.of_kind("other_rows")] == ["table 'tracking', 2 rows"]


def test_every_application_of_a_file_is_read(tmp_path: Path, log: Path) -> None:
    source = write(tmp_path / "in.sqlite", [("a", 1, "shop:A.B", state())])
    db = sqlite3.connect(source)
    with db:
        db.execute(f"CREATE TABLE bank_events ({COLUMNS})")
        db.execute("INSERT INTO bank_events VALUES ('b', 1, 'bank:C.D', ?)", [state()])
    db.close()

    report = ingest(source, into=log)

    assert (report.stored, report.snapshots, report.other_rows) == (2, 1, 0)
    assert [it.stream for it in events_in(log)] == ["b", "a"]


def test_a_key_that_stands_twice_in_a_state_is_told(tmp_path: Path, log: Path) -> None:
    content = state()[:-1] + b',"n":1,"n":2}'

    report = ingest(write(tmp_path / "in.sqlite", [("a", 1, "shop:A.B", content)]), into=log)

    assert (report.repeated_keys, events_in(log)[0].data) == (1, {"n": 2})


PG_COLUMNS = ("originator_id", "originator_version", "topic", "state", "notification_id")


class TestPyeventsourcingPg(FormatContract):
    name = "pyeventsourcing-pg"
    file = "counters_events.pyeventsourcing.csv"
    events = 175

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [(it.stream, it.place, f"shop:{it.type}", _state_of(it), it.n) for it in events]
        return write_csv(folder / "made.csv", PG_COLUMNS, rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, one that is encrypted, a gap, and rows that are none."""
        at = '{"_type_":"datetime_iso","_data_":"2023-01-02T08:15:22.121677+00:00"}'
        state = f'{{"timestamp":{at},"n":1}}'.encode()
        rows = [
            ("a", 1, "m:C.Event", state, 1),
            ("a", 1, "m:C.Event", state, 1),
            ("a", 2, "m:C.Event", b"\x01\x02\xff", 2),
            ("a", 3, None, state, 3),
            ("a", None, "m:C.Event", state, 4),
            ("a", 7, "m:C.Event", state, 9),
        ]
        return write_csv(folder / "odd.csv", PG_COLUMNS, rows), len(rows)


def _state_of(it: Written) -> bytes:
    stamp = {"_type_": "datetime_iso", "_data_": it.text}
    return it.inside({"timestamp": stamp, "held": TEXT_HERE}).encode()


def test_two_applications_in_one_dump_are_two_event_tables(tmp_path: Path) -> None:
    state = b'{"n":1}'
    tables: Tables = {
        f"public.{name}_events": (PG_COLUMNS, [(name, 1, "m:C.Event", state, 1)])
        for name in ("orders", "users")
    }
    source = write_dump(tmp_path / "a.sql", tables)

    ingest(source, into=tmp_path / "log.foldline", choices={"table": "public.users_events"})

    assert [it.stream for it in events_in(tmp_path / "log.foldline")] == ["users"]


@pytest.mark.parametrize("name", ["pyeventsourcing-zlib", "pyeventsourcing-aggregates"])
def test_compressed_states_and_stores_without_an_order_are_read(log: Path, name: str) -> None:
    report = ingest(FIXTURES / f"{name}.sqlite", into=log)

    events = events_in(log)
    assert (report.stored, report.opaque, report.gaps) == (15, 0, 0)
    assert [it.data["name"] for it in events if it.type == "Registered"] == ["Fido", "Rex", "Ünal"]
    assert sorted(it.data["price"] for it in events if it.type == "TrickAdded")[-1] == "15.50"


def test_a_store_of_aggregates_alone_is_read_in_the_order_of_its_times(log: Path) -> None:
    ingest(FIXTURES / "pyeventsourcing-aggregates.sqlite", into=log)

    events = events_in(log)
    assert [it.occurred_at_us for it in events] == sorted(it.occurred_at_us for it in events)
    assert len({it.stream for it in events[:3]}) == 3
    assert "timestamp in the state" in manifest_of(log)


def test_a_clock_that_steps_back_does_not_turn_a_stream_around(log: Path, tmp_path: Path) -> None:
    rows = [
        ("a", 1, "shop:A.B", state("2026-01-01T10:00:00+00:00")),
        ("a", 2, "shop:A.B", state("2026-01-01T09:00:00+00:00")),
        ("a", 3, "shop:A.B", b"encrypted"),
        ("b", 1, "shop:A.B", state("2026-01-01T09:30:00+00:00")),
        ("b", 2, "shop:A.B", state("2026-01-01T10:30:00+00:00")),
    ]

    report = ingest(write(tmp_path / "a.sqlite", rows, suffix="WITHOUT ROWID"), into=log)

    assert report.renumbered == 0
    assert [(it.stream, it.version) for it in events_in(log)] == [
        *(("b", 1), ("a", 1), ("a", 2), ("a", 3)),
        ("b", 2),
    ]


@pytest.mark.parametrize(
    "name", ["counters", "zlib", "aes"], ids=["plain", "compressed", "encrypted"]
)
def test_what_the_library_wrote_goes_back_as_it_was(log: Path, tmp_path: Path, name: str) -> None:
    theirs, ours = FIXTURES / f"pyeventsourcing-{name}.sqlite", tmp_path / "out.sqlite"
    ingest(theirs, into=log)

    report = export(log, ours, format="pyeventsourcing")

    assert stored_rows(ours) == stored_rows(theirs)
    assert {it.name for it in report.losses} <= {"times_of_import"}


def test_encrypted_states_are_opaque(log: Path) -> None:
    report = ingest(FIXTURES / "pyeventsourcing-aes.sqlite", into=log)

    assert (report.stored, report.opaque) == (15, 15)
    assert set(events_in(log)[0].data) == {"data_encoding", "data_base64"}


def test_an_event_of_no_python_class_gets_a_topic_of_its_own(log: Path, tmp_path: Path) -> None:
    ingest(FIXTURES / "orders.canonical.jsonl", into=log)

    report = export(log, tmp_path / "out.sqlite", format="pyeventsourcing")

    first, row = events_in(log)[0], stored_rows(tmp_path / "out.sqlite")[0]
    assert row[:3] == (1, first.stream, first.version)
    assert row[3] == f"foldline:{first.type}"
    kept = json.loads(row[4])
    assert kept.pop("timestamp") == {"_type_": "datetime_iso", "_data_": first.occurred_at}
    assert kept == first.data
    assert "id" in {it.name for it in report.losses}


def stored_rows(path: Path) -> list[tuple[Any, ...]]:
    """The stored events of a file, with their rowids."""
    with closing(sqlite3.connect(path)) as db:
        asked = "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
        return db.execute(f"{asked} ORDER BY rowid").fetchall()


def manifest_of(log: Path) -> str:
    """What the import wrote down of itself."""
    with closing(sqlite3.connect(log)) as db:
        return str(db.execute("SELECT * FROM imports").fetchall())
