"""Axon: a row of domain_event_entry is an event, in whatever spelling and whatever encoding."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from store.reading.detect import detect
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in
from tests.store.table_files import write_csv

COLUMNS = (
    *("global_index", "aggregate_identifier", "sequence_number", "type", "event_identifier"),
    *("meta_data", "payload", "payload_revision", "payload_type", "time_stamp"),
)
AXON_5 = (
    *("globalIndex", "aggregateIdentifier", "aggregateSequenceNumber", "aggregateType"),
    *("identifier", "metadata", "payload", "version", "type", "timestamp"),
)
XML = b"<a.Placed><id>7</id><line><sku>x</sku></line><line><sku>y</sku></line><note/></a.Placed>"
METADATA = (
    b"<meta-data><entry><string>traceId</string><string>t-1</string></entry>"
    b"<entry><string>correlationId</string><string>c-1</string></entry></meta-data>"
)


def row(n: int, **facts: Any) -> list[Any]:
    """The nth row of its aggregate."""
    known: dict[str, Any] = {
        "global_index": n,
        "aggregate_identifier": "order-1",
        "sequence_number": n - 1,
        "type": "Order",
        "event_identifier": f"e-{n}",
        "meta_data": b"{}",
        "payload": b'{"n": 1}',
        "payload_type": "shop.Placed",
        "time_stamp": "2024-02-29T23:50:03.357Z",
    }
    return [{**known, **facts}.get(it) for it in COLUMNS]


class TestAxon(FormatContract):
    name = "axon"
    file = "axon-domain_event_entry.csv"
    events = 240

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [
            row(
                it.place,
                global_index=it.n,
                aggregate_identifier=it.stream,
                event_identifier=it.id,
                payload=it.data.encode(),
                payload_type=it.type,
                time_stamp=it.text,
            )
            for it in events
        ]
        return write_csv(folder / "made.csv", COLUMNS, rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Rows twice, opaque, of no aggregate, and some that are none."""
        rows = [
            row(1, payload=XML, meta_data=METADATA),
            row(1, payload=XML, meta_data=METADATA),
            row(2, payload=b"\xac\xed\x00\x05"),
            row(3, payload="16433"),
            row(4, type=None),
            row(5, event_identifier=None),
            row(6, sequence_number="many"),
            row(7, payload="\\xnot hexadecimal"),
            row(8, payload=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        ]
        return write_csv(folder / "odd.csv", COLUMNS, rows), len(rows)


def test_every_row_says_what_it_says_in_the_file(tmp_path: Path) -> None:
    ingest(FIXTURES / "axon-domain_event_entry.csv", into=tmp_path / "log.foldline")
    with (FIXTURES / "axon-domain_event_entry.csv").open(encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))

    ours = events_in(tmp_path / "log.foldline")

    assert [(it.id, it.stream, it.version, it.type) for it in ours] == [
        (
            it["event_identifier"],
            it["aggregate_identifier"],
            int(it["sequence_number"]) + 1,
            it["payload_type"],
        )
        for it in theirs
    ]
    texts = [bytes.fromhex(it["payload"][2:]).decode() for it in theirs]
    for event, text in zip(ours, texts, strict=True):
        is_xml = text.startswith("<")
        raw = json.loads(event.source_json or "")["payload"] if is_xml else event.data_json
        assert raw == text


def test_xml_of_xstream_becomes_members_and_stays_beside_them(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", COLUMNS, [row(1, payload=XML, meta_data=METADATA)])

    ingest(source, into=tmp_path / "log.foldline")

    (event,) = events_in(tmp_path / "log.foldline")
    assert event.data == {"id": "7", "line": [{"sku": "x"}, {"sku": "y"}], "note": ""}
    assert event.metadata["correlation_id"] == "t-1"
    assert event.metadata["causation_id"] == "c-1"
    assert json.loads(event.source_json or "")["payload"] == XML.decode()


@pytest.mark.parametrize(
    ("payload", "kept"),
    [
        (b"\xac\xed\x00\x05", {"data_encoding": "base64", "data_base64": "rO0ABQ=="}),
        ("16433", {"data_encoding": "oid", "oid": "16433"}),
        (b"<a><b></a>", {"data_encoding": "base64", "data_base64": "PGE+PGI+PC9hPg=="}),
    ],
)
def test_a_payload_that_cannot_be_read_is_opaque(
    tmp_path: Path, payload: bytes | str, kept: dict[str, str]
) -> None:
    source = write_csv(tmp_path / "rows.csv", COLUMNS, [row(1, payload=payload)])

    report = ingest(source, into=tmp_path / "log.foldline")

    assert report.opaque == 1
    assert events_in(tmp_path / "log.foldline")[0].data == kept


@pytest.mark.parametrize(
    "columns",
    [
        (
            *("globalIndex", "aggregateIdentifier", "sequenceNumber", "type", "eventIdentifier"),
            *("metaData", "payload", "payloadRevision", "payloadType", "timeStamp"),
        ),
        (
            *("globalindex", "aggregateidentifier", "sequencenumber", "type", "eventidentifier"),
            *("metadata", "payload", "payloadrevision", "payloadtype", "timestamp"),
        ),
    ],
)
def test_the_spelling_of_columns_does_not_matter(tmp_path: Path, columns: tuple[str, ...]) -> None:
    plain = write_csv(tmp_path / "plain.csv", COLUMNS, [row(1), row(2)])
    other = write_csv(tmp_path / "other.csv", columns, [row(1), row(2)])
    ingest(plain, into=tmp_path / "log.foldline")

    again = ingest(other, into=tmp_path / "log.foldline")

    assert detect(other).format.name == "axon"
    assert (again.stored, again.duplicates) == (0, 2)


def test_axon_5_calls_the_columns_otherwise(tmp_path: Path) -> None:
    cells = [1, "order-1", 0, "Order", "e-1", b"{}", b'{"n": 1}', "2", "shop.Placed", "2026-01-01Z"]
    cells[-1] = "2026-01-01T00:00:00Z"
    source = write_csv(tmp_path / "rows.csv", AXON_5, [cells])

    ingest(source, into=tmp_path / "log.foldline")

    (event,) = events_in(tmp_path / "log.foldline")
    assert (event.stream, event.version, event.type) == ("order-1", 1, "shop.Placed")
    assert (event.id, event.metadata["schema_version"]) == ("e-1", "2")


def test_an_event_of_no_aggregate_has_a_stream_of_its_own(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", COLUMNS, [row(1, type=None)])

    ingest(source, into=tmp_path / "log.foldline")

    assert [it.stream for it in events_in(tmp_path / "log.foldline")] == ["e-1"]
