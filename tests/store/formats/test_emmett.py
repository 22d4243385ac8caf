"""Emmett: its columns, and the user's metadata under our names too."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, rows_of

TABLE = """
CREATE TABLE emt_messages (stream_id, stream_position, global_position INTEGER PRIMARY KEY,
    message_kind, message_type, message_id, message_data, message_metadata, created,
    partition, message_schema_version, is_archived)
"""
GOOD: dict[str, Any] = {
    "stream_id": "cart-1",
    "stream_position": 1,
    "global_position": 1,
    "message_kind": "E",
    "message_type": "Opened",
    "message_id": "m1",
    "message_data": "{}",
    "message_metadata": "{}",
    "created": "2026-11-23 06:05:30",
    "partition": "emt:default",
    "message_schema_version": "0",
    "is_archived": 0,
}


class TestEmmett(FormatContract):
    name = "emmett"
    file = "emmett-carts.sqlite"
    events = 380

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [
            {
                "stream_id": it.stream,
                "stream_position": it.place,
                "message_type": it.type,
                "message_id": it.id,
                "message_data": it.data,
                "created": it.text,
            }
            for it in events
        ]
        return made(folder / "made.sqlite", *rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        source = made(
            folder / "odd.sqlite",
            {},
            {"is_archived": 1, "stream_position": 1},
            {"partition": "tenant-a", "stream_position": 1, "message_data": b"\xff"},
            {"message_kind": "C"},
            {"stream_position": 1, "message_id": "again"},
            {"stream_position": 9, "created": None},
            {"message_data": "{"},
            {"message_metadata": "[]"},
            script="CREATE TABLE emt_streams (id); INSERT INTO emt_streams VALUES (1), (2)",
        )
        return source, rows_of(source)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


def bring(log: Path, *rows: dict[str, Any]) -> Any:
    return ingest(made(log.with_name("in.sqlite"), *rows), into=log)


def made(source: Path, *rows: dict[str, Any], script: str = "") -> Path:
    db = sqlite3.connect(source)
    db.executescript(script)
    with db:
        db.execute(TABLE)
        for n, row in enumerate(rows, 1):
            found = {
                **GOOD,
                "global_position": n,
                "stream_position": n,
                "message_id": f"m{n}",
                **row,
            }
            db.execute(f"INSERT INTO emt_messages VALUES ({','.join('?' * 12)})", [*found.values()])
    db.close()
    return source


def test_a_message_becomes_an_event(log: Path) -> None:
    report = ingest(FIXTURES / "emmett-carts.sqlite", into=log)

    first, second = events_in(log)[:2]
    assert (report.stored, report.streams, report.naive_times) == (380, 50, 0)
    assert first.stream == "shopping_cart-e93245ab-4e6f-4bb4-acd4-03c1d59804d0"
    assert (first.type, first.version) == ("ShoppingCartOpened", 1)
    assert first.id == "61affdbe-9414-4b99-9b1e-907d2801bdba"
    assert first.recorded_at == "2026-11-23T06:05:30.000000+00:00"
    assert first.metadata["correlation_id"] == first.metadata["correlationId"]
    assert second.metadata["causation_id"] == "12e1ec9f-11b2-4c7d-b9eb-cf7db03b92bf"
    assert second.data["productItem"]["productId"] == "chapeau d’été"
    assert second.occurred_at == "2025-01-06T07:00:55.071000+00:00"
    assert (second.source or {})["created"] == "2026-11-23 06:05:30"
    assert (second.source or {})["message_schema_version"] == "0"


def test_metadata_without_the_convention_stays_as_it_is(log: Path) -> None:
    bring(log, {"message_metadata": '{ "a": 1 }'}, {"message_metadata": '{"correlationId": "c"}'})

    assert [it.metadata_json for it in events_in(log)] == [
        '{"a":1}',
        '{"correlationId":"c","correlation_id":"c"}',
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stream_position": "x"}, "stream_position is not a whole number"),
        ({"created": 5}, "created is not a time"),
        ({"created": "later"}, "occurred_at is not a time: 'later+00:00'"),
        ({"stream_id": ""}, "the event has no stream_id"),
        (
            {"message_data": "{"},
            "message_data is not JSON (Expecting property name enclosed in double quotes at "
            "character 1)",
        ),
        ({"message_metadata": "[]"}, "message_metadata is not a JSON object"),
    ],
)
def test_each_fault_has_its_own_sentence(log: Path, change: dict[str, Any], reason: str) -> None:
    report = bring(log, change, {"stream_id": "cart-2", "stream_position": 1})

    assert (report.stored, report.rejected) == (1, 1)
    assert report.bad_lines[0].reason == reason


def test_commands_are_left_out_and_times_that_are_none_are_only_metadata(log: Path) -> None:
    report = bring(
        log,
        {"message_kind": "C", "stream_position": 9},
        {"stream_position": 1, "message_metadata": '{"at": "soon"}'},
        {"stream_position": 2, "created": None},
    )

    assert (report.read, report.stored, report.messages, report.skipped) == (2, 2, 1, 1)
    assert report.of_kind("messages")[0].text == "kind 'C', type 'Opened'"
    assert events_in(log)[0].occurred_at == "2026-11-23T06:05:30.000000+00:00"


def test_text_that_is_not_utf_8_is_named(log: Path) -> None:
    source = log.with_name("in.sqlite")
    db = sqlite3.connect(source)
    with db:
        db.execute(TABLE)
        columns = ",".join("CAST(x'ff41' AS TEXT)" if it == "message_type" else "?" for it in GOOD)
        values = [value for name, value in GOOD.items() if name != "message_type"]
        db.execute(f"INSERT INTO emt_messages VALUES ({columns})", values)
    db.close()

    report = ingest(source, into=log)

    assert report.bad_lines[0].reason == "message_type is not valid Unicode text"
    assert not log.exists()


def test_a_stream_is_told_by_its_partition_and_life_too(log: Path) -> None:
    report = ingest(FIXTURES / "emmett-tenants.sqlite", into=log)

    assert (report.read, report.stored, report.conflicts) == (4, 4, 0)
    assert [(it.stream, it.version, it.data["t"]) for it in events_in(log)] == [
        ("cart-1@tenant-a", 1, "A"),
        ("cart-1@tenant-b", 1, "B"),
        ("cart-1@tenant-a", 2, "A"),
        ("cart-1@tenant-b", 2, "B"),
    ]


def test_a_stream_that_began_anew_is_another_one_and_the_first_keeps_its_name(log: Path) -> None:
    first = bring(log, {"stream_position": 1}, {"stream_position": 2})
    log.with_name("in.sqlite").unlink()

    second = bring(
        log,
        {"stream_position": 1, "is_archived": 1},
        {"stream_position": 2, "is_archived": 1},
        {"stream_position": 1},
    )

    assert (first.stored, second.stored, second.duplicates) == (2, 1, 0)
    assert second.conflicts == 2  # the source says archived now
    assert [(it.stream, it.version) for it in events_in(log)] == [
        ("cart-1", 1),
        ("cart-1", 2),
        ("cart-1@life-2", 1),
    ]


def test_payloads_that_are_bytes_are_read_or_kept(log: Path) -> None:
    report = bring(log, {"message_data": b'{"a":1}'}, {"message_data": b"\xff\x00"})

    assert (report.stored, report.opaque) == (2, 1)
    assert [it.data for it in events_in(log)] == [
        {"a": 1},
        {"data_encoding": "base64", "data_base64": "/wA="},
    ]


def test_a_time_with_an_offset_keeps_it(log: Path) -> None:
    bring(log, {"created": "2026-11-23 06:05:30-05:00"}, {"created": "2026-11-23t06:05:30z"})

    assert [it.recorded_at for it in events_in(log)] == [
        "2026-11-23T06:05:30.000000-05:00",
        "2026-11-23T06:05:30.000000+00:00",
    ]


@pytest.mark.parametrize("name", ["emmett-carts.sqlite", "emmett-tenants.sqlite"])
def test_what_emmett_wrote_is_the_same_after_an_export(tmp_path: Path, name: str) -> None:
    log, again = tmp_path / "log.foldline", tmp_path / "again.foldline"
    ingest(FIXTURES / name, into=log)

    report = export(log, tmp_path / "out.sqlite", format="emmett")
    ingest(tmp_path / "out.sqlite", into=again)

    def told(store: Path) -> list[Any]:
        return [
            (it.stream, it.version, it.id, it.type, it.data_json, it.metadata, it.occurred_at)
            for it in events_in(store)
        ]

    assert told(again) == told(log)
    assert report.losses == ()
