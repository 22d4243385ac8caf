"""The journal of Akka and Pekko: JSON where it is some, and opaque where it is not."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from store.transfer.ingest import ingest
from tests.contracts.format import FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in
from tests.store.table_files import Tables, write_csv, write_dump, write_sqlite

COLUMNS = (
    *("ordering", "persistence_id", "sequence_number", "deleted", "writer", "write_timestamp"),
    *("adapter_manifest", "event_ser_id", "event_ser_manifest", "event_payload"),
)


def row(n: int, **facts: Any) -> list[Any]:
    """The nth row of its persistence id."""
    known: dict[str, Any] = {
        "ordering": n,
        "persistence_id": "Cart|1",
        "sequence_number": n,
        "deleted": False,
        "write_timestamp": 1_709_250_603_830 + n,
        "event_ser_id": 31,
        "event_ser_manifest": "shop.ItemAdded",
        "event_payload": f'{{"n": {n}}}'.encode(),
    }
    return [{**known, **facts}.get(it) for it in COLUMNS]


class TestAkka(FormatContract):
    name = "akka"
    file = "akka-event_journal.csv"
    events = 40

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [
            row(
                it.place,
                ordering=it.n,
                persistence_id=it.stream,
                write_timestamp=it.milliseconds,
                event_ser_manifest=it.type,
                event_payload=it.data.encode(),
            )
            for it in events
        ]
        return write_csv(folder / "made.csv", COLUMNS, rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, one deleted, one that is opaque, a gap, and rows that are none."""
        rows = [
            row(1),
            row(1),
            row(2, deleted=True),
            row(3, event_payload=b"\xac\xed\x00\x05"),
            row(4, persistence_id=None),
            row(5, write_timestamp="soon"),
            row(8),
        ]
        return write_csv(folder / "odd.csv", COLUMNS, rows), len(rows)


@pytest.mark.parametrize("content", [b'{"n": 1}', gzip.compress(b'{"n": 1}')])
def test_json_is_read_also_where_it_is_compressed(tmp_path: Path, content: bytes) -> None:
    source = write_csv(tmp_path / "a.csv", COLUMNS, [row(1, event_payload=content)])

    report = ingest(source, into=tmp_path / "log.foldline")

    (event,) = events_in(tmp_path / "log.foldline")
    assert report.opaque == 0
    assert (event.data, event.type, event.version) == ({"n": 1}, "shop.ItemAdded", 1)
    assert event.recorded_at == "2024-02-29T23:50:03.831000+00:00"


@pytest.mark.parametrize("content", [b"\xac\xed\x00\x05", b"\xbf\x61n\x01\xff", b"7", b"{"])
def test_what_is_no_json_object_is_opaque(tmp_path: Path, content: bytes) -> None:
    source = write_csv(tmp_path / "a.csv", COLUMNS, [row(1, event_payload=content)])

    assert ingest(source, into=tmp_path / "log.foldline").opaque == 1


@pytest.mark.parametrize(
    "tags",
    [
        (("event_id", "tag"), [(1, "red"), (1, "big")]),
        (
            ("event_id", "persistence_id", "sequence_number", "tag"),
            [(None, "Cart|1", 1, "red"), (None, "Cart|1", 1, "big")],
        ),
    ],
)
def test_tags_are_kept_beside_their_event(tmp_path: Path, tags: Any) -> None:
    tables: Tables = {
        "public.event_journal": (COLUMNS, [row(1), row(2, deleted=True)]),
        "public.event_tag": tags,
        "public.snapshot": (("persistence_id", "created"), [("Cart|1", 1)]),
    }
    for path in (
        write_sqlite(tmp_path / "a.sqlite", tables),
        write_dump(tmp_path / "a.sql", tables),
    ):
        log = tmp_path / f"{path.name}.foldline"

        report = ingest(path, into=log)

        assert (report.stored, report.deleted, report.snapshots) == (2, 1, 1)
        sources = [json.loads(it.source_json or "{}") for it in events_in(log)]
        assert [sorted(it.get("tags", [])) for it in sources] == [["big", "red"], []]


def test_the_older_journal_is_opaque_and_without_times(tmp_path: Path) -> None:
    columns = ("ordering", "persistence_id", "sequence_number", "deleted", "tags", "message")
    tables: Tables = {"journal": (columns, [(1, "Cart|1", 1, False, "red", b"\x0a\x05")])}

    report = ingest(write_sqlite(tmp_path / "a.sqlite", tables), into=tmp_path / "log.foldline")

    assert (report.stored, report.opaque, report.missing_times) == (1, 1, 1)
    (event,) = events_in(tmp_path / "log.foldline")
    assert (event.stream, event.type) == ("Cart|1", "PersistentRepr")
