"""Rows of Emmett on PostgreSQL."""

import json
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.store.event_files import events_in, write_lines

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
