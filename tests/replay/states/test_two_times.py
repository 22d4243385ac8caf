"""What had occurred by one time, as it was known at another: two questions, one state."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.states import occurred_states
from replay.states.fold import fold
from replay.states.generic_model import GENERIC
from replay.states.moment import known_position, parse_moment_text
from replay.states.state_at import StateReader
from replay.states.stream_states import StreamStates
from store.errors import WrongMoment
from store.events import NewEvent, RecordedEvent
from store.memory import MemoryStore
from store.times import parse_moment

STREAM = "rate-1"
RATES = (  # what is said, when it came to hold, when we heard of it
    ({"percent": 5, "from": "July"}, "2026-07-01", "2026-07-01"),
    ({"percent": 7}, "2026-09-01", "2026-09-01"),
    ({"percent": 6, "from": "mid-July"}, "2026-07-15", "2026-10-01"),  # heard of late
)
GRID = {  # (the rule on this day, as we had it on this day): by hand
    ("2026-08-01", "2026-08-15"): {"percent": 5, "from": "July"},
    ("2026-08-01", "2026-10-01"): {"percent": 6, "from": "mid-July"},
    ("2026-09-15", "2026-09-15"): {"percent": 7, "from": "July"},
    ("2026-09-15", "2026-10-01"): {"percent": 7, "from": "mid-July"},
}

Step = tuple[int, int, str]  # when it occurred; when it was recorded; where its home is
steps = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from([STREAM, "b-1"])), max_size=25
)
grids = st.lists(st.tuples(st.integers(-1, 7), st.integers(-1, 7)), min_size=1, max_size=12)


@pytest.fixture
def rates() -> Iterator[MemoryStore]:
    store = MemoryStore()
    for data, occurred, recorded in RATES:
        store.append(STREAM, [_event(data, _us(occurred), _us(recorded))], expected=None)
    yield store
    store.close()


def test_a_grid_of_two_dates_by_two_gives_four_answers(rates: MemoryStore) -> None:
    states = StreamStates()
    for (occurred, known), expected in GRID.items():
        moment = parse_moment_text(f"occurred:{occurred},known:{known}")
        at = known_position(rates, moment)
        found = states.as_occurred(rates, STREAM, moment.value, known=at)

        assert found.state == expected, (occurred, known)

    assert len({str(it) for it in GRID.values()}) == 4


def test_a_field_has_a_history_as_it_was_known(rates: MemoryStore) -> None:
    states, percent = StreamStates(), ("percent",)
    known = [
        states.field(rates, STREAM, percent, position=2, axis="occurred", known=it).history.values
        for it in (1, 2, 3, None)
    ]

    assert known == [[5], [5, 7], [5, 6, 7], [5, 6, 7]]


@given(steps=steps, grid=grids)
def test_it_is_the_plain_list_cut_by_what_was_recorded_then_by_what_had_occurred(
    steps: list[Step], grid: list[tuple[int, int]]
) -> None:
    """Events come in between the questions; a second question gives the same answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(occurred_states, "INTERVAL", 3)  # so that a short stream has keyframes
        store, reader, states = MemoryStore(), StateReader(GENERIC), StreamStates()
        for number, (occurred_us, recorded_us, home) in enumerate(steps, 1):
            data = {f"f{number % 4}": number, "last": number}
            links = () if home == STREAM else (STREAM,)
            event = _event(data, occurred_us, recorded_us, links=links)
            store.append(home, [event], expected=None)
            for until_us, known_us in grid[number % 3 :: 3]:
                expected = _by_hand(store, until_us, known_us)
                known = store.position_as_of(known_us)
                found = reader.as_occurred(store, STREAM, until_us, known=known)

                assert found.state == fold(GENERIC, expected).state
                assert found.events == len(expected)
                assert found.last == (expected[-1] if expected else None)
                history = states.field(
                    store, STREAM, ("last",), position=number, axis="occurred", known=known
                ).history
                assert list(history.positions) == _changes(_by_hand(store, 99, known_us))
        store.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("v3,known:2026-10-01", "only an occurred time"),
        ("occurred:2026-08-01,known:v3", "by a position or a recorded time"),
        ("occurred:2026-08-01,known:occurred:2026-08-01", "by a position or a recorded time"),
        ("occurred:2026-08-01,known:soon", "neither a position nor a time"),
        ("occurred:2026-08-01,known:", "neither a position nor a time"),
    ],
)
def test_a_moment_that_makes_no_sense_says_why(text: str, why: str) -> None:
    with pytest.raises(WrongMoment, match=why):
        parse_moment_text(text)


def _by_hand(log: MemoryStore, until_us: int, known_us: int) -> list[RecordedEvent]:
    """Recorded by the running maximum, then what had occurred, in the order of occurrence."""
    kept, latest = [], -1
    for event in log.read():
        latest = max(latest, event.recorded_at_us)
        if latest <= known_us and event.occurred_at_us <= until_us:
            kept.append(event)
    return sorted(kept, key=lambda it: (it.occurred_at_us, it.position))


def _changes(events: list[RecordedEvent]) -> list[int]:
    values = [None, *(it.data["last"] for it in events)]
    changed = [after != before for before, after in pairwise(values)]
    return [it.position for it, is_new in zip(events, changed, strict=True) if is_new]


def _event(data: dict[str, Any], occurred_us: int, recorded_us: int, **rest: Any) -> NewEvent:
    return NewEvent.of(
        "RateSet", data, occurred_at_us=occurred_us, recorded_at_us=recorded_us, **rest
    )


def _us(day: str) -> int:
    return parse_moment(day).at_us
