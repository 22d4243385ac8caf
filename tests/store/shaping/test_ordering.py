"""The order of foreign events: chosen, kept, and the same however often it is read."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.events import NewEvent
from store.reading.format import Incoming, Record, Rejected
from store.shaping.ordering import in_order
from store.shaping.rules import ImportRules
from store.transfer.ingest import ingest
from tests.store.event_files import event, events_in, write_lines


def at(second: int) -> str:
    return f"2026-03-14T09:41:{second:02}.000000+00:00"


def file_of(folder: Path) -> Path:
    """Sent, stored and processed in three different orders."""
    rows = [(1, 5, 30, "c"), (2, 9, 20, "a"), (3, 7, 40, "b")]
    lines = [
        event(n, occurred_at=at(sent), recorded_at=at(stored), data={"handled": handled})
        for n, sent, stored, handled in rows
    ]
    for it in lines:
        del it["stream_version"]
    return write_lines(folder / "in.jsonl", *lines)


@pytest.mark.parametrize(
    ("order", "wanted", "late"),
    [
        ("", ["e1", "e2", "e3"], 0),
        ("file", ["e1", "e2", "e3"], 1),
        ("occurred", ["e1", "e3", "e2"], 0),
        ("recorded", ["e2", "e1", "e3"], 2),
        ("handled", ["e2", "e3", "e1"], 2),
    ],
)
def test_each_choice_gives_its_own_sequence_and_tells_late_events(
    tmp_path: Path, order: str, wanted: list[str], late: int
) -> None:
    source, rules = file_of(tmp_path), ImportRules(order=order)

    report = ingest(source, into=tmp_path / "log.foldline", rules=rules)
    again = ingest(source, into=tmp_path / "again.foldline", rules=rules)

    assert [it.id for it in events_in(tmp_path / "log.foldline")] == wanted
    assert [it.id for it in events_in(tmp_path / "again.foldline")] == wanted
    assert report.late == again.late == len(report.of_kind("late")) == late
    assert report.unordered == 0


def test_events_without_what_the_order_goes_by_come_last_and_are_told(tmp_path: Path) -> None:
    lines = [event(1), event(2, data={"seq": 9}), event(3, data={"seq": None}), event(4)]
    lines.append(event(5, data={"seq": 10}))
    for it in lines:
        del it["stream_version"]

    report = ingest(
        write_lines(tmp_path / "in.jsonl", *lines),
        into=tmp_path / "log.foldline",
        rules=ImportRules(order="data.seq"),
    )

    found = [it.id for it in events_in(tmp_path / "log.foldline")]
    assert found == ["e2", "e5", "e1", "e3", "e4"]
    assert report.unordered == 3
    assert [it.line for it in report.of_kind("unordered")] == [1, 3, 4]


def test_times_of_other_offsets_are_put_in_order_by_the_moment(tmp_path: Path) -> None:
    times = ["2026-03-14T10:00:00+02:00", "2026-03-14T09:30:00+00:00", "2026-03-14T07:00:00-01:00"]
    lines = [event(n, data={"at": it}) for n, it in enumerate(times, 1)]
    for it in lines:
        del it["stream_version"]

    ingest(
        write_lines(tmp_path / "in.jsonl", *lines),
        into=tmp_path / "log.foldline",
        rules=ImportRules(order="data.at"),
    )

    assert [it.id for it in events_in(tmp_path / "log.foldline")] == ["e1", "e3", "e2"]


def incoming(n: int, at_us: int | None) -> Incoming:
    new = NewEvent(type="T", id=str(n), occurred_at_us=at_us, recorded_at_us=at_us)
    return Incoming(stream="s", event=new, line=n)


@given(st.lists(st.none() | st.integers(-3, 3), max_size=12))
def test_the_order_is_that_of_a_stable_sort(times: Sequence[int | None]) -> None:
    records: list[Record] = [incoming(n, it) for n, it in enumerate(times)]
    records.append(Rejected(line=99, reason="bad"))
    told: list[str] = []

    found = list(
        in_order(
            records,
            "occurred",
            unordered=lambda it, _text: told.append(it.event.id),
            late=lambda _it, _text: pytest.fail("nothing is late by its own order"),
        )
    )

    events = [it for it in records if isinstance(it, Incoming)]
    wanted = sorted(
        events, key=lambda it: (it.event.occurred_at_us is None, it.event.occurred_at_us or 0)
    )
    assert found == [records[-1], *wanted]
    assert told == [it.event.id for it in events if it.event.occurred_at_us is None]
