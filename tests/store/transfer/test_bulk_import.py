"""Into a new store rows go in without indexes: all comes out as one by one, however it is cut."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Cancelled, StoreError
from store.sqlite.connect import create_log, open_log
from store.sqlite.integrity import verify
from store.transfer import bulk_known, incoming_ids, lookup, repeated_ids
from store.transfer import ingest as ingesting
from store.transfer.incoming_ids import IncomingIds, hashes_of
from store.transfer.ingest import ingest
from store.transfer.report import ImportReport, Progress
from tests.older_logs import make_older_log
from tests.store.event_files import events_in, write_lines

AT = "2026-03-14T09:41:0{}+00:00"
NAMES = st.sampled_from(["s-1", "s-2", "s-3", "t-1"])
CANONICAL = st.fixed_dictionaries(
    {
        "stream": NAMES,
        "type": st.sampled_from(["A", "B"]),
        "id": st.sampled_from([f"e{n}" for n in range(6)]),
        "recorded_at": st.integers(0, 2).map(AT.format),
        "data": st.integers(0, 1),
    },
    optional={
        "stream_version": st.integers(0, 4),
        "links": st.lists(NAMES, max_size=2),
        "occurred_at": st.integers(0, 1).map(AT.format),
        "colour": st.just("blue"),
    },
)
CLOUD = st.fixed_dictionaries(
    {
        "specversion": st.just("1.0"),
        "id": st.sampled_from([f"e{n}" for n in range(4)]),
        "source": st.sampled_from(["/a", "/b", "/c"]),
        "type": st.sampled_from(["A", "B"]),
        "time": st.integers(0, 2).map(AT.format),
        "data": st.integers(0, 1),
    },
    optional={"subject": NAMES},
)
BAD = st.sampled_from(["{", "[1]", '{"stream":1}', ""])
FILES = st.one_of(
    st.lists(st.one_of(CANONICAL, CANONICAL, BAD), max_size=24),
    st.lists(CLOUD, min_size=1, max_size=24),
)
TABLES = ("streams", "types", "links", "events")


@contextmanager
def cut_small(*, hashes: Callable[[Sequence[str]], list[int]] | None = None) -> Iterator[None]:
    """Batches, and all that is kept in memory, are of a size that a short file exceeds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingesting, "BATCH", 3)
        patch.setattr(repeated_ids, "FIRST_KEPT", 1)
        patch.setattr(repeated_ids, "AT_ONCE", 2)
        patch.setattr(bulk_known, "IN_CACHE", 2)
        patch.setattr(bulk_known, "FEW", 1)
        patch.setattr(lookup, "STREAMS_KEPT", 1)
        patch.setattr(incoming_ids, "CHUNK", 2)
        if hashes is not None:
            patch.setattr(repeated_ids, "hashes_of", hashes)
        yield


def rows(log: Path) -> dict[str, list[Any]]:
    with closing(open_log(log)) as db:
        return {it: db.execute(f"SELECT * FROM {it} ORDER BY 1, 2").fetchall() for it in TABLES}


def every_way(folder: Path, files: list[list[Any]]) -> None:
    """Into a log that is made, into one that gives its index of ids up, and batch by batch."""
    new, grown, there = (folder / f"{it}.foldline" for it in ("new", "grown", "there"))
    for log in (grown, there):
        create_log(log)
    for lines in files:
        source = write_lines(folder / "in.jsonl", *lines)
        ways = [told(source, it) for it in (new, grown)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bulk_known, "IN_CACHE", 10**9)
            patch.setattr(bulk_known, "FEW", 10**9)
            expected = told(source, there)
        assert ways == [expected, expected]
    assert rows(grown) == rows(there)
    assert (rows(new) if new.exists() else {it: [] for it in TABLES}) == rows(there)
    assert all(verify(it).is_sound for it in (new, grown) if it.exists())


def told(source: Path, into: Path) -> Any:
    try:
        report = ingest(source, into=into, format=None)
    except StoreError as error:
        return type(error), str(error)
    return {**report.as_dict(), "seconds": 0}


@given(files=st.lists(FILES, min_size=1, max_size=2))
def test_everything_comes_out_as_batch_by_batch_into_a_store_that_is_there(
    files: list[list[Any]],
) -> None:
    with cut_small(), TemporaryDirectory() as folder:
        every_way(Path(folder), files)


@given(files=st.lists(FILES, min_size=1, max_size=1))
def test_ids_that_only_look_alike_by_their_hashes_are_told_apart(files: list[list[Any]]) -> None:
    with cut_small(hashes=lambda ids: [len(it) % 2 for it in ids]), TemporaryDirectory() as folder:
        every_way(Path(folder), files)


def lines(count: int, **facts: Any) -> list[dict[str, Any]]:
    return [
        {"stream": f"s-{n % 7}", "type": "T", "id": f"e{n}", "data": {"n": n}, **facts}
        for n in range(count)
    ]


