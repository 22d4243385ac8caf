"""What becomes of ids and versions that the log has already."""

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.events import NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from store.transfer.export import export
from store.transfer.ingest import ingest
from store.transfer.lookup import STREAMS_KEPT
from tests.store.event_files import cloud_event, event, events_in, write_lines


def versions(store: Path) -> list[tuple[int, Any]]:
    """Each event's version, and the one it came with where that is another."""
    return [(it.version, (it.source or {}).get("origin_version")) for it in events_in(store)]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


def bring(log: Path, *lines: dict[str, Any]) -> Any:
    return ingest(write_lines(log.with_name("in.jsonl"), *lines), into=log)


def test_the_same_json_spelled_otherwise_is_a_duplicate(log: Path) -> None:
    bring(log, event(1, data={"a": "é", "b": [1.5]}))
    text = json.dumps(event(1)).replace('{"n": 1}', '{ "b":[1.5], "a":"\\u00e9" }')

    report = ingest(write_lines(log.with_name("in.jsonl"), text), into=log)

    assert report.duplicates == 1


def test_repeated_names_and_digits_count_when_payloads_are_compared(log: Path) -> None:
    line = json.dumps(event(1))
    ingest(write_lines(log.with_name("in.jsonl"), line.replace('{"n": 1}', '{"a": 1.0}')), into=log)

    for payload in ('{"a": 1.00}', '{"a": 1.0, "a": 1.0}', '{"a": "1.0"}'):
        text = line.replace('{"n": 1}', payload)
        assert ingest(write_lines(log.with_name("in.jsonl"), text), into=log).conflicts == 1
    text = line.replace('{"n": 1}', '{"a":1.0}')
    assert ingest(write_lines(log.with_name("in.jsonl"), text), into=log).duplicates == 1


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Other"},
        {"stream": "s-2"},
        {"occurred_at": "2026-03-14T09:41:09.921000+01:00"},
        {"recorded_at": "2026-03-14T09:41:09.921001+00:00"},
        {"metadata": {"user": "ada"}},
        {"links": ["s-9"]},
        {"colour": "blue"},
        {"source": {"format": "x", "extras": {"a": 1}}},
    ],
)
def test_an_event_that_differs_in_anything_is_a_conflict(log: Path, change: dict[str, Any]) -> None:
    bring(log, event(1))

    assert bring(log, event(1, **change)).conflicts == 1


@pytest.mark.parametrize(
    "change",
    [
        {"position": 77},
        {"occurred_at": "2026-03-14T09:41:09.921Z"},
        {"occurred_at": None, "recorded_at": None},
        {"source": {"format": "x", "origin_position": 5, "source": {"format": "y"}}},
        {"source": {"format": "x", "origin_cursor": "5", "source": {"format": "y"}}},
        {"links": []},
    ],
)
def test_the_way_an_event_took_makes_no_conflict(log: Path, change: dict[str, Any]) -> None:
    bring(log, event(1))

    assert bring(log, event(1, **change)).duplicates == 1


def test_a_line_repeated_in_one_file_is_a_duplicate(log: Path) -> None:
    report = bring(log, event(1), event(1), event(1, type="Other"))

    assert (report.stored, report.duplicates, report.conflicts) == (1, 1, 1)
    assert report.conflict_lines[0].reason == "another event with this id is recorded at position 1"


def test_a_version_that_is_taken_is_a_conflict(log: Path) -> None:
    report = bring(log, event(1), event(2), event(2, id="other"), event(3))

    assert (report.stored, report.conflicts) == (3, 1)
    assert report.conflict_lines[0].reason == "another event of stream 's-1' has version 2"
    assert versions(log) == [(1, None), (2, None), (3, None)]


def test_behind_a_gap_versions_go_on_and_are_no_further_gaps(log: Path) -> None:
    report = bring(log, event(1), event(5), event(6), event(9))

    assert (report.gaps, report.renumbered) == (2, 3)
    assert versions(log) == [(1, None), (2, 5), (3, 6), (4, 9)]


def test_a_version_taken_behind_a_gap_is_a_conflict_also_in_a_later_import(log: Path) -> None:
    bring(log, event(1), event(5), event(6))

    report = bring(log, event(5, id="other"), event(6, id="another"), event(7))

    assert (report.stored, report.conflicts) == (1, 2)
    assert versions(log)[-1] == (4, 7)


def test_a_version_taken_behind_a_gap_stays_a_conflict_when_it_is_the_next_one(log: Path) -> None:
    lines = [event(5), event(5, id="another"), *(event(n) for n in (7, 8, 9))]
    first = bring(log, *lines)

    again = bring(log, *lines)

    assert (first.stored, first.conflicts) == (4, 1)
    assert (again.stored, again.duplicates, again.conflicts) == (0, 4, 1)


def test_a_late_version_fills_no_gap_but_is_kept(log: Path) -> None:
    report = bring(log, event(1), event(5), event(4))

    assert (report.stored, report.gaps) == (3, 2)
    assert versions(log) == [(1, None), (2, 5), (3, 4)]


def test_versions_that_begin_at_zero_are_no_gap(log: Path) -> None:
    report = bring(log, event(0), event(1), event(2))

    assert (report.stored, report.gaps, report.conflicts) == (3, 0, 0)
    assert versions(log) == [(1, 0), (2, 1), (3, 2)]


def test_without_versions_the_next_one_is_minted(log: Path) -> None:
    report = bring(log, event(1), event(2, stream_version=None))

    assert report.minted_versions == 1
    assert versions(log) == [(1, None), (2, None)]


def test_positions_that_are_not_ours_are_kept(log: Path) -> None:
    bring(log, event(1, position=40), event(2, position=2))

    first, second = events_in(log)
    assert first.source == {"format": "canonical", "origin_cursor": "40"}
    assert second.source is None


