"""Importing: what goes in, what is refused and why, and that a stop leaves no trace."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from store.errors import Cancelled, UnknownFormat, UnreadableSource
from store.opening import open_reader, reading
from store.sqlite.connect import create_log, open_log
from store.times import now_us
from store.transfer.ingest import ingest
from store.transfer.preview import preview
from tests.contracts.format import FIXTURES, head_of

AT = "2026-03-14T09:41:09.921000+00:00"


def event(n: int, **facts: Any) -> dict[str, Any]:
    known = {"stream": "s-1", "stream_version": n, "type": "Noted", "id": f"e{n}"}
    times = {"occurred_at": AT, "recorded_at": AT}
    return {**known, **times, "data": {"n": n}, "metadata": {}, **facts}


def write(path: Path, *events: dict[str, Any] | str) -> Path:
    lines = [it if isinstance(it, str) else json.dumps(it) for it in events]
    path.write_text("".join(f"{it}\n" for it in lines), encoding="utf-8")
    return path


def without(n: int, key: str) -> dict[str, Any]:
    return {name: value for name, value in event(n).items() if name != key}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"stream": "s-1", "type"', "JSON"),
        (without(2, "type"), "type"),
        (event(2, type=""), "type"),
        (without(2, "stream"), "stream"),
        (event(2, occurred_at="yesterday"), "time"),
        (event(2, metadata=[1]), "object"),
        ("[1, 2, 3]", ""),
    ],
)
def test_a_bad_line_is_named_with_its_reason_while_the_good_ones_go_in(
    tmp_path: Path, bad: dict[str, Any] | str, reason: str
) -> None:
    source = write(tmp_path / "in.jsonl", event(1), bad, event(2, id="e3"))

    report = ingest(source, into=tmp_path / "log.foldline", format="canonical")

    (found,) = report.bad_lines
    assert (report.read, report.stored, report.rejected) == (3, 2, 1)
    assert (found.line, found.offset) == (2, len(json.dumps(event(1))) + 1)
    assert reason.lower() in found.reason.lower()


def test_invalid_utf_8_is_one_bad_line(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    good = json.dumps(event(1)).encode()
    source.write_bytes(good + b"\n" + json.dumps(event(2)).encode().replace(b"Noted", b"\xff\xfe"))

    report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.stored, report.rejected) == (1, 1)


def test_the_same_id_with_another_content_is_a_conflict_and_the_first_is_kept(
    tmp_path: Path,
) -> None:
    store = tmp_path / "log.foldline"
    ingest(write(tmp_path / "one.jsonl", event(1)), into=store)

    report = ingest(write(tmp_path / "two.jsonl", event(1, data={"n": 99})), into=store)

    assert (report.stored, report.conflicts) == (0, 1)
    assert report.conflict_lines[0].id == "e1"
    reader = open_reader(store)
    kept = reader.event(1)
    reader.close()
    assert kept is not None
    assert kept.data == {"n": 1}


def test_a_gap_in_versions_is_counted_and_the_stated_version_kept(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"

    report = ingest(write(tmp_path / "in.jsonl", event(1), event(7)), into=store)

    reader = open_reader(store)
    second = reader.event(2)
    reader.close()
    assert report.gaps == 1
    assert second is not None
    assert second.version == 2
    assert second.source is not None
    assert second.source["origin_version"] == 7


def test_an_event_that_came_late_is_last_by_recording_and_first_by_occurrence(
    tmp_path: Path,
) -> None:
    """Row A3."""
    early = "2026-03-01T00:00:00.000000+00:00"
    source = write(tmp_path / "in.jsonl", event(1), event(2, occurred_at=early))
    ingest(source, into=tmp_path / "log.foldline")

    reader = open_reader(tmp_path / "log.foldline")
    recorded = [it.id for it in reader.read_stream("s-1")]
    moments = sorted(reader.stream_moments("s-1"), key=lambda it: it[2])
    occurred = [found.id for it in moments if (found := reader.event(it[0])) is not None]
    reader.close()

    assert (recorded, occurred) == (["e1", "e2"], ["e2", "e1"])


def test_a_naive_time_is_read_as_utc_and_counted(tmp_path: Path) -> None:
    naive = event(1, occurred_at="2026-03-14T09:41:09", recorded_at="2026-03-14T09:41:09")

    report = ingest(write(tmp_path / "in.jsonl", naive), into=tmp_path / "log.foldline")

    assert report.naive_times == 1


def test_a_dry_run_tells_and_changes_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", event(1), event(2))

    report = ingest(source, into=tmp_path / "log.foldline", dry_run=True)

    assert (report.is_dry_run, report.stored) == (True, 2)
    assert not (tmp_path / "log.foldline").exists()


def test_cancelling_in_the_middle_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"
    ingest(write(tmp_path / "one.jsonl", event(1)), into=store)
    many = (event(n, id=f"m{n}", stream="s-2", stream_version=n) for n in range(1, 5_001))
    source = write(tmp_path / "many.jsonl", *many)
    asked = iter([False, False, True])

    with pytest.raises(Cancelled):
        ingest(source, into=store, is_cancelled=lambda: next(asked, True))

    assert head_of(store) == 1


def test_a_cancelled_import_into_a_new_store_leaves_no_file(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *(event(n) for n in range(1, 5_001)))

    with pytest.raises(Cancelled):
        ingest(source, into=tmp_path / "new.foldline", is_cancelled=lambda: True)

    assert [it.name for it in tmp_path.iterdir()] == ["in.jsonl"]


def test_an_import_leaves_a_manifest_and_a_second_one_that_adds_nothing_does_not(
    tmp_path: Path,
) -> None:
    store, source = tmp_path / "log.foldline", write(tmp_path / "in.jsonl", event(1))
    ingest(source, into=store)
    ingest(source, into=store)

    db = open_log(store)
    (manifest,) = [json.loads(row[0]) for row in db.execute("SELECT manifest FROM imports")]
    db.close()

    assert manifest["file"] == "in.jsonl"
    assert len(manifest["sha256"]) == 64


def test_rows_still_in_the_wal_of_a_foreign_file_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    theirs = folder / "counters.sqlite"
    theirs.write_bytes((FIXTURES / "pyeventsourcing-counters.sqlite").read_bytes())
    writer = sqlite3.connect(theirs)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute(
        "INSERT INTO stored_events VALUES ('late', 1, 'shop:Counters.Opened', ?)",
        [b'{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T05:36:21+00:00"}}'],
    )
    writer.commit()
    before = {it.name: it.read_bytes() for it in folder.iterdir() if not it.name.endswith("-shm")}

    report = ingest(theirs, into=tmp_path / "log.foldline")

    after = {it.name: it.read_bytes() for it in folder.iterdir() if not it.name.endswith("-shm")}
    writer.close()
    assert report.stored == 176
    assert before == after


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("missing", None, UnreadableSource),
        ("empty.jsonl", b"", UnreadableSource),
        ("cut.jsonl.gz", b"\x1f\x8b\x08\x00\x00", UnreadableSource),
        ("cut.sqlite", b"SQLite format 3\0" + b"\x00" * 80, UnreadableSource),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100), UnknownFormat),
        ("dump.pgdump", b"PGDMP" + bytes(100), UnknownFormat),
        ("table.parquet", b"PAR1" + bytes(100), UnreadableSource),
        ("notes.txt", b"just some words\nand more of them\n", UnknownFormat),
    ],
)
def test_a_file_that_cannot_be_used_gets_its_own_sentence_and_makes_no_store(
    tmp_path: Path, name: str, content: bytes | None, error: type[Exception]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(error) as told:
        ingest(path, into=tmp_path / "log.foldline")

    assert str(path) in str(told.value)
    assert not (tmp_path / "log.foldline").exists()


def test_a_folder_is_not_a_source(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource):
        ingest(tmp_path, into=tmp_path / "log.foldline")


def test_a_preview_shows_the_first_records_and_stores_nothing() -> None:
    found = preview(FIXTURES / "emmett-carts.sqlite", limit=3)

    assert found.detection.format.name == "emmett"
    assert [record.line for record in found.records] == [1, 2, 3]


def test_into_a_store_that_exists_the_events_come_behind_what_is_there(tmp_path: Path) -> None:
    store = tmp_path / "log.foldline"
    create_log(store)
    ingest(write(tmp_path / "a.jsonl", event(1)), into=store)

    report = ingest(FIXTURES / "emmett-carts.sqlite", into=store)

    assert (report.first_position, report.last_position) == (2, 381)


def test_times_in_the_future_are_kept_counted_and_move_nothing_else(tmp_path: Path) -> None:
    """Row A3. A recorded-at ahead, an occurred-at ahead that is all the file says, and none."""
    late = "2099-01-01T00:00:00.000000+00:00"
    only_occurred = without(2, "recorded_at") | {"occurred_at": late}
    stated = [event(1, recorded_at=late), only_occurred, event(3)]
    into = tmp_path / "log.foldline"

    report = ingest(write(tmp_path / "in.jsonl", *stated), into=into)

    with reading(into) as log:
        first, second, third = log.read()
        assert [it.recorded_at for it in (first, second)] == [late, late]
        assert (second.occurred_at, third.recorded_at) == (late, AT)
        assert log.position_as_of(now_us()) == 3
    assert (report.future_times, report.stored) == (2, 3)


def test_times_in_january_1970_are_kept_and_told(tmp_path: Path) -> None:
    seconds_as_milliseconds = "1970-01-21T12:38:01.269+00:00"
    lines = [event(1, recorded_at=seconds_as_milliseconds, occurred_at=None), event(2)]

    report = ingest(write(tmp_path / "in.jsonl", *lines), into=tmp_path / "log.foldline")

    assert (report.early_times, report.stored) == (1, 2)
    assert [(it.line, it.text) for it in report.of_kind("early_times")] == [
        (1, "event e1 of 1970-01-21T12:38:01.269000+00:00")
    ]
