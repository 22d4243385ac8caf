"""SqlStreamStore: two tables, and versions that count from 0."""

from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in
from tests.store.table_files import Tables, write_dump, write_sqlite

MESSAGES = (
    *("stream_id_internal", "stream_version", "position", "message_id", "created_utc", "type"),
    *("json_data", "json_metadata"),
)
STREAMS = ("id", "id_original", "id_internal", "version", "position")


def row(n: int, **facts: Any) -> list[Any]:
    """The nth message of its stream."""
    known: dict[str, Any] = {
        "stream_id_internal": 1,
        "stream_version": n - 1,
        "position": n - 1,
        "message_id": f"7253edc6-1818-4993-afa9-{n:012}",
        "created_utc": "2024-02-29 23:50:03.830086",
        "type": "Opened",
        "json_data": f'{{"n": {n}}}',
        "json_metadata": '{"correlationId": "c-1"}',
    }
    return [{**known, **facts}.get(it) for it in MESSAGES]


def tables(*rows: list[Any]) -> Tables:
    """The messages with their streams."""
    streams = [("AB", "account-1", 1, 9, 9), ("CD", "$$account-1", 2, 0, 0)]
    return {"public.messages": (MESSAGES, rows), "public.streams": (STREAMS, streams)}


class TestSqlStreamStore(FormatContract):
    name = "sql-stream-store"
    file = "sql-stream-store.sqlite"
    events = 40

    def file_of(self, folder: Path, *events: Written) -> Path:
        names = sorted({it.stream for it in events})
        rows = [
            row(
                it.place,
                stream_id_internal=names.index(it.stream) + 1,
                position=at,
                message_id=it.id,
                created_utc=it.text,
                type=it.type,
                json_data=it.data,
            )
            for at, it in enumerate(events)
        ]
        streams = [("AB", name, at, 9, 9) for at, name in enumerate(names, 1)]
        parts: Tables = {"messages": (MESSAGES, rows), "streams": (STREAMS, streams)}
        return write_sqlite(folder / "made.sqlite", parts)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, one whose stream is missing, one without a type, bad JSON, a gap, and rows
        of another table."""
        rows = [
            row(1),
            row(1, position=20),
            row(2, stream_id_internal=7),
            row(3, type=None),
            row(4, json_data="{"),
            row(7),
            row(1, stream_id_internal=2, position=30, message_id="m", type="$stream-metadata"),
        ]
        other: Tables = {"public.checkpoints": (("name",), [("a",), ("b",)])}
        path = write_sqlite(folder / "odd.sqlite", {**tables(*rows), **other})
        return path, len(rows) + 2


def test_a_dump_says_the_same(tmp_path: Path) -> None:
    log, rows = tmp_path / "log.foldline", [row(n) for n in (3, 1, 2)]
    ingest(write_sqlite(tmp_path / "a.sqlite", tables(*rows)), into=log)

    again = ingest(write_dump(tmp_path / "a.sql", tables(*rows)), into=log)

    assert (again.stored, again.duplicates) == (0, 3)
    ours = events_in(log)
    assert [(it.stream, it.version, it.data["n"]) for it in ours] == [
        ("account-1", n, n) for n in (1, 2, 3)
    ]
    assert ours[0].metadata["correlation_id"] == "c-1"


def test_a_long_dump_is_joined_without_looking_through_it_for_each_row(tmp_path: Path) -> None:
    """Were it, ten thousand rows would take a hundred million steps."""
    rows = [row(n) for n in range(1, 10_001)]

    report = ingest(write_dump(tmp_path / "a.sql", tables(*rows)), into=tmp_path / "log.foldline")

    assert report.stored == 10_000


def test_names_as_sql_server_spells_them_are_known(tmp_path: Path) -> None:
    messages = [
        *("StreamIdInternal", "StreamVersion", "Position", "Id", "Created", "Type"),
        *("JsonData", "JsonMetadata"),
    ]
    theirs: Tables = {
        "Messages": (messages, [row(1)]),
        "Streams": (("Id", "IdOriginal", "IdInternal"), [("AB", "account-1", 1)]),
    }

    ingest(write_sqlite(tmp_path / "a.sqlite", theirs), into=tmp_path / "log.foldline")

    assert [it.stream for it in events_in(tmp_path / "log.foldline")] == ["account-1"]