def test_a_source_that_the_file_carries_moves_inside_when_more_is_to_be_said(log: Path) -> None:
    prior = {"format": "elsewhere", "extras": {"a": 1}}
    bring(log, event(1, source=prior), event(2, source=prior, position=9))

    first, second = events_in(log)
    assert first.source == prior
    assert second.source == {"format": "canonical", "origin_cursor": "9", "source": prior}


def test_an_id_of_another_source_gets_an_id_of_its_own_every_time(log: Path) -> None:
    lines = [cloud_event(1), cloud_event(1, source="/b"), cloud_event(1, source="/c", type="other")]

    first, second = bring(log, *lines), bring(log, *lines)

    ids = {it.id for it in events_in(log)}
    assert (first.stored, first.minted_ids, first.conflicts) == (3, 2, 0)
    assert (second.stored, second.duplicates) == (0, 3)
    assert len(ids) == 3
    assert [(it.source or {}).get("origin_id") for it in events_in(log)] == [None, "e1", "e1"]


def test_an_id_of_another_source_that_changed_is_a_conflict(log: Path) -> None:
    bring(log, cloud_event(1), cloud_event(1, source="/b"))

    report = bring(log, cloud_event(1, source="/b", type="other"), cloud_event(1, type="other"))

    assert (report.stored, report.conflicts) == (0, 2)


def test_an_id_of_another_source_is_found_within_one_batch_too(log: Path) -> None:
    report = bring(log, cloud_event(1), cloud_event(1, source="/b"), cloud_event(1, source="/b"))

    assert (report.stored, report.duplicates) == (2, 1)


def test_clocks_that_step_back_are_counted_and_kept(log: Path) -> None:
    early = "2026-03-14T08:00:00.000000+00:00"
    report = bring(log, event(1), event(2, recorded_at=early), event(3))

    assert report.clock_steps_back == 1
    assert events_in(log)[1].recorded_at == early


def test_an_event_of_the_future_is_one_step_back_of_the_next_and_no_more(log: Path) -> None:
    future = "2099-01-01T00:00:00.000000+00:00"

    report = bring(log, event(1, recorded_at=future), *(event(n) for n in range(2, 9)))
    again = bring(log, event(9), event(10))

    assert (report.clock_steps_back, again.clock_steps_back) == (1, 0)


def test_more_streams_than_are_kept_in_memory_are_placed_right(log: Path) -> None:
    count = STREAMS_KEPT // 2 + 1_000
    lines = [
        event(n, id=f"{at}-{n}", stream=f"s-{at}", stream_version=version, data={})
        for n, version in ((1, 1), (2, 7))
        for at in range(count)
    ]
    more = [event(9, id=f"x-{at}", stream=f"t-{at}", stream_version=1) for at in range(count)]
    again = [event(7, id=f"y-{at}", stream=f"s-{at}") for at in range(5)]

    report = bring(log, *lines, *more, *again)

    assert (report.stored, report.conflicts) == (3 * count, 5)


def test_versions_in_any_order_are_stored_once_each(log: Path) -> None:
    dice = random.Random(3)
    order = [*range(1, 61)]
    dice.shuffle(order)

    report = bring(log, *(event(n) for n in order))
    again = bring(log, *(event(n, id=f"other{n}") for n in order))

    assert report.stored == 60
    assert (again.stored + again.conflicts, again.read) == (60, 60)


def test_a_log_with_gaps_goes_out_and_comes_in_unchanged(log: Path) -> None:
    bring(log, event(1), event(5), event(6), event(3))
    for name in ("canonical", "cloudevents"):
        copy = log.with_name(f"{name}.foldline")
        export(log, log.with_name(name), format=name)
        ingest(log.with_name(name), into=copy)

        assert events_in(copy) == events_in(log)


@pytest.mark.parametrize(
    "change",
    [
        {"origin_version": 4},
        {"source": {"format": "x", "extras": {"origin_version": 4}}},
        {"source": {"format": "canonical", "origin_version": 4}},
    ],
)
def test_a_member_named_origin_version_renumbers_nothing(log: Path, change: dict[str, Any]) -> None:
    report = bring(log, event(1, **change), event(2))

    assert (report.stored, report.renumbered) == (2, 0)


def test_a_version_that_was_renumbered_elsewhere_is_taken_here_too(log: Path) -> None:
    bring(log, event(1), event(5))
    export(log, log.with_name("out"))
    copy = log.with_name("copy.foldline")

    report = ingest(log.with_name("out"), into=copy)
    again = ingest(write_lines(log.with_name("more.jsonl"), event(5, id="other")), into=copy)

    assert (report.stored, report.renumbered) == (2, 0)
    assert (again.stored, again.conflicts) == (0, 1)


def test_what_an_earlier_foldline_renumbered_is_taken_too(log: Path) -> None:
    """Its manifests say so by their count alone."""
    create_log(log)
    with closing(open_log(log, writable=True)) as db:
        source = '{"format":"canonical","origin_position":9,"origin_version":5}'
        Writer(db).append("s-1", [NewEvent(type="Noted", source_json=source)], expected=None)
        manifest = '{"first_position":1,"counts":{"renumbered":1}}'
        db.execute("INSERT INTO imports VALUES (1, 0, 1, ?)", [manifest])

    report = bring(log, event(5, id="other"), event(6))

    assert (report.stored, report.conflicts) == (1, 1)


def test_a_file_that_names_no_source_cannot_take_an_id_of_one_that_does(log: Path) -> None:
    bring(log, cloud_event(1))

    report = bring(log, event(1, stream="t-1", data={"n": "another"}))

    assert (report.stored, report.conflicts) == (0, 1)
    assert [it.data for it in events_in(log)] == [{"n": 1}]
