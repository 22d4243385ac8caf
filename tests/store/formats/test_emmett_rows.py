"""Rows of Emmett on PostgreSQL."""

import json
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in, write_lines
from tests.store.table_files import Tables, write_csv, write_dump

ROW: dict[str, Any] = {
    "stream_position": 1,
    "global_position": 1,
    "created": "2026-11-23T05:42:08.842127+00:00",
    "message_kind": "E",
    "stream_id": "cart-1",
    "partition": "emt:default",
    "message_id": "57d5b12d-d40e-4418-92a1-2f32cf90f2c3",
    "message_type": "Opened",
    "message_data": {"a": 1},
    "message_metadata": {},
}


class TestEmmettRows(FormatContract):
    name = "emmett-rows"
    file = "emmett-pg-messages.jsonl"
    events = 150

    def file_of(self, folder: Path, *events: Written) -> Path:
        return write_lines(folder / "made.jsonl", *(it.inside(_written(it)) for it in events))

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, a command, one without an id, and a line that is none."""
        other = {**ROW, "stream_position": 2, "message_id": "b", "partition": "tenant-a"}
        rows: list[dict[str, Any] | str] = [
            ROW,
            ROW,
            {**ROW, "message_kind": "C"},
            {**ROW, "message_id": None},
            other,
            "{",
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


def test_columns_and_names_of_ours_hold_what_the_rows_say(tmp_path: Path) -> None:
    file = FIXTURES / "emmett-pg-messages.jsonl"
    ingest(file, into=tmp_path / "log.foldline")
    theirs = [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    ours = events_in(tmp_path / "log.foldline")

    assert [(it.stream, it.version, it.id) for it in ours] == [
        (it["stream_id"], it["stream_position"], it["message_id"]) for it in theirs
    ]
    assert [it.metadata["user"] for it in ours] == [
        it["message_metadata"]["userId"] for it in theirs
    ]


def test_another_partition_is_another_stream(tmp_path: Path) -> None:
    rows = write_lines(
        tmp_path / "rows.jsonl", ROW, {**ROW, "partition": "tenant-a", "message_id": "b"}
    )

    ingest(rows, into=tmp_path / "log.foldline", format="emmett-rows")

    streams = [it.stream for it in events_in(tmp_path / "log.foldline")]
    assert streams == ["cart-1", "cart-1@tenant-a"]


class TestEmmettPg(FormatContract):
    name = "emmett-pg"
    file = "emmett-pg-messages.csv"
    events = 150

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [
            {**_written(it), "message_data": it.data, "message_metadata": "{}"} for it in events
        ]
        return write_csv(folder / "made.csv", tuple(ROW), [[*it.values()] for it in rows])

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, one of another kind, one archived, one without a type, a gap."""
        rows = [
            cells_of(1),
            cells_of(1),
            cells_of(2, message_kind="C"),
            cells_of(3, is_archived=True),
            cells_of(4, message_type=None),
            cells_of(7),
        ]
        return write_csv(folder / "odd.csv", PG_COLUMNS, rows), len(rows)


def _written(it: Written) -> dict[str, Any]:
    return {
        **ROW,
        "stream_position": it.place,
        "global_position": it.n,
        "created": it.text,
        "stream_id": it.stream,
        "message_id": it.id,
        "message_type": it.type,
        "message_data": TEXT_HERE,
    }


PG_COLUMNS = (
    *("stream_position", "global_position", "created", "is_archived", "message_kind"),
    *("stream_id", "partition", "message_id", "message_type", "message_data"),
)


def cells_of(n: int, **facts: Any) -> list[Any]:
    """The nth row of its stream, as the table has it."""
    known: dict[str, Any] = {
        "stream_position": n,
        "global_position": n,
        "created": "2026-11-23 05:40:33.400829+00",
        "is_archived": False,
        "message_kind": "E",
        "stream_id": "cart-1",
        "partition": "emt:default",
        "message_id": f"m-{n}",
        "message_type": "Opened",
        "message_data": "{}",
    }
    return [{**known, **facts}.get(it) for it in PG_COLUMNS]


def test_rows_as_csv_say_what_they_say_as_json(tmp_path: Path) -> None:
    log, other = tmp_path / "log.foldline", tmp_path / "other.foldline"
    ingest(FIXTURES / "emmett-pg-messages.jsonl", into=log)

    ingest(FIXTURES / "emmett-pg-messages.csv", into=other)

    told = [
        [(it.id, it.stream, it.version, it.type, it.data, it.recorded_at) for it in events_in(each)]
        for each in (log, other)
    ]
    assert told[0] == told[1]


def test_a_stream_of_a_dump_that_began_anew_is_its_second_life(tmp_path: Path) -> None:
    tables: Tables = {
        "public.emt_messages_emt_default_active": (
            PG_COLUMNS,
            [cells_of(1, global_position=2, message_id="b")],
        ),
        "public.emt_messages_emt_default_archived": (PG_COLUMNS, [cells_of(1, is_archived=True)]),
    }

    report = ingest(write_dump(tmp_path / "a.sql", tables), into=tmp_path / "log.foldline")

    assert (report.stored, report.archived, report.renumbered) == (2, 1, 0)
    streams = [it.stream for it in events_in(tmp_path / "log.foldline")]
    assert streams == ["cart-1", "cart-1@life-2"]
