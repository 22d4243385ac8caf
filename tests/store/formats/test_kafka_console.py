"""Records of Kafka as its own console consumer prints them."""

from pathlib import Path

import pytest

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, write_lines

FILE = FIXTURES / "orders.kafka-console.txt"


def record(offset: int, rest: str, at: object = 1_795_412_809_764) -> str:
    """One line with a time, a partition and an offset."""
    return f"CreateTime:{at}\tPartition:0\tOffset:{offset}\t{rest}"


class TestKafkaConsole(FormatContract):
    name = "kafka-console"
    file = FILE.name
    events = 4

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = (record(it.n, f"{it.stream}\t{it.data}", it.milliseconds) for it in events)
        return write_lines(folder / "made.txt", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A record twice, one with other parts, one whose time is none, and a gap."""
        good = record(1, 'o-1\t{"n":1}')
        rows = [good, good, "Partition:0\tOffset:2\to-1\t{}", "text", record(3, "o-1\t{}", "soon")]
        return write_lines(folder / "odd.txt", *rows, record(9, "o-1\tnull")), 6


def test_headers_key_and_value_are_those_of_the_record(tmp_path: Path) -> None:
    ingest(FILE, into=tmp_path / "log.foldline")

    first, second, third, last = events_in(tmp_path / "log.foldline")

    assert (first.stream, first.type) == ("kafka/order-81", "OrderShipped")
    assert first.id == "88dcf943-84d4-4d1f-87ca-7883ff5a52f1"
    assert first.metadata == {
        "correlation_id": "7f3a",
        "ce_source": "/shop",
    }
    assert first.recorded_at.startswith("2026-11-23T")
    assert second.data == {"type": "OrderPaid", "note": "日本"}
    assert (third.stream, third.data) == ("kafka/1", "plain text")
    assert (last.type, last.data_json) == ("Tombstone", "null")


@pytest.mark.parametrize(
    ("line", "stream"),
    [
        ('CreateTime:1795412809764\t{"type":"A"}', "kafka/0"),
        ('CreateTime:1795412809764\to-1\t{"type":"A"}', "kafka/o-1"),
        ('NO_TIMESTAMP\tPartition:3\to-1\t{"type":"A"}', "kafka/o-1"),
        ('Partition:3\t{"type":"A"}', "kafka/3"),
    ],
)
def test_whatever_it_was_asked_to_print_is_read(tmp_path: Path, line: str, stream: str) -> None:
    source = write_lines(tmp_path / "in.txt", line, line)

    report = ingest(source, into=tmp_path / "log.foldline")

    assert report.format == "kafka-console"
    assert [(it.stream, it.type) for it in events_in(tmp_path / "log.foldline")] == [
        (stream, "A"),
        (stream, "A"),
    ]


def test_offsets_that_compaction_took_away_are_told(tmp_path: Path) -> None:
    rows = [record(n, "o-1\t{}") for n in (4, 5, 9)]

    report = ingest(write_lines(tmp_path / "in.txt", *rows), into=tmp_path / "log.foldline")

    assert [(it.line, it.text) for it in report.of_kind("gaps")] == [
        (3, "partition kafka/0: offset 9 follows 5")
    ]
