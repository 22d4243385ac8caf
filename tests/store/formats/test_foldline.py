"""Another log: everything about its events is kept, and bringing it in twice adds nothing."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from store.errors import UnreadableSource
from store.query import EVERYTHING, EventQuery
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import event, events_in, links_in, write_lines

FILE = FIXTURES / "orders.foldline"


def log_of(folder: Path) -> Path:
    """Links, a source, a version that is another than it came with, and times of the import."""
    lines = [
        event(1, links=["all-1"], metadata={"user": "ada"}),
        event(7, stream="s-2", stream_version=4, colour="blue"),
        event(3, occurred_at="2026-03-14T10:41:09.921+01:00"),
    ]
    dateless = event(4, stream="s-3", stream_version=1)
    del dateless["occurred_at"], dateless["recorded_at"]
    into = folder / "first.foldline"
    ingest(write_lines(folder / "in.jsonl", *lines, dateless), into=into)
    return into


class TestFoldline(FormatContract):
    name = "foldline"
    file = "orders.foldline"
    events = 300

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = [
            it.inside(
                event(
                    it.place,
                    stream=it.stream,
                    type=it.type,
                    id=it.id,
                    occurred_at=it.text,
                    data=TEXT_HERE,
                )
            )
            for it in events
        ]
        into = folder / "made.foldline"
        ingest(write_lines(folder / "made.jsonl", *lines), into=into, format="canonical")
        (folder / "made.jsonl").unlink()
        return into

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A log in which a payload was damaged."""
        source = log_of(folder)
        with closing(sqlite3.connect(source, isolation_level=None)) as db:
            triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.fetchall():
                db.execute(f"DROP TRIGGER {name}")
            db.execute("PRAGMA ignore_check_constraints = ON")
            db.execute("UPDATE events SET data = '{' WHERE position = 3")
        return source, 4 + 1  # and the record of its import


def test_ids_times_metadata_links_and_provenance_are_kept(tmp_path: Path) -> None:
    first, second = log_of(tmp_path), tmp_path / "second.foldline"

    report = ingest(first, into=second)

    assert events_in(second) == events_in(first)
    assert links_in(second) == links_in(first)
    assert report.other_rows == 1


def test_a_log_that_comes_again_adds_nothing(tmp_path: Path) -> None:
    first, second = log_of(tmp_path), tmp_path / "second.foldline"
    ingest(FIXTURES / "orders.canonical.jsonl", into=second)
    ingest(first, into=second)

    again = ingest(first, into=second)

    assert (again.stored, again.duplicates, again.conflicts) == (0, 4, 0)


def test_behind_other_events_each_keeps_its_place_in_its_own_log(tmp_path: Path) -> None:
    first, second = log_of(tmp_path), tmp_path / "second.foldline"
    ingest(FIXTURES / "orders.canonical.jsonl", into=second)

    ingest(first, into=second)

    came = events_in(second)[-4:]
    assert [(it.source or {})["origin_cursor"] for it in came] == ["1", "2", "3", "4"]
    assert [it.id for it in came] == [it.id for it in events_in(first)]
    assert [it.recorded_at for it in came] == [it.recorded_at for it in events_in(first)]


def test_what_a_filter_lists_becomes_a_log_of_its_own(tmp_path: Path) -> None:
    first, out = log_of(tmp_path), tmp_path / "some.foldline"
    query: EventQuery = replace(EVERYTHING, streams=("s-2",))
    expected = [it for it in events_in(first) if it.stream == "s-2"]

    report = export(first, out, format="foldline", query=query)

    found = events_in(out)
    assert report.events == len(found) == len(expected) == 1
    assert [(it.id, it.data_json) for it in found] == [(it.id, it.data_json) for it in expected]
    assert found[0].position == 1
    assert not list(tmp_path.glob("foldline-export-*"))


def test_the_log_is_left_as_it_was(tmp_path: Path) -> None:
    first = log_of(tmp_path)
    before = {it.name: it.read_bytes() for it in tmp_path.glob("first.foldline*")}

    ingest(first, into=tmp_path / "second.foldline")

    assert {it.name: it.read_bytes() for it in tmp_path.glob("first.foldline*")} == before


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_log_that_is_cut_short_is_refused(tmp_path: Path, tenth: int) -> None:
    whole = FILE.read_bytes()
    source = tmp_path / "cut.foldline"
    source.write_bytes(whole[: len(whole) * tenth // 10])

    with pytest.raises(UnreadableSource):
        ingest(source, into=tmp_path / "log.foldline", format="foldline")

    assert not (tmp_path / "log.foldline").exists()
