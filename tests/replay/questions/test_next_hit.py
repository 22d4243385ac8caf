"""Running to a breakpoint stops where a loop by hand over all events and states stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.questions import followed_streams, next_hit
from replay.questions.breakpoint import (
    Breakpoint,
    CategoryBreakpoint,
    EventBreakpoint,
    StreamBreakpoint,
    breakpoint_words,
    require_sound,
)
from replay.questions.log_order import LogOrder, Recorded, occurred_order
from replay.questions.next_hit import Hit
from replay.states.condition_fold import asks_for_changes
from replay.states.stream_states import StreamStates
from store import json_text
from store.errors import WrongFilter
from store.events import NewEvent, RecordedEvent
from store.filter.condition import condition
from store.filter.evaluate import matches
from store.filter.parse import parse, parse_condition
from store.memory import MemoryStore
from tests.replay.json_values import VALUES

STREAMS = ("thing-1", "thing-2", "thing", "thing-1-2", "order-7", "other-1")
CONDITIONS = ("a > 0", "a is missing", "a changed", "a became 1", "not a = 1", "a.b = 1 or b = x")
FILTERS = ("type = Set", "type = Put and a > 0", "stream ~ thing-*", "a = 9")
BREAKPOINTS = st.lists(
    st.builds(EventBreakpoint, where=st.sampled_from(FILTERS))
    | st.builds(
        StreamBreakpoint, where=st.sampled_from(CONDITIONS), stream=st.sampled_from(STREAMS)
    )
    | st.builds(
        CategoryBreakpoint,
        where=st.sampled_from(CONDITIONS),
        category=st.sampled_from(("thing", "thing-1", "order", "none")),
    ),
    max_size=3,
)


@dataclass(frozen=True)
class Given:
    """An event, before it is in a log."""

    stream: str
    type: str
    data: str
    occurred: int
    links: tuple[str, ...]


PAYLOADS = (
    VALUES
    | st.fixed_dictionaries(
        {},
        optional={
            "a": st.integers(-1, 2) | st.none() | st.fixed_dictionaries({"b": st.integers(0, 2)}),
            "b": st.sampled_from(["x", 0, None, [{"b": 1}]]),
        },
    )
).map(json_text.encode)
EVENTS = st.lists(
    st.builds(
        Given,
        stream=st.sampled_from(STREAMS),
        type=st.sampled_from(("Set", "Put", "OrderPlaced")),
        data=PAYLOADS,
        occurred=st.integers(0, 5),
        links=st.lists(st.sampled_from(STREAMS), max_size=2, unique=True).map(tuple),
    ),
    max_size=12,
)


def log_of(events: Sequence[Given]) -> MemoryStore:
    store = MemoryStore()
    for it in events:
        links = tuple(link for link in it.links if link != it.stream)
        event = NewEvent(type=it.type, data_json=it.data, occurred_at_us=it.occurred, links=links)
        store.append(it.stream, [event], expected=None)
    return store


def in_order(log: MemoryStore, order: LogOrder) -> list[RecordedEvent]:
    found = list(log.read())
    return sorted(found, key=lambda it: it.occurred_at_us) if order.is_occurred else found


def by_hand(log: MemoryStore, it: Breakpoint, order: LogOrder) -> list[tuple[int, str]]:
    """Position and stream of every event that stops, in order."""
    if isinstance(it, EventBreakpoint):
        tree = parse(it.where)
        assert tree is not None
        meets = matches(tree)
        return [(event.position, event.stream) for event in in_order(log, order) if meets(event)]
    tree, states = parse_condition(it.where), StreamStates()
    holds, is_of_changes = condition(tree), asks_for_changes(tree)
    was, found = dict[str, bool](), list[tuple[int, str]]()
    for event in in_order(log, order):
        for stream in dict.fromkeys((event.stream, *log.links(event.position))):
            is_one = (
                stream == it.stream
                if isinstance(it, StreamBreakpoint)
                else stream.startswith(f"{it.category}-")
            )
            if is_one:
                before, after = around(states, log, stream, event, order)
                is_held = holds(before, after)
                if is_held and (is_of_changes or not was.get(stream, False)):
                    found.append((event.position, stream))
                was[stream] = is_held
    return found


def around(
    states: StreamStates, log: MemoryStore, stream: str, event: RecordedEvent, order: LogOrder
) -> tuple[Any, Any]:
    at = (
        states.as_occurred(log, stream, event.occurred_at_us, event.position)
        if order.is_occurred
        else states.at(log, stream, event.position)
    )
    return at.previous, at.state


def order_of(log: MemoryStore, *, is_occurred: bool) -> LogOrder:
    return occurred_order(log) if is_occurred else Recorded(log.head())


@given(
    lookup_costs=st.sampled_from((0, 1, 20)),
    page=st.sampled_from((1, 3, 2_000)),
    events=EVENTS,
    breakpoints=BREAKPOINTS,
    is_occurred=st.booleans(),
    cursor=st.integers(0, 12),
)
def test_it_stops_where_a_loop_by_hand_stops(
    lookup_costs: int,
    page: int,
    events: list[Given],
    breakpoints: list[Breakpoint],
    is_occurred: bool,
    cursor: int,
) -> None:
    log = log_of(events)
    order = order_of(log, is_occurred=is_occurred)
    cursor = min(cursor, len(events))
    hits = [
        (order.place(at), at, stream)
        for it in breakpoints
        for at, stream in by_hand(log, it, order)
    ]
    here = order.place(cursor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(followed_streams, "LOOKUP_COSTS", lookup_costs)
        patch.setattr(next_hit, "PAGE", page)
        patch.setattr(followed_streams, "PAGE", page)
        after = next_hit.next_hit(log, StreamStates(), breakpoints, position=cursor, order=order)
        before = next_hit.previous_hit(
            log, StreamStates(), breakpoints, position=cursor, order=order
        )

    ahead, behind = [it for it in hits if it[0] > here], [it for it in hits if it[0] < here]
    assert told(after) == (min(ahead)[1] if ahead else None)
    assert told(before) == (max(behind)[1] if behind else None)
    for hit in (after, before):
        if hit is not None:
            assert (hit.position, hit.stream) in by_hand(log, hit.breakpoint, order)


def told(hit: Hit | None) -> int | None:
    return None if hit is None else hit.position


def filled(count: int) -> MemoryStore:
    """Streams of a category, each with a balance that falls; every fourth event is one of these."""
    log = MemoryStore()
    for number in range(count):
        log.append("other-1", [NewEvent.of("Noted", {}) for _ in range(3)], expected=None)
        data = {"balance": 10 - number // 7, "owner": {"name": "ada"}}
        log.append(f"account-{number % 7}", [NewEvent.of("Posted", data)], expected=None)
    return log


def test_a_hit_tells_the_breakpoint_the_stream_and_the_values() -> None:
    log = filled(100)
    never = EventBreakpoint(where="type = Gone")
    overdrawn = CategoryBreakpoint(where="balance < 0 and owner.name = ada", category="account")

    found = next_hit.next_hit(
        log, StreamStates(), [never, overdrawn], position=3, order=Recorded(log.head())
    )

    assert found == Hit(
        position=4 * 78,
        breakpoint=overdrawn,
        stream="account-0",
        values={"balance": -1, "owner.name": "ada"},
    )


def test_of_two_that_stop_at_one_event_the_first_is_told() -> None:
    log = filled(10)
    first = EventBreakpoint(where="balance = 10")
    second = CategoryBreakpoint(where="balance > 0", category="account")

    both: list[list[Breakpoint]] = [[first, second], [second, first]]
    for asked in both:
        found = next_hit.next_hit(
            log, StreamStates(), asked, position=1, order=Recorded(log.head())
        )
        assert found is not None
        assert (found.position, found.breakpoint) == (4, asked[0])


@pytest.mark.parametrize("seek", [next_hit.next_hit, next_hit.previous_hit])
def test_it_tells_how_far_it_is_and_up_to_where_nothing_stops(seek: Any) -> None:
    log, told = filled(3_000), list[tuple[int, int]]()
    position = 0 if seek is next_hit.next_hit else log.head()
    gone = CategoryBreakpoint(where="balance > 99", category="account")

    found = seek(
        log,
        StreamStates(),
        [gone],
        position=position,
        order=Recorded(log.head()),
        told=lambda count, place: told.append((count, place)),
    )

    assert found is None
    counts, places = [it[0] for it in told], [it[1] for it in told]
    assert counts == sorted(counts)
    assert counts[-1] == (log.head() if position == 0 else log.head() - 1)
    assert places == sorted(places, reverse=position > 0)


def test_the_streams_before_the_start_are_looked_up_only_while_that_is_cheaper() -> None:
    log, asked = filled(2_000), list[str]()

    class Counting(StreamStates):
        def held_at(self, log: Any, stream: str, position: int) -> Any:
            asked.append(stream)
            return super().held_at(log, stream, position)

    many = MemoryStore()
    for number in range(3_000):
        many.append(f"account-{number}", [NewEvent.of("Posted", {"balance": 1})], expected=None)
    for number in range(3_000):
        many.append(f"account-{number}", [NewEvent.of("Posted", {"balance": 2})], expected=None)
    it = CategoryBreakpoint(where="balance < 0", category="account")

    for store, most in ((log, 7), (many, 3_000 // 20 + 1)):
        asked.clear()
        half = store.head() // 2
        found = next_hit.next_hit(
            store, Counting(), [it], position=half, order=Recorded(store.head())
        )
        assert found is None  # all are overdrawn before, or never
        assert 0 < len(asked) <= most


@pytest.mark.parametrize(
    ("it", "words"),
    [
        (EventBreakpoint(where="type = Set"), "type = Set"),
        (StreamBreakpoint(where="a > 0", stream="a-1"), "a > 0 · a-1"),
        (CategoryBreakpoint(where="a > 0", category="a"), "a > 0 · every a"),
    ],
)
def test_a_breakpoint_says_what_it_stops_at(it: Breakpoint, words: str) -> None:
    require_sound(it)

    assert breakpoint_words(it) == words


@pytest.mark.parametrize(
    ("it", "at"),
    [
        (EventBreakpoint(where=" "), 0),
        (EventBreakpoint(where="type ="), 6),
        (StreamBreakpoint(where="", stream="a-1"), 0),
        (CategoryBreakpoint(where="a > ", category="a"), 4),
    ],
)
def test_what_cannot_be_read_is_no_breakpoint(it: Breakpoint, at: int) -> None:
    with pytest.raises(WrongFilter) as wrong:
        require_sound(it)

    assert wrong.value.at == at


class Apart:
    """Models of a category that run elsewhere: here, by what they would say there."""

    def __init__(self, log: MemoryStore) -> None:
        self._log, self._states = log, StreamStates()

    def owns(self, stream: str) -> bool:
        return stream.startswith("thing-")

    def moments(self, stream: str, condition: str, **asked: Any) -> Any:
        return self._states.moments(self._log, stream, condition, **asked)

    def at(self, log: Any, stream: str, position: int) -> Any:
        return self._states.at(log, stream, position)

    def as_occurred(
        self, log: Any, stream: str, until_us: int, position: Any = None, *, known: Any = None
    ) -> Any:
        return self._states.as_occurred(log, stream, until_us, position, known=known)

    def field(self, log: Any, stream: str, path: Any, **asked: Any) -> Any:
        return self._states.field(log, stream, path, **asked)

    def sentences(self, events: Any) -> Any:
        return self._states.sentences(events)


@given(
    events=EVENTS,
    where=st.sampled_from(CONDITIONS),
    is_occurred=st.booleans(),
    cursor=st.integers(0, 12),
)
def test_streams_whose_models_run_elsewhere_stop_where_others_do(
    events: list[Given], where: str, is_occurred: bool, cursor: int
) -> None:
    log = log_of(events)
    order = order_of(log, is_occurred=is_occurred)
    it = CategoryBreakpoint(where=where, category="thing")
    apart = StreamStates(elsewhere=Apart(log))

    for seek in (next_hit.next_hit, next_hit.previous_hit):
        here, there = (
            seek(log, states, [it], position=min(cursor, len(events)), order=order)
            for states in (StreamStates(), apart)
        )
        assert told(there) == told(here)


def test_what_has_come_in_since_an_order_was_read_stands_behind_all_of_it() -> None:
    log = filled(2)
    order = occurred_order(log)
    log.append("other-1", [NewEvent.of("Noted", {})], expected=None)

    assert order.place(log.head()) == order.end + 1
    assert order.position(order.end) == log.head() - 1
