"""On the occurred axis a state is what a fold in the order of occurrence gives, linked events
included, however much of it was folded before."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.states import keyframes, occurred_states
from replay.states.fold import fold
from replay.states.generic_model import GENERIC
from replay.states.keyframes import INTERVAL
from replay.states.state_at import StateAt, StateReader
from store.events import NewEvent, RecordedEvent
from store.interface import EventReader
from store.memory import MemoryStore

STREAM = "a-1"
Step = tuple[int, str, int]  # when it occurred; its home; how many links to the stream

steps = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([STREAM, "b-1"]), st.integers(0, 1)), max_size=30
)


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a short stream has keyframes."""
    monkeypatch.setattr(occurred_states, "INTERVAL", 3)
    monkeypatch.setattr(occurred_states, "READ_AT_ONCE", 2)


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    store = MemoryStore()
    yield store
    store.close()


@given(steps=steps, asked=st.lists(st.tuples(st.integers(-1, 7), st.integers(0, 31))))
def test_the_state_is_that_of_a_fold_in_the_order_of_occurrence_whenever_it_is_asked(
    steps: list[Step], asked: list[tuple[int, int]]
) -> None:
    """Events come in between the questions; some of them occurred before all that was folded."""
    store, reader = MemoryStore(), StateReader(GENERIC)
    for number, step in enumerate(steps, 1):
        _append(store, number, step)
        for until_us, position in asked[number % 3 :: 3]:
            _assert_as_folded(store, reader.as_occurred(store, STREAM, until_us), until_us, None)
            found = reader.as_occurred(store, STREAM, until_us, position)
            _assert_as_folded(store, found, until_us, position)
    store.close()


def test_what_occurred_at_the_same_time_counts_event_by_event(store: MemoryStore) -> None:
    for number in (1, 2, 3):
        _append(store, number, (5, STREAM, 0))
    reader = StateReader(GENERIC)

    assert [reader.as_occurred(store, STREAM, 5, it).events for it in (0, 1, 2, 3)] == [0, 1, 2, 3]
    assert reader.as_occurred(store, STREAM, 5).events == 3


def test_a_step_folds_no_more_than_an_interval_of_a_long_stream(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    for number in range(1, 4 * INTERVAL):
        _append(store, number, (-number, STREAM, 0))  # the last one recorded occurred first
    reader = StateReader(GENERIC)
    reader.as_occurred(store, STREAM, 0)

    found = [reader.as_occurred(store, STREAM, -it) for it in range(1, 4 * INTERVAL, 37)]

    assert max(it.folded for it in found) <= INTERVAL
    assert {it.basis for it in found} == {"keyframe", "beginning"}
    for it in found:
        assert it.last is not None
        _assert_as_folded(store, it, it.last.occurred_at_us, None)


def test_keyframes_of_many_streams_are_bounded(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyframes, "KEPT", 2)
    for number in range(1, 20):
        _append(store, number, (number, STREAM, 0))
    reader = StateReader(GENERIC)

    for until_us in (19, 4, 11, 19):
        _assert_as_folded(store, reader.as_occurred(store, STREAM, until_us), until_us, None)


def _append(store: MemoryStore, number: int, step: Step) -> None:
    occurred_us, home, links = step
    data = {f"f{number % 4}": number, "last": number}
    event = NewEvent.of("T", data, occurred_at_us=occurred_us, links=(STREAM,) * links)
    store.append(home, [event], expected=None)


def _assert_as_folded(
    log: EventReader, found: StateAt[Any], until_us: int, position: int | None
) -> None:
    events = _by_hand(log, until_us, position)
    home = [it.version for it in events if it.stream == STREAM]
    assert found.state == fold(GENERIC, events).state
    assert found.previous == fold(GENERIC, events[:-1]).state
    assert found.events == len(events)
    assert found.last == (events[-1] if events else None)
    assert found.position == max((it.position for it in events), default=0)
    assert found.version == max(home, default=0)


def _by_hand(log: EventReader, until_us: int, position: int | None) -> list[RecordedEvent]:
    events = sorted(log.read_stream(STREAM), key=lambda it: (it.occurred_at_us, it.position))
    last = (until_us, float("inf") if position is None else position)
    return [it for it in events if (it.occurred_at_us, it.position) <= last]
