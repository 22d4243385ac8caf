"""Records of Kafka as kcat prints them."""

from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, write_lines


def record(number: int, **facts: Any) -> dict[str, Any]:
    """One line of kcat -J."""
    known = {"topic": "orders", "partition": 0, "offset": number, "tstype": "create"}
    return {**known, "ts": 1_795_412_809_764, "broker": 1, "key": "o-1", "payload": "{}", **facts}


class TestKcat(FormatContract):
    name = "kcat"
    file = "orders.kcat.jsonl"
    events = 121

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = [record(it.n, key=it.stream, ts=it.milliseconds, payload=it.data) for it in events]
        return write_lines(folder / "made.jsonl", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A record twice, one without an offset, headers that are no list, and a line of text."""
        rows: list[dict[str, Any] | str] = [
            record(1),
            record(1),
            record(2, offset=None),
            record(3, headers="x"),
            record(9, payload="plain"),
            "text",
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


def test_a_payload_gives_id_and_type_and_its_key_the_stream(tmp_path: Path) -> None:
    ingest(FIXTURES / "orders.kcat.jsonl", into=tmp_path / "log.foldline")

    first = events_in(tmp_path / "log.foldline")[0]

    assert (first.stream, first.type) == ("orders/order-81", "OrderShipped")
    assert first.id == "88dcf943-84d4-4d1f-87ca-7883ff5a52f1"
    assert first.metadata["correlation_id"] == "7f3a"
    assert first.data["note"] == "日本"
    assert first.recorded_at.startswith("2026-11-23T")


def test_a_tombstone_is_an_event_without_data(tmp_path: Path) -> None:
    ingest(FIXTURES / "orders.kcat.jsonl", into=tmp_path / "log.foldline")

    last = events_in(tmp_path / "log.foldline")[-1]

    assert (last.type, last.data_json) == ("Tombstone", "null")


def test_a_payload_that_is_no_json_is_kept_as_its_text(tmp_path: Path) -> None:
    rows = write_lines(
        tmp_path / "in.jsonl", record(1, payload="\x01{not json"), record(2, key=None)
    )

    report = ingest(rows, into=tmp_path / "log.foldline", format="kcat")

    text, keyless = events_in(tmp_path / "log.foldline")
    assert report.opaque == 1
    assert text.data == "\x01{not json"
    assert keyless.stream == "orders/0"


def test_offsets_that_compaction_took_away_are_told(tmp_path: Path) -> None:
    rows = write_lines(tmp_path / "in.jsonl", record(4), record(5), record(9), record(2))

    report = ingest(rows, into=tmp_path / "log.foldline")

    assert report.gaps == 1
    assert [(it.line, it.text) for it in report.of_kind("gaps")] == [
        (3, "partition orders/0: offset 9 follows 5")
    ]
