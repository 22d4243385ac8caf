"""The state at any moment is what a fold from the first event gives, however it is come by."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from replay.states.fold import Folded, fold
from replay.states.generic_model import GENERIC
from replay.states.keyframes import INTERVAL
from replay.states.merge_patch import copy
from replay.states.state_at import StateReader
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.connect import open_log
from store.sqlite.reader_sql import HOME, VERSION_AT
from tests.replay.logs import make_log
from tests.replay.written_logs import START_US, event, log_of

EVENTS = 2_500
STREAMS = ("big-1", "order-0", "order-3", "item-4", "nobody-1")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Streams of every kind, some with linked events; clocks step back and tie."""
    return make_log(tmp_path_factory.mktemp("log") / "a.foldline", EVENTS)


@pytest.fixture
def log(path: Path) -> Iterator[EventReader]:
    log = open_reader(path)
    yield log
    log.close()


@pytest.mark.parametrize("stream", STREAMS)
def test_the_state_at_a_random_position_is_that_of_a_fold_from_the_first_event(
    log: EventReader, stream: str
) -> None:
    reader = StateReader(GENERIC)
    chance = random.Random(stream)

    for position in (0, 1, EVENTS, *(chance.randrange(EVENTS + 1) for _ in range(60))):
        found = reader.at(log, stream, position)

        events = _events(log, stream, position)
        assert _text(found.state) == _text(_by_hand(events)), position
        assert _text(found.previous) == _text(_by_hand(events[:-1])), position
        assert found.last == (events[-1] if events else None)
        assert (found.position, found.events) == (position, len(events))
        assert found.version == sum(it.stream == stream for it in events)


def test_keyframes_and_snapshots_change_the_way_and_never_the_answer(log: EventReader) -> None:
    warm = StateReader(GENERIC)
    warm.at(log, "big-1", EVENTS)
    with_snapshots = StateReader(GENERIC, snapshot_before=_snapshots(log, every=100))
    positions = [random.Random(3).randrange(EVENTS) for _ in range(40)]

    for position in positions:
        cold = StateReader(GENERIC).at(log, "big-1", position)
        others = [it.at(log, "big-1", position) for it in (warm, with_snapshots)]

        assert [_text(it.state) for it in others] == [_text(cold.state)] * 2
        assert [(it.events, it.version, it.last) for it in others] == [
            (cold.events, cold.version, cold.last)
        ] * 2


def test_what_an_answer_folds_is_bounded_once_the_stream_was_read(log: EventReader) -> None:
    reader = StateReader(GENERIC)
    first = reader.at(log, "big-1", EVENTS)

    second = reader.at(log, "big-1", EVENTS - 1)

    assert (first.basis, first.folded) == ("beginning", first.events)
    assert second.basis == "keyframe"
    assert second.folded <= INTERVAL + 1


def test_a_snapshot_nearer_than_any_keyframe_is_where_the_fold_begins(log: EventReader) -> None:
    reader = StateReader(GENERIC, snapshot_before=_snapshots(log, every=100))

    found = reader.at(log, "big-1", EVENTS)

    assert found.basis == "snapshot"
    assert found.folded <= 101


def test_a_keyframe_nearer_than_the_snapshot_is_where_the_fold_begins(log: EventReader) -> None:
    whole = fold(GENERIC, log.read_stream("big-1", limit=5))
    reader = StateReader(GENERIC, snapshot_before=lambda _stream, _position: whole)
    first = reader.at(log, "big-1", EVENTS)

    second = reader.at(log, "big-1", EVENTS)

    assert first.basis == "snapshot"
    assert second.basis == "keyframe"
    assert _text(second.state) == _text(first.state)


