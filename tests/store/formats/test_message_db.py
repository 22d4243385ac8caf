"""Rows of Message DB: versions from 1, causes by id, and back."""

import json
from pathlib import Path
from typing import Any

from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in, write_lines
from tests.store.table_files import write_csv

ROW: dict[str, Any] = {
    "global_position": 1,
    "position": 0,
    "time": "2026-11-23T05:40:33.400829",
    "stream_name": "account-1",
    "type": "Opened",
    "data": {},
    "metadata": None,
    "id": "7253edc6-1818-4993-afa9-1425cb008853",
}


def row(n: int, **facts: Any) -> dict[str, Any]:
    """The nth row of its stream."""
    id_ = f"7253edc6-1818-4993-afa9-{n:012}"
    return {**ROW, "global_position": 7 * n, "position": n - 1, "id": id_, **facts}


class TestMessageDbRows(FormatContract):
    name = "message-db-rows"
    file = "message-db-messages.jsonl"
    events = 240

    def file_of(self, folder: Path, *events: Written) -> Path:
        return write_lines(folder / "made.jsonl", *(it.inside(_written(it)) for it in events))

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, one without a type, one whose time is none, and a gap."""
        rows: list[dict[str, Any] | str] = [
            row(1),
            row(1),
            row(2, type=None),
            row(3, time="soon"),
            row(5),
            "no row",
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


def test_versions_count_from_one_and_the_time_is_utc(tmp_path: Path) -> None:
    ingest(FIXTURES / "message-db-messages.jsonl", into=tmp_path / "log.foldline")
    theirs = [
        json.loads(line)
        for line in (FIXTURES / "message-db-messages.jsonl").read_text("utf-8").splitlines()
    ]

    ours = events_in(tmp_path / "log.foldline")

    assert [(it.stream, it.version) for it in ours] == [
        (it["stream_name"], it["position"] + 1) for it in theirs
    ]
    assert [json.loads(it.data_json) for it in ours] == [it["data"] for it in theirs]
    assert [it.recorded_at.removesuffix("+00:00") for it in ours] == [it["time"] for it in theirs]


def test_a_cause_is_named_by_its_id_or_where_it_is_not_in_the_file_by_its_place(
    tmp_path: Path,
) -> None:
    caused = {"causationMessageStreamName": "account-1", "causationMessagePosition": 0}
    elsewhere = {"causationMessageStreamName": "other-9", "causationMessagePosition": 4}
    source = write_lines(
        tmp_path / "rows.jsonl",
        row(1, metadata={"correlationStreamName": "user-1"}),
        row(2, metadata=caused),
        row(3, metadata=elsewhere),
    )

    ingest(source, into=tmp_path / "log.foldline", format="message-db-rows")

    first, second, third = events_in(tmp_path / "log.foldline")
    assert first.metadata["correlation_id"] == "user-1"
    assert second.metadata["causation_id"] == first.id
    assert third.metadata["causation_id"] == "other-9/4"
    assert second.metadata["causationMessageStreamName"] == "account-1"


def test_rows_that_are_written_are_read_back_as_the_same_events(tmp_path: Path) -> None:
    log, again = tmp_path / "log.foldline", tmp_path / "again.foldline"
    ingest(FIXTURES / "message-db-messages.jsonl", into=log)

    export(log, tmp_path / "out.jsonl", format="message-db-rows")
    ingest(tmp_path / "out.jsonl", into=again, format="message-db-rows")

    def told(store: Path) -> list[Any]:
        return [
            (it.stream, it.version, it.id, it.type, it.data_json, it.recorded_at_us)
            for it in events_in(store)
        ]

    assert told(again) == told(log)


class TestMessageDb(FormatContract):
    name = "message-db"
    file = "message-db-messages.csv"
    events = 240

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [{**_written(it), "data": it.data}.values() for it in events]
        return write_csv(folder / "made.csv", tuple(ROW), [[*it] for it in rows])

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, out of order, one without a type, one whose time is none, a gap."""
        rows = [row(1), row(3), row(2), row(2), row(4, type=None), row(5, time="soon"), row(9)]
        texts = [{**it, "data": "{}"} for it in rows]
        cells = [[it[name] for name in ROW] for it in texts]
        return write_csv(folder / "odd.csv", tuple(ROW), cells), len(rows)


def _written(it: Written) -> dict[str, Any]:
    about = {"id": it.id, "stream_name": it.stream, "type": it.type, "time": it.text}
    return row(it.place, **about, global_position=it.n, data=TEXT_HERE)


def test_rows_as_csv_say_what_they_say_as_json(tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"
    ingest(FIXTURES / "message-db-messages.jsonl", into=log)

    again = ingest(FIXTURES / "message-db-messages.csv", into=log)

    theirs = tmp_path / "csv.foldline"
    ingest(FIXTURES / "message-db-messages.csv", into=theirs)
    assert (again.stored, again.duplicates + again.conflicts) == (0, 240)
    assert [(it.id, it.stream, it.version, it.data, it.metadata) for it in events_in(log)] == [
        (it.id, it.stream, it.version, it.data, it.metadata) for it in events_in(theirs)
    ]


def test_rows_come_in_by_their_position_wherever_they_stand(tmp_path: Path) -> None:
    rows = [{**row(n), "data": f'{{"n": {n}}}'} for n in (3, 1, 2)]
    source = write_csv(tmp_path / "rows.csv", tuple(ROW), [list(it.values()) for it in rows])

    ingest(source, into=tmp_path / "log.foldline")

    assert [it.data["n"] for it in events_in(tmp_path / "log.foldline")] == [1, 2, 3]
