"""A store is born whole under its name, or not at all, whoever else is at the same name."""

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from replay.children.environment import environment
from store.errors import Cancelled, DiskFull, StoreExists, StoreMissing
from store.events import NewEvent
from store.opening import open_store
from store.reading.format import Incoming, Record
from store.sqlite import schema
from store.sqlite.connect import create_log
from store.transfer.answer_file import answers_beside, read_answers
from store.transfer.ingest import ingest
from store.transfer.mirror import Batch, mirror
from store.transfer.report import ImportReport, Progress, Tally
from tests.store.event_files import events_in

IMPORT = """
import sys
from pathlib import Path
from store.transfer.ingest import ingest
def told(progress):
    if progress.events:
        print("going on", flush=True)
        sys.stdin.read()
ingest(Path(sys.argv[1]), into=Path(sys.argv[2]), on_progress=told)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "store" / "log.foldline"


@pytest.fixture(autouse=True)
def _folder(log: Path) -> None:
    log.parent.mkdir()


def lines(folder: Path, name: str, count: int = 3) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text(
        "".join(f'{{"stream":"s-{name}","type":"T","id":"{name}{n}"}}\n' for n in range(count)),
        "utf-8",
    )
    return path


def ids(log: Path) -> list[str]:
    return [it.id for it in events_in(log)]


def files(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def test_a_store_that_another_made_survives_the_failure_of_an_import(
    tmp_path: Path, log: Path
) -> None:
    first, second = lines(tmp_path, "a"), lines(tmp_path, "b")
    stored: list[ImportReport] = []

    def meanwhile(_progress: Progress) -> None:
        stored.append(ingest(second, into=log))
        raise Cancelled

    with pytest.raises(Cancelled):
        ingest(first, into=log, on_progress=meanwhile)

    assert stored[0].stored == 3
    assert files(log.parent) == ["log.foldline"]
    assert ids(log) == ["b0", "b1", "b2"]


def test_of_two_imports_that_make_the_same_store_both_are_stored(tmp_path: Path, log: Path) -> None:
    first, second = lines(tmp_path, "a"), lines(tmp_path, "b")

    def meanwhile(_progress: Progress) -> None:
        if not log.exists():
            ingest(second, into=log)

    report = ingest(first, into=log, on_progress=meanwhile)

    assert (report.stored, report.first_position) == (3, 4)
    assert ids(log) == ["b0", "b1", "b2", "a0", "a1", "a2"]


def test_there_is_no_file_before_everything_is_in_it(tmp_path: Path, log: Path) -> None:
    seen: list[bool] = []

    ingest(lines(tmp_path, "a"), into=log, on_progress=lambda _: seen.append(log.exists()))

    assert not any(seen)
    assert seen
    assert files(log.parent) == ["log.foldline"]


def test_a_killed_import_leaves_no_store_and_the_next_one_clears_up(
    tmp_path: Path, log: Path
) -> None:
    source = lines(tmp_path, "a")
    command = [sys.executable, "-c", IMPORT, str(source), str(log)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "going on\n"
    process.kill()
    process.communicate()
    assert files(log.parent)
    assert not log.exists()

    ingest(source, into=log)

    assert files(log.parent) == ["log.foldline"]
    assert ids(log) == ["a0", "a1", "a2"]


def test_a_disk_that_is_full_at_the_last_moment_leaves_nothing_and_is_told_as_such(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        ingest(lines(tmp_path, "a"), into=log)

    assert files(log.parent) == []


def test_what_is_left_of_another_store_is_not_mixed_into_a_new_one(
    tmp_path: Path, log: Path
) -> None:
    remains = log.with_name("log.foldline-wal")
    remains.write_bytes(b"the last changes of a store")

    with pytest.raises(StoreExists) as refused:
        ingest(lines(tmp_path, "a"), into=log)

    assert str(remains) in str(refused.value)
    assert "Move it away" in refused.value.hint
    assert files(log.parent) == ["log.foldline-wal"]


def test_an_empty_store_that_cannot_be_made_leaves_nothing(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(db: sqlite3.Connection, *, store_id: str) -> None:
        db.execute("CREATE TABLE half (x)")
        raise sqlite3.OperationalError("database or disk is full", store_id)

    monkeypatch.setattr(schema, "create", fails)
    with pytest.raises(sqlite3.OperationalError):
        create_log(log)

    assert files(log.parent) == []


def test_an_empty_store_is_whole_under_another_name_first(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = os.link
    sizes: list[int] = []

    def look(source: Path, target: Path) -> None:
        sizes.append(source.stat().st_size)
        assert not log.exists()
        linked(source, target)

    monkeypatch.setattr(os, "link", look)
    create_log(log)

    assert sizes == [log.stat().st_size]
    assert files(log.parent) == ["log.foldline"]


def test_a_store_that_is_there_is_not_made_again(log: Path) -> None:
    create_log(log)

    with pytest.raises(StoreExists):
        create_log(log)
    with pytest.raises(StoreMissing):
        create_log(log.parent / "nowhere" / "log.foldline")


def test_whoever_creates_a_store_at_the_same_time_gets_the_one_store(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = os.link

    def too_late(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", linked)
        create_log(log)
        linked(source, target)

    monkeypatch.setattr(os, "link", too_late)
    store = open_store(log, create=True)
    store.append("s-1", [NewEvent(type="T", id="e1")], expected=0)
    store.close()

    assert files(log.parent) == ["log.foldline"]
    assert ids(log) == ["e1"]


class Few:
    """A source of so many batches of one event; `made` runs when the first one is asked for."""

    name, format_name = "test://few", "few"
    settings: Mapping[str, object] = MappingProxyType({})

    def __init__(self, count: int, *, made: Path | None = None) -> None:
        self._count, self._made = count, made

    def shaped(self, records: Sequence[Record], _tally: Tally) -> Sequence[Record]:
        return records

    def batches(self, after: str | None) -> Iterator[Batch]:
        start = int(after) if after else 0
        if self._made is not None and not self._made.exists():
            create_log(self._made)
        for n in range(start, self._count):
            event = NewEvent(type="T", id=f"e{n}")
            yield Batch(records=[Incoming(stream="s-1", event=event)], cursor=str(n + 1))


def test_a_source_that_gives_nothing_makes_no_store(log: Path) -> None:
    assert mirror(Few(0), into=log).read == 0

    assert files(log.parent) == []


def test_a_copy_goes_into_the_store_that_another_made_meanwhile(log: Path) -> None:
    assert mirror(Few(3, made=log), into=log).stored == 3

    assert ids(log) == ["e0", "e1", "e2"]


def test_answers_of_events_that_were_not_stored_make_no_store(tmp_path: Path, log: Path) -> None:
    source = lines(tmp_path, "a")
    answers_beside(source).write_text("{}\n", "utf-8")

    assert read_answers(source, log) == (0, 0)
    assert files(log.parent) == []


def test_a_stream_may_be_linked_into_before_it_has_an_event_of_its_own(
    tmp_path: Path, log: Path
) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    first.write_text('{"stream":"a-1","type":"T","id":"1","links":["b-1"]}\n', "utf-8")
    second.write_text('{"stream":"b-1","type":"T","id":"2","data":{}}\n', "utf-8")

    assert [ingest(it, into=log).stored for it in (first, second)] == [1, 1]

    assert [(it.stream, it.version) for it in events_in(log)] == [("a-1", 1), ("b-1", 1)]
