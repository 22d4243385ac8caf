"""The timeline counts what is in the log, on three axes, however it was batched."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.timeline.timeline_index import Axis, TimelineIndex
from replay.timeline.timeline_knots import Knots, cumulated, joined_knots
from replay.timeline.timeline_view import STEP, TIMELINE, TimelineWriter
from replay.views.read_store import discard, open_views_to_read
from replay.views.sink import Flushed
from store.events import NewEvent, RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.connect import connect_memory, open_log
from store.sqlite.writer import Writer
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 1_500
AXES: tuple[Axis, ...] = ("position", "recorded", "occurred")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventReader]:
    path = make_log(tmp_path_factory.mktemp("timeline") / "a.foldline", EVENTS)
    log = open_reader(path)
    fold(log)
    yield log
    log.close()


@pytest.fixture(scope="module")
def events(log: EventReader) -> list[RecordedEvent]:
    return log.page(1, EVENTS)


@pytest.fixture(scope="module")
def index(log: EventReader) -> TimelineIndex:
    return load(log)


def fold(log: EventReader) -> None:
    store, runner = open_runner(log, (TIMELINE,))
    catch_up(runner)
    store.close()


def load(log: EventReader, previous: TimelineIndex | None = None) -> TimelineIndex:
    db = open_views_to_read(log)
    assert db is not None
    index = TimelineIndex.load(db, previous)
    db.close()
    return index


def coordinates(events: list[RecordedEvent], axis: Axis) -> list[int]:
    if axis == "position":
        return [event.position for event in events]
    if axis == "occurred":
        return [event.occurred_at_us for event in events]
    return list(accumulate((event.recorded_at_us for event in events), max))


def test_types_come_in_the_order_of_their_first_event(
    index: TimelineIndex, events: list[RecordedEvent]
) -> None:
    assert index.types == tuple(dict.fromkeys(event.type for event in events))
    counted = Counter(event.type for event in events)
    assert dict(zip(index.types, index.totals.tolist(), strict=True)) == counted
    assert index.indexed_until == EVENTS


@pytest.mark.parametrize("axis", AXES)
def test_the_extent_holds_every_event(
    axis: Axis, index: TimelineIndex, events: list[RecordedEvent]
) -> None:
    found = coordinates(events, axis)
    first, last = index.extent(axis)

    assert first <= min(found) < max(found) < last
    assert index.counts(np.array([first, last]), axis).sum() == EVENTS
    assert index.counts(np.array([-1e18, first]), axis).sum() == 0
    assert index.counts(np.array([last, 1e18]), axis).sum() == 0


@settings(max_examples=60)
@given(axis=st.sampled_from(AXES), bins=st.integers(1, 300), shift=st.floats(-0.6, 0.6))
def test_bins_always_add_up_to_the_whole(
    axis: Axis, bins: int, shift: float, index: TimelineIndex
) -> None:
    first, last = index.extent(axis)
    edges = np.linspace(first, last, bins + 1) + shift * (last - first)

    counts = index.counts(edges, axis)
    outside = index.counts(np.array([-1e18, edges[0]]), axis) + index.counts(
        np.array([edges[-1], 1e18]), axis
    )

    assert counts.shape == (len(index.types), bins)
    assert (counts.sum(axis=1) + outside[:, 0]).tolist() == index.totals.tolist()


@pytest.mark.parametrize("axis", AXES)
def test_counts_are_at_most_one_step_off(
    axis: Axis, index: TimelineIndex, events: list[RecordedEvent]
) -> None:
    found = np.sort(coordinates(events, axis))
    edges = np.linspace(*index.extent(axis), 200)

    counted = index.counts(np.array([-1e18, *edges]), axis).sum(axis=0).cumsum()
    exact = np.searchsorted(found, edges, side="left")

    assert np.abs(counted - exact).max() <= STEP + len(index.types)


def test_counts_at_the_boundaries_of_steps_are_exact(
    index: TimelineIndex, events: list[RecordedEvent]
) -> None:
    edges = np.array([1, STEP + 1, 2 * STEP + 1, 5 * STEP + 1, EVENTS + 1], np.float64)

    counts = index.counts(edges, "position")

    for number, type_ in enumerate(index.types):
        for left, right, counted in zip(edges, edges[1:], counts[number], strict=False):
            exact = sum(e.type == type_ and left <= e.position < right for e in events)
            assert counted == exact


@pytest.mark.parametrize("axis", ["recorded", "occurred"])
def test_a_small_log_is_counted_exactly_by_time(
    axis: Axis, index: TimelineIndex, events: list[RecordedEvent]
) -> None:
    found = coordinates(events, axis)
    moments = sorted(set(found))
    edges = np.array([*moments, moments[-1] + 1], np.float64)

    counts = index.counts(edges, axis)

    counted = Counter(found)
    assert index.exponent == index.recorded_exponent == 0
    assert counts.sum(axis=0).tolist() == [counted[at] for at in moments]


def test_an_idle_gap_within_a_step_is_empty(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", 20))
    db = open_log(log.place.path, writable=True)
    writer, later_us = Writer(db), log.running_max_us(20) + 10**12
    with writer.transaction():
        for n in range(20):
            event = NewEvent.of("Placed", {}, recorded_at_us=later_us + n, recorded_offset_min=0)
            writer.append_inside("order-9", [event], expected=None)
    db.close()
    fold(log)
    index = load(log)

    gap = np.linspace(log.running_max_us(20) + 1, later_us, 50)

    assert index.counts(gap, "recorded").sum() == 0
    assert index.counts(np.array([later_us, later_us + 20.0]), "recorded").sum() == 20
    log.close()


def test_an_idle_gap_between_steps_is_empty(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", STEP))
    last_us = max(event.recorded_at_us for event in log.page(1, STEP))
    append(log.place.path, 1)
    fold(log)
    index = load(log)

    gap = np.array([last_us + 1, index.extent("recorded")[1] - 1])

    assert index.counts(gap, "recorded").sum() == 0
    log.close()


@pytest.mark.parametrize("position", [1, 2, 255, 256, 257, 700, EVENTS])
def test_a_coordinate_is_at_most_one_step_off(
    position: int, index: TimelineIndex, log: EventReader, events: list[RecordedEvent]
) -> None:
    near = events[max(position - STEP, 0) : position + STEP]
    occurred = [event.occurred_at_us for event in near]

    assert index.coordinate_of(position, "position") == position
    low, high = (
        log.running_max_us(max(position - STEP, 1)),
        log.running_max_us(min(position + STEP, EVENTS)),
    )
    assert low <= index.coordinate_of(position, "recorded") <= high
    assert min(occurred) <= index.coordinate_of(position, "occurred") <= max(occurred)


@settings(max_examples=60)
@given(share=st.floats(-0.1, 1.1))
def test_the_exact_position_of_a_time_lies_where_the_index_says(
    share: float, index: TimelineIndex, log: EventReader
) -> None:
    first, last = index.extent("recorded")
    at_us = int(first + share * (last - first))

    low, high = index.positions_about(at_us)

    assert low <= log.position_as_of(at_us) <= high
    assert high - low <= STEP


def test_a_refresh_reads_only_what_is_new_and_ends_like_a_full_load(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", 10))
    fold(log)
    index = load(log)
    for size in (1, 245, 1, 300, 512, 3):
        append(log.place.path, size)
        fold(log)
        index, before = load(log, index), index
        whole = load(log)

        assert before.indexed_until + size == index.indexed_until
        assert index.types == whole.types
        for axis in AXES:
            assert index.extent(axis) == whole.extent(axis)
            edges = np.linspace(*index.extent(axis), 77)
            assert np.array_equal(index.counts(edges, axis), whole.counts(edges, axis))
    assert load(log, index) is index
    log.close()


def test_a_refresh_after_the_views_were_made_again_begins_anew(tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", 400))
    fold(log)
    index = load(log)
    store, runner = open_runner(log, (TIMELINE,))
    store.db.execute("UPDATE projections SET definition = 'old'")
    store.close()
    store, runner = open_runner(log, (TIMELINE,))
    runner.deliver(log.page(1, 100), {})

    again = TimelineIndex.load(store.db, index)

    assert (again.indexed_until, again.totals.sum()) == (100, 100)
    store.close()
    discard(log)
    store, runner = open_runner(log, (TIMELINE,))
    runner.deliver(log.page(1, 50), {})
    assert TimelineIndex.load(store.db, index).indexed_until == 50
    store.close()
    log.close()


@pytest.mark.parametrize("statement", ["", "CREATE TABLE projections (a)", "CREATE TABLE t (a)"])
def test_without_a_timeline_it_is_empty(statement: str) -> None:
    db: sqlite3.Connection = connect_memory()
    db.execute(statement)

    index = TimelineIndex.load(db)

    assert (index.types, index.indexed_until) == ((), 0)
    assert index.extent("recorded") == (0.0, 1.0)
    assert index.counts(np.array([0.0, 1.0, 2.0]), "occurred").shape == (0, 2)
    assert index.coordinate_of(5, "recorded") == 5.0
    assert index.positions_about(1e15) == (0, 0)
    db.close()


def test_spans_of_occurred_time_double_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.timeline.timeline_buckets.BUCKETS", 64)
    log = open_reader(make_log(tmp_path / "a.foldline", 700))
    fold(log)
    append(log.place.path, 300)
    fold(log)
    db = open_views_to_read(log)
    assert db is not None

    index = TimelineIndex.load(db)
    tables = [
        db.execute(f"SELECT * FROM timeline_{name}").fetchall() for name in ("buckets", "scale")
    ]
    db.close()

    assert index.exponent > 0
    assert 32 <= len(index.buckets.facts) <= 64
    assert index.totals.sum() == index.counts(np.array([-1e18, 1e18]), "occurred").sum() == 1_000
    store, runner = open_runner(log, (TIMELINE,))
    store.db.execute("UPDATE projections SET definition = 'old'")
    store.close()
    store, runner = open_runner(log, (TIMELINE,))
    runner.deliver(log.page(1, 1_000), {})
    assert tables == [
        store.db.execute(f"SELECT * FROM timeline_{name}").fetchall()
        for name in ("buckets", "scale")
    ]
    store.close()
    log.close()


def test_wide_spans_leave_recorded_counts_as_fine_as_the_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.timeline.timeline_buckets.BUCKETS", 8)
    log = open_reader(make_log(tmp_path / "a.foldline", 3_000))
    fold(log)
    index = load(log)
    found = coordinates(log.page(1, 3_000), "recorded")
    edges = np.linspace(*index.extent("recorded"), 100)

    counted = index.counts(np.array([-1e18, *edges]), "recorded").sum(axis=0).cumsum()
    exact = np.searchsorted(found, edges, side="left")

    assert index.recorded_exponent > 0
    assert len(index.recorded_buckets.facts) <= 8
    assert np.abs(counted - exact).max() <= STEP + len(index.types)
    log.close()


def test_a_log_of_very_many_types_joins_steps(
    log: EventReader, index: TimelineIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.timeline.timeline_index.CELLS", 10)

    coarse = load(log, None)
    edges = np.array([1, 4 * STEP + 1, EVENTS + 1], np.float64)

    assert len(coarse.position.first) < len(index.position.first)
    assert np.array_equal(coarse.counts(edges, "position"), index.counts(edges, "position"))
    for axis in AXES:
        assert coarse.extent(axis) == index.extent(axis)


def test_a_flush_of_nothing_writes_nothing() -> None:
    db = connect_memory()

    assert TimelineWriter(db, "timeline").flush() == Flushed(rows=0, writes=0)
    db.close()


def test_changed_buckets_are_found_by_an_index(log: EventReader) -> None:
    db = open_views_to_read(log)
    assert db is not None

    plan = db.execute(
        "EXPLAIN QUERY PLAN SELECT counts, bucket FROM timeline_buckets WHERE last_position > 5"
    ).fetchall()

    assert "USING INDEX timeline_buckets_by_position_1" in plan[0][3]
    plan = db.execute(
        "EXPLAIN QUERY PLAN "
        "SELECT counts, bucket FROM timeline_recorded_buckets WHERE last_position > 5"
    ).fetchall()
    assert "USING INDEX timeline_recorded_buckets_by_position_1" in plan[0][3]
    db.close()


@given(
    pauses=st.lists(st.sampled_from([0, 0, 1, 1, 2, 5, 400]), min_size=1, max_size=200),
    size=st.integers(1, 40),
    exponent=st.integers(0, 7),
)
def test_steps_and_spans_together_are_exact_at_every_knot(
    pauses: list[int], size: int, exponent: int
) -> None:
    times = np.cumsum(pauses)
    steps = _knots_of([times[at : at + size] for at in range(0, len(times), size)])
    number, width = times >> exponent, 1 << exponent
    spans = _knots_of([times[number == it] for it in np.unique(number)])
    starts = np.unique(number).astype(np.float64) * width
    spans = Knots(first=starts, last=starts + width, before=spans.before)

    knots = joined_knots(steps, spans)

    exact = np.searchsorted(times, [*knots.first, knots.last[-1]], side="left")
    assert knots.before[0].tolist() == exact.tolist()
    assert knots.extent == (float(times[0]), float(times[-1] + 1))
    counted = knots.counts_before(np.linspace(times[0] - 3.0, times[-1] + 3.0, 99))[0]
    assert counted.tolist() == sorted(counted)


def _knots_of(runs: list[np.typing.NDArray[np.int64]]) -> Knots:
    counts = np.array([[len(run)] for run in runs], np.uint32)
    return Knots(
        first=np.array([run[0] for run in runs], np.float64),
        last=np.array([run[-1] + 1 for run in runs], np.float64),
        before=cumulated(counts),
    )