def test_answers_on_several_threads_are_the_same(path: Path) -> None:
    reader = StateReader(GENERIC)

    def states(seed: int) -> list[str]:
        log = open_reader(path)
        chance = random.Random(seed)
        try:
            order = chance.sample(range(0, EVENTS, 50), EVENTS // 50)
            found = {it: _text(reader.at(log, "big-1", it).state) for it in order}
        finally:
            log.close()
        return [found[position] for position in sorted(found)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(states, range(4)))

    assert answers == [answers[0]] * 4


def test_two_events_of_the_same_time_are_two_moments(tmp_path: Path) -> None:
    with log_of(tmp_path, ("a-1", event({"x": 1})), ("a-1", event({"x": 2}))) as log:
        reader = StateReader(GENERIC)

        states = [reader.at(log, "a-1", position).state for position in (0, 1, 2)]

        assert states == [{}, {"x": 1}, {"x": 2}]
        assert log.position_as_of(START_US) == 2


def test_a_linked_event_counts_in_both_streams_and_keeps_its_home_version(tmp_path: Path) -> None:
    linked = event({"x": 2}, links=("b-1",))
    with log_of(tmp_path, ("b-1", event({"y": 1})), ("a-1", linked)) as log:
        found = StateReader(GENERIC).at(log, "b-1", 2)

    assert found.state == {"y": 1, "x": 2}
    assert (found.events, found.version) == (2, 1)
    assert found.last is not None
    assert (found.last.stream, found.last.version) == ("a-1", 1)


def test_the_state_as_occurred_folds_what_had_occurred_in_that_order(tmp_path: Path) -> None:
    """A price was noted late: as recorded it is not known yet, as occurred it is."""
    occurred = [(300, {"price": 3}), (100, {"price": 1}), (200, {"price": 2, "x": 1})]
    written = [("a-1", event(data, occurred_at_us=at)) for at, data in occurred]
    reader = StateReader(GENERIC)
    with log_of(tmp_path, *written) as log:
        early = reader.as_occurred(log, "a-1", 99)
        middle = reader.as_occurred(log, "a-1", 200)
        late = reader.as_occurred(log, "a-1", 300)
        recorded = reader.at(log, "a-1", 2)

    assert (early.state, early.events, early.position) == ({}, 0, 0)
    assert (middle.state, middle.previous) == ({"price": 2, "x": 1}, {"price": 1})
    assert (middle.events, middle.position, middle.version) == (2, 3, 3)
    assert late.state == {"price": 3, "x": 1}
    assert late.last is not None
    assert late.last.position == 1
    assert recorded.state == {"price": 1}


def test_events_that_occurred_at_one_time_are_ordered_by_position(tmp_path: Path) -> None:
    with log_of(tmp_path, *(("a-1", event({"x": n}, occurred_at_us=5)) for n in range(4))) as log:
        assert StateReader(GENERIC).as_occurred(log, "a-1", 5).state == {"x": 3}


def test_a_stream_reads_in_pieces_as_it_reads_whole(log: EventReader) -> None:
    whole = [it.position for it in log.read_stream("big-1")]

    forward = [it.position for it in log.read_stream("big-1", limit=7)]
    backward = [it.position for it in log.read_stream("big-1", limit=7, reverse=True)]
    none = list(log.read_stream("big-1", limit=0, reverse=True))
    until = [it.position for it in log.read_stream("big-1", after=whole[9], until=whole[20])]

    assert (forward, backward, none) == (whole[:7], whole[: -7 - 1 : -1], [])
    assert until == whole[10:21]


def test_the_version_at_each_position_counts_the_events_up_to_it(log: EventReader) -> None:
    home = [it.position for it in log.read_stream("order-3") if it.stream == "order-3"]

    found = [log.stream_version("order-3", until=position) for position in range(EVENTS + 1)]

    assert found == [sum(it <= position for it in home) for position in range(EVENTS + 1)]


@pytest.mark.parametrize(("sql", "values"), [(HOME, [1, 1, 9]), (VERSION_AT, [1, 9])])
def test_reading_a_stream_searches_its_index_and_sorts_nothing(
    log: EventReader, path: Path, sql: str, values: list[int]
) -> None:
    db = open_log(path)
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    db.close()

    assert log.head() == EVENTS
    assert any("stream_id=? AND version" in step for step in plan)
    assert not [step for step in plan if "TEMP B-TREE" in step or step == "SCAN events"]


def _events(log: EventReader, stream: str, position: int) -> list[RecordedEvent]:
    """The events of a stream and those linked into it, by looking at every event."""
    return [
        it
        for it in log.read(until=position)
        if it.stream == stream or stream in log.links(it.position)
    ]


def _by_hand(events: list[RecordedEvent]) -> Any:
    state: Any = {}
    for one in events:
        state = _merged(state, json_text.decode(one.data_json))
    return state


def _merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return copy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), value)
    return result


def _text(state: Any) -> str:
    return json_text.encode(state)


def _snapshots(log: EventReader, *, every: int) -> Any:
    """What a views file with a snapshot at each so many events would give, without the event."""

    def before(stream: str, position: int) -> Folded[Any] | None:
        events = list(log.read_stream(stream, until=position))
        kept = len(events) // every * every
        found = fold(GENERIC, events[:kept])
        return Folded(found.state, found.position, found.events) if kept else None

    return before


def test_a_snapshot_of_an_earlier_event_is_folded_on_from(log: EventReader) -> None:
    events = list(log.read_stream("big-1", limit=20))
    earlier = fold(GENERIC, events[:10])
    kept = Folded(earlier.state, events[9].position, 10, before=fold(GENERIC, events[:9]).state)
    reader = StateReader(GENERIC, snapshot_before=lambda _stream, _position: kept)

    found = reader.at(log, "big-1", events[-1].position)

    assert (found.state, found.previous) == (
        fold(GENERIC, events).state,
        fold(GENERIC, events[:-1]).state,
    )
    assert (found.events, found.folded, found.basis) == (20, 10, "snapshot")
