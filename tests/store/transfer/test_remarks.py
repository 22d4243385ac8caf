"""A report counts and names whatever is odd about a file, and an event says what was made here."""

import json
from pathlib import Path

import pytest

from store.opening import reading
from store.provenance import dated_here
from store.reading.remarks import PASSED, Skipped
from store.transfer.export import export
from store.transfer.ingest import ingest
from store.transfer.report import NAMED, ImportCounts, Tally
from tests.store.event_files import cloud_event, event, events_in, write_lines


def undated(n: int) -> dict[str, object]:
    return {name: it for name, it in event(n).items() if not name.endswith("_at")}


def test_gaps_and_renumbered_streams_are_named(tmp_path: Path) -> None:
    lines = [event(1), event(4), event(5), event(9), event(3, stream="b-1", id="b3")]

    report = ingest(write_lines(tmp_path / "in.jsonl", *lines), into=tmp_path / "log.foldline")

    assert (report.gaps, report.renumbered) == (3, 4)
    assert [(it.line, it.text) for it in report.of_kind("gaps")] == [
        (2, "stream 's-1': version 4 follows 1"),
        (4, "stream 's-1': version 9 follows 5"),
        (5, "stream 'b-1': version 3 follows 0"),
    ]
    assert [(it.line, it.text) for it in report.of_kind("renumbered")] == [
        (2, "stream 's-1': 3 events, the first changes from version 4 to 2"),
        (5, "stream 'b-1': 1 event, the first changes from version 3 to 1"),
    ]


def test_naive_and_missing_times_are_named(tmp_path: Path) -> None:
    naive = event(1, occurred_at="2026-03-14T09:41:09", recorded_at=None)

    report = ingest(
        write_lines(tmp_path / "in.jsonl", naive, undated(2)), into=tmp_path / "log.foldline"
    )

    assert (report.naive_times, report.missing_times) == (1, 1)
    assert [it.text for it in report.remarks] == ["event e1: 2026-03-14T09:41:09", "event e2"]


def test_of_each_kind_the_first_hundred_are_named_and_all_are_counted() -> None:
    tally = Tally()

    for n in range(NAMED + 20):
        tally.remark("opaque", f"event {n}", line=n)
    tally.skip([Skipped(kind="snapshots", text="of order-1", line=7, count=3)])

    assert tally.counts() == ImportCounts(opaque=NAMED + 20, snapshots=3)
    assert tally.counts().skipped == 3
    assert [it.kind for it in tally.remarks()] == ["opaque"] * NAMED + ["snapshots"]


def test_whatever_may_be_passed_over_has_a_count() -> None:
    assert set(PASSED) <= set(ImportCounts.__struct_fields__)


@pytest.mark.parametrize("form", ["canonical", "cloudevents", "cloudevents-batch"])
def test_times_that_an_import_gave_are_marked_and_leave_with_no_export(
    tmp_path: Path, form: str
) -> None:
    first, second = tmp_path / "first.foldline", tmp_path / "second.foldline"
    stated = cloud_event(3)
    del stated["time"]
    ingest(write_lines(tmp_path / "in.jsonl", event(1), undated(2)), into=first)
    ingest(write_lines(tmp_path / "more.jsonl", stated), into=first)

    export(first, tmp_path / "out.json", format=form)
    report = ingest(tmp_path / "out.json", into=second)

    assert [dated_here(it.source_json) for it in events_in(first)] == [False, True, True]
    assert [dated_here(it.source_json) for it in events_in(second)] == [False, True, True]
    assert report.missing_times == 2
    made = [it.recorded_at for it in events_in(first)[1:]]
    assert not any(it in (tmp_path / "out.json").read_text() for it in made)
    again = ingest(tmp_path / "out.json", into=first)
    assert (again.stored, again.duplicates) == (0, 3)
    with reading(second) as reader:
        assert [json.loads(it.data_json) for it in reader.read()] == [{"n": n} for n in (1, 2, 3)]


def test_another_travel_does_not_wrap_what_was_made_here(tmp_path: Path) -> None:
    first, second = tmp_path / "first.foldline", tmp_path / "second.foldline"
    ingest(write_lines(tmp_path / "in.jsonl", undated(1)), into=first)

    export(first, tmp_path / "out.jsonl")
    ingest(tmp_path / "out.jsonl", into=second)

    assert [it.source_json for it in events_in(second)] == [
        it.source_json for it in events_in(first)
    ]
