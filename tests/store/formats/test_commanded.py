"""Commanded's EventStore: what is in $all, each event once, with the streams it is linked into."""

import csv
import json
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, links_in
from tests.store.table_files import Tables, write_csv, write_sqlite

COLUMNS = (
    *("event_id", "event_type", "causation_id", "correlation_id", "data", "metadata"),
    *("created_at", "stream_uuid", "stream_version", "event_number"),
)
AT = "2024-02-29 23:50:04.788841+00"


def row(n: int, **facts: Any) -> list[Any]:
    """The nth row of its stream."""
    known: dict[str, Any] = {
        "event_id": f"968618f5-a07b-40ed-a9d6-{n:012}",
        "event_type": "Elixir.Trips.Started",
        "data": b'{"Day": 1}',
        "metadata": b"{}",
        "created_at": AT,
        "stream_uuid": "trip-1",
        "stream_version": n,
        "event_number": n,
    }
    return [{**known, **facts}.get(it) for it in COLUMNS]


def tables() -> Tables:
    """Two events in trip-1, which are linked into another stream, and one in a deleted stream."""
    events = [(f"e-{n}", "Elixir.T", None, None, b"{}", None, AT) for n in (1, 2, 3)]
    places = [
        *[("e-1", 0, 1, 1, 1), ("e-1", 1, 1, 1, 1), ("e-1", 3, 1, 1, 1)],
        *[("e-3", 0, 2, 2, 1), ("e-3", 2, 1, 2, 1)],
        *[("e-2", 0, 3, 1, 2), ("e-2", 1, 2, 1, 2)],
    ]
    streams = [(0, "$all", None), (1, "trip-1", None), (2, "trip-2", AT), (3, "linked", None)]
    return {
        "public.events": (
            (
                *("event_id", "event_type", "causation_id", "correlation_id"),
                *("data", "metadata", "created_at"),
            ),
            events,
        ),
        "public.snapshots": (("source_uuid", "source_version"), [("trip-1", 1)]),
        "public.stream_events": (
            (
                *("event_id", "stream_id", "stream_version"),
                *("original_stream_id", "original_stream_version"),
            ),
            places,
        ),
        "public.streams": (("stream_id", "stream_uuid", "deleted_at"), streams),
    }


class TestCommanded(FormatContract):
    name = "commanded"
    file = "commanded-all.csv"
    events = 240

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [
            row(
                it.place,
                event_id=it.id,
                event_type=it.type,
                data=it.data.encode(),
                created_at=it.text,
                stream_uuid=it.stream,
                event_number=it.n,
            )
            for it in events
        ]
        return write_csv(folder / "made.csv", COLUMNS, rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Erlang's terms, a row twice, a gap, and rows that are none."""
        rows = [
            row(1),
            row(1),
            row(2, data=b"\x83t\x00", metadata=b"\x83t\x00"),
            row(3, stream_uuid=None),
            row(4, created_at="soon"),
            row(7),
        ]
        return write_csv(folder / "odd.csv", COLUMNS, rows), len(rows)


def test_every_row_says_what_it_says_in_the_file(tmp_path: Path) -> None:
    ingest(FIXTURES / "commanded-all.csv", into=tmp_path / "log.foldline")
    with (FIXTURES / "commanded-all.csv").open(encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))

    ours = events_in(tmp_path / "log.foldline")

    assert [(it.id, it.stream, it.version, it.type) for it in ours] == [
        (it["event_id"], it["stream_uuid"], int(it["stream_version"]), it["event_type"])
        for it in theirs
    ]
    assert [it.data_json for it in ours] == [
        bytes.fromhex(it["data"][2:]).decode() for it in theirs
    ]


def test_erlangs_terms_are_opaque(tmp_path: Path) -> None:
    rows = [row(1, data=b"\x83t\x00", metadata=b"\x83t\x00")]
    source = write_csv(tmp_path / "rows.csv", COLUMNS, rows)

    report = ingest(source, into=tmp_path / "log.foldline")

    (event,) = events_in(tmp_path / "log.foldline")
    assert report.opaque == 1
    assert event.data["data_base64"] == "g3QA"
    assert json.loads(event.source_json or "")["metadata"]["data_base64"] == "g3QA"


def test_tables_are_joined_in_the_order_of_all(tmp_path: Path) -> None:
    source = write_sqlite(tmp_path / "theirs.sqlite", tables())

    report = ingest(source, into=tmp_path / "log.foldline")

    ours = events_in(tmp_path / "log.foldline")
    assert [(it.id, it.stream, it.version) for it in ours] == [
        ("e-1", "trip-1", 1),
        ("e-3", "trip-2", 1),
        ("e-2", "trip-1", 2),
    ]
    assert links_in(tmp_path / "log.foldline") == {1: ("linked",)}
    assert (report.stored, report.deleted, report.snapshots) == (3, 1, 1)
