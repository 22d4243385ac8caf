"""Marten: a row of mt_events is an event."""

import csv
import json
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in
from tests.store.table_files import write_csv

COLUMNS = (
    *("seq_id", "id", "stream_id", "version", "data", "bdata", "type", "timestamp", "tenant_id"),
    *("mt_dotnet_type", "headers", "user_name", "is_archived"),
)
AT = "2024-02-29 23:50:03.830086+00"


def row(n: int, **facts: Any) -> list[Any]:
    """The nth row of its stream."""
    known: dict[str, Any] = {
        "seq_id": n,
        "id": f"45c0d7e7-4909-40f9-8d67-{n:012}",
        "stream_id": "trip-1",
        "version": n,
        "data": f'{{"Day": {n}}}',
        "type": "trip_started",
        "timestamp": AT,
        "tenant_id": "*DEFAULT*",
        "is_archived": False,
    }
    return [{**known, **facts}.get(it) for it in COLUMNS]


class TestMarten(FormatContract):
    name = "marten"
    file = "marten-mt_events.csv"
    events = 240

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [row_of(it) for it in events]
        return write_csv(folder / "made.csv", COLUMNS, rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, one archived, one binary, one of a tenant, a gap, and rows that are none."""
        rows = [
            row(1),
            row(1),
            row(2, is_archived=True),
            row(3, data=None, bdata=b"\x00\xff"),
            row(4, type=None),
            row(5, data="{no json"),
            row(6, timestamp="soon"),
            row(9),
            row(1, seq_id=10, id="45c0d7e7-4909-40f9-8d67-afcb82987350", tenant_id="acme"),
            ["too", "short"],
        ]
        return write_csv(folder / "odd.csv", COLUMNS, rows), len(rows)


def row_of(it: Written) -> list[Any]:
    """The row of an event."""
    about = {"id": it.id, "stream_id": it.stream, "type": it.type, "timestamp": it.text}
    return row(it.place, **about, seq_id=it.n, data=it.data)


def test_every_row_says_what_it_says_in_the_file(tmp_path: Path) -> None:
    ingest(FIXTURES / "marten-mt_events.csv", into=tmp_path / "log.foldline")
    with (FIXTURES / "marten-mt_events.csv").open(encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))

    ours = events_in(tmp_path / "log.foldline")

    assert [(it.id, it.stream, it.version, it.type) for it in ours] == [
        (it["id"], it["stream_id"], int(it["version"]), it["type"]) for it in theirs
    ]
    assert [it.data_json for it in ours] == [it["data"] for it in theirs]
    assert [it.metadata["correlation_id"] for it in ours] == [it["correlation_id"] for it in theirs]
    assert json.loads(ours[0].source_json or "")["headers"] == {"HeaderKey": "HeaderValue"}


def test_what_is_archived_or_binary_comes_in_and_is_told(tmp_path: Path) -> None:
    rows = [row(1, is_archived=True), row(2, data=None, bdata=b"\x00\xff")]
    source = write_csv(tmp_path / "rows.csv", COLUMNS, rows)

    report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.stored, report.archived, report.opaque) == (2, 1, 1)
    kept, binary = events_in(tmp_path / "log.foldline")
    assert json.loads(kept.source_json or "")["is_archived"] is True
    assert json.loads(binary.data_json) == {"data_encoding": "base64", "data_base64": "AP8="}


def test_a_stream_of_another_tenant_is_another_stream(tmp_path: Path) -> None:
    rows = [row(1), row(1, seq_id=2, id="other", tenant_id="acme")]
    source = write_csv(tmp_path / "rows.csv", COLUMNS, rows)

    report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.stored, report.renumbered) == (2, 0)
    assert [it.stream for it in events_in(tmp_path / "log.foldline")] == ["trip-1", "trip-1@acme"]