def test_a_store_that_doubles_has_its_index_of_ids_at_the_end(tmp_path: Path) -> None:
    log, first, second = (tmp_path / it for it in ("log.foldline", "1.jsonl", "2.jsonl"))
    ingest(write_lines(first, *lines(10)), into=log)

    with cut_small():
        report = ingest(write_lines(second, *lines(40)), into=log)

    assert (report.stored, report.duplicates) == (30, 10)
    assert verify(log).is_sound


def test_an_older_store_keeps_its_index_of_ids_within_its_table(tmp_path: Path) -> None:
    log = make_older_log(tmp_path / "log.foldline", 3, words=["a"])

    with cut_small():
        report = ingest(write_lines(tmp_path / "in.jsonl", *lines(40), *lines(2)), into=log)

    assert (report.stored, report.duplicates) == (40, 2)
    assert verify(log).is_sound


def test_an_id_that_comes_again_far_behind_is_a_duplicate(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", *lines(40), *lines(2))

    with cut_small():
        report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.stored, report.duplicates, report.streams, report.types) == (40, 2, 7, 1)


def test_a_dry_run_into_a_store_that_is_not_there_tells_the_same(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", *lines(40), *lines(2), "{")

    with cut_small():
        dry, real = (
            ingest(source, into=tmp_path / "log.foldline", dry_run=it) for it in (True, False)
        )

    assert dry.numbers() == real.numbers()
    assert dry.is_dry_run


def test_repeated_hashes_are_found_whatever_part_they_are_in() -> None:
    with TemporaryFile() as file:
        ids = IncomingIds(file, at_once=3)
        ids.add(hashes_of(f"e{n}" for n in range(20)))
        ids.add(hashes_of(["e3", "e19", "e3"]))

        assert ids.repeated().tolist() == sorted(hashes_of(["e3", "e19"]))


class Stop:
    """Says stop once the import has come so far; remembers what it was told."""

    def __init__(self, share: float) -> None:
        self._share = share
        self.told: list[Progress] = []

    def hear(self, progress: Progress) -> None:
        self.told.append(progress)

    def is_wanted(self) -> bool:
        return bool(self.told) and self.told[-1].share >= self._share


def stopped(source: Path, into: Path, stop: Stop) -> ImportReport:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingesting, "SAY_EVERY_S", 0.0)
        return ingest(source, into=into, on_progress=stop.hear, is_cancelled=stop.is_wanted)


def test_making_the_indexes_is_told_and_can_be_stopped(tmp_path: Path) -> None:
    source, log = write_lines(tmp_path / "in.jsonl", *lines(3_000)), tmp_path / "log.foldline"
    stop = Stop(0.9)

    with pytest.raises(Cancelled):
        stopped(source, log, stop)

    assert [it.name for it in tmp_path.iterdir()] == ["in.jsonl"]
    shares = [it.share for it in stop.told]
    assert shares == sorted(shares)
    assert stop.told[-1].events == 3_000


def test_what_is_told_never_goes_back_to_its_end(tmp_path: Path) -> None:
    """Also while the file is read once more for its hash."""
    source = write_lines(tmp_path / "in.jsonl", *lines(20_000))
    stop = Stop(2.0)

    stopped(source, tmp_path / "log.foldline", stop)

    shares = [it.share for it in stop.told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_file_of_blank_lines_is_told_and_can_be_stopped(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(lines(1)[0]) + "\n" * 600_000, "utf-8")
    stop = Stop(0.3)

    with pytest.raises(Cancelled):
        stopped(source, tmp_path / "log.foldline", stop)

    assert 0.3 <= stop.told[-1].share < 0.85


def test_blanks_within_an_array_are_told_and_can_be_stopped(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    text = json.dumps(lines(1)[0])
    source.write_text(f"[{text},{' ' * 3_000_000}{text}]", "utf-8")
    stop = Stop(0.3)

    with pytest.raises(Cancelled):
        stopped(source, tmp_path / "log.foldline", stop)

    assert 0.3 <= stop.told[-1].share < 0.85


def test_json_that_sqlite_refuses_is_one_bad_line(tmp_path: Path) -> None:
    deep = "[" * 1_500 + "]" * 1_500
    source = write_lines(
        tmp_path / "in.jsonl", *lines(3), f'{{"stream":"s","type":"T","id":"d","data":{deep}}}'
    )

    report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.stored, report.rejected) == (3, 1)
    assert len(events_in(tmp_path / "log.foldline")) == 3


def test_a_new_store_has_the_indexes_and_guards_of_any_other(tmp_path: Path) -> None:
    made, there = tmp_path / "made.foldline", tmp_path / "there.foldline"
    create_log(there)
    ingest(write_lines(tmp_path / "in.jsonl", *lines(3)), into=made)

    def objects(log: Path) -> set[Any]:
        with closing(sqlite3.connect(log)) as db:
            mode = db.execute("PRAGMA journal_mode").fetchall()
            return {*db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"), *mode}

    assert objects(made) == objects(there)
