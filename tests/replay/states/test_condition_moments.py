"""The moments of a condition are those that folding every prefix of its stream by hand tells."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.questions.breakpoint import StreamBreakpoint
from replay.questions.log_order import Recorded
from replay.questions.moment_bisection import bisect_moment
from replay.questions.next_hit import next_hit
from replay.questions.unknown_state_fields import state_paths, unknown_state_field
from replay.states.condition_fold import asks_for_changes
from replay.states.condition_moments import Moment, Which, scanned
from replay.states.field_histories import Axis
from replay.states.generic_model import GENERIC
from replay.states.stream_states import StreamStates
from store import json_text
from store.errors import Cancelled, WrongFilter
from store.events import NewEvent, RecordedEvent
from store.filter.condition import condition
from store.filter.parse import parse_condition
from store.filter.tokens import keys_of, path_of
from store.filter.tree import Tree
from store.memory import MemoryStore
from tests.replay.json_values import VALUES

STREAM = "thing-1"
AXES: tuple[Axis, ...] = ("recorded", "occurred")
CONDITIONS = (
    "a = 1",
    "a > 0",
    "a is missing",
    "a is present and b is missing",
    "a.b >= 1 or b = x",
    "not a.b = 1",
    "a changed",
    "a.b changed and a is present",
    "a became 1",
    "b in (0, 1, true)",
    "c.a between 0 and 5",
)
PAYLOADS = (
    VALUES
    | st.fixed_dictionaries(
        {},
        optional={
            "a": st.integers(-1, 2) | st.none() | st.fixed_dictionaries({"b": st.integers(0, 2)}),
            "b": st.sampled_from(["x", 0, 1, True, None, [0, 1], [{"b": 1}]]),
            "c": st.lists(st.fixed_dictionaries({"a": st.integers(0, 9)}), max_size=2),
        },
    )
).map(json_text.encode)


def log_of(events: Sequence[tuple[str, int]]) -> MemoryStore:
    """A log with these payloads, each with when it occurred, between events of another stream."""
    store = MemoryStore()
    for text, occurred in events:
        event = NewEvent(type="Set", data_json=text, occurred_at_us=occurred)
        store.append(STREAM, [event], expected=None)
        store.append("other-1", [NewEvent.of("Set", {"a": 1})], expected=None)
    return store


def ordered(log: MemoryStore, axis: Axis) -> list[RecordedEvent]:
    found = list(log.read_stream(STREAM))
    return sorted(found, key=lambda it: it.occurred_at_us) if axis == "occurred" else found


def by_hand(log: MemoryStore, tree: Tree, axis: Axis) -> list[tuple[int, int | None]]:
    """Position of each moment, and of its end, by the states of every prefix."""
    states, holds, found = StreamStates(), condition(tree), list[tuple[int, int | None]]()
    before, was_held = states.fold_of(log, STREAM).initial(), False
    for event in ordered(log, axis):
        after = _state(states, log, event, axis)
        is_held = holds(before, after)
        if is_held and (asks_for_changes(tree) or not was_held):
            found.append((event.position, None))
        elif was_held and not is_held and not asks_for_changes(tree):
            found[-1] = (found[-1][0], event.position)
        before, was_held = after, is_held
    return found


def _state(states: StreamStates, log: MemoryStore, event: RecordedEvent, axis: Axis) -> Any:
    if axis == "occurred":
        return states.as_occurred(log, STREAM, event.occurred_at_us, event.position).state
    return states.at(log, STREAM, event.position).state


def found(
    log: MemoryStore, text: str, which: Which, axis: Axis, position: int | None = None
) -> list[Moment]:
    told = StreamStates().moments(log, STREAM, text, which=which, axis=axis, position=position)
    return list(told.moments)


EVENTS = st.lists(st.tuples(PAYLOADS, st.integers(0, 5)), max_size=8)


@given(events=EVENTS, text=st.sampled_from(CONDITIONS), axis=st.sampled_from(AXES))
def test_a_scan_tells_every_time_that_the_states_of_all_prefixes_tell(
    events: list[tuple[str, int]], text: str, axis: Axis
) -> None:
    log = log_of(events)
    expected = by_hand(log, parse_condition(text), axis)

    told = found(log, text, "all", axis)

    assert [(it.position, it.until) for it in told] == expected
    firsts, lasts = (found(log, text, it, axis) for it in ("first", "last"))
    assert [it.position for it in firsts] == [at for at, _ in expected[:1]]
    assert [(it.position, it.until) for it in lasts] == expected[-1:]


@given(
    events=EVENTS,
    text=st.sampled_from(CONDITIONS),
    axis=st.sampled_from(AXES),
    cursor=st.integers(0, 7),
)
def test_the_next_and_the_previous_moment_are_beside_the_cursor(
    events: list[tuple[str, int]], text: str, axis: Axis, cursor: int
) -> None:
    log = log_of(events)
    order = [it.position for it in ordered(log, axis)]
    at = order[cursor % len(order)] if order else 1
    place = order.index(at) if order else 0
    every = [it.position for it in found(log, text, "all", axis)]

    after = [it.position for it in found(log, text, "next", axis, position=at)]
    before = [it.position for it in found(log, text, "previous", axis, position=at)]

    assert after == [it for it in every if order.index(it) > place][:1]
    assert before == [it for it in every if order.index(it) < place][-1:]


@given(values=st.lists(st.integers(0, 9), min_size=1, max_size=40), most=st.integers(0, 9))
def test_bisection_finds_what_a_scan_finds_where_a_condition_stays_true(
    values: list[int], most: int
) -> None:
    grown = [max(values[: at + 1]) for at in range(len(values))]
    log = log_of([(json_text.encode({"a": it}), at) for at, it in enumerate(grown)])
    tree, states = parse_condition(f"a >= {most}"), StreamStates()

    told = bisect_moment(log, states, STREAM, tree)

    scanned = found(log, f"a >= {most}", "first", "recorded")
    assert (list(told.moments) if told else []) == scanned
    assert told is None or told.looked_at <= 8  # 2 to the 6th is more than 40


@given(values=st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_bisection_tells_a_moment_at_which_the_condition_came_true_of_any_stream(
    values: list[int],
) -> None:
    log = log_of([(json_text.encode({"a": it}), at) for at, it in enumerate(values)])

    told = bisect_moment(log, StreamStates(), STREAM, parse_condition("a >= 2"))

    every = found(log, "a >= 2", "all", "recorded")
    assert (told is not None) == (values[-1] >= 2)
    assert told is None or told.moments[0].position in [it.position for it in every]


def test_a_moment_tells_the_values_that_the_condition_names() -> None:
    log = log_of([('{"a": 1, "c": [{"a": 2}, {"a": 3}], "d": 9}', 0)])

    (told,) = found(log, "a = 1 and c.a > 2 and e is missing", "first", "recorded")

    assert told.values == {"a": 1, "c.a": [2, 3]}


def test_a_condition_on_a_list_means_any_of_its_items_and_on_a_value_of_another_type_nothing() -> (
    None
):
    log = log_of([('{"a": [1, 2]}', 0), ('{"a": "2"}', 1), ('{"a": 2}', 2)])

    assert [(it.position, it.until) for it in found(log, "a = 2", "all", "recorded")] == [
        (1, 3),
        (5, None),
    ]


def test_a_long_scan_tells_how_far_it_is_and_can_be_ended() -> None:
    log, told = MemoryStore(), list[int]()
    log.append(STREAM, [NewEvent.of("Set", {"a": it}) for it in range(25_000)], expected=None)

    def tell(count: int) -> None:
        told.append(count)
        if count == 20_000:
            raise Cancelled

    with pytest.raises(Cancelled):
        StreamStates().moments(log, STREAM, "a < 0", told=tell)
    assert told == [10_000, 20_000]


def test_a_field_that_no_state_ever_had_is_named_with_those_that_are_like_it() -> None:
    log, states = log_of([('{"total": 1, "old": 2}', 0), ('{"old": null}', 1)]), StreamStates()

    def unknown(text: str) -> Any:
        return unknown_state_field(log, states, STREAM, parse_condition(text))

    assert unknown("total > 7 and old > 7") is None
    assert unknown("total > 7 and totl > 7").sentence == (
        "no state of thing-1 has a field `totl`; nearest: total"
    )
    assert unknown("total > 7 and totl > 7").at == 14


def test_a_wrong_condition_is_refused_before_anything_is_folded() -> None:
    with pytest.raises(WrongFilter):
        StreamStates().moments(MemoryStore(), STREAM, "total >")


@given(keys=st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3))
def test_keys_are_written_as_a_path_that_reads_as_them(keys: list[str]) -> None:
    assert keys_of(path_of(keys)) == tuple(keys)


def test_the_fields_of_a_state_are_named_as_a_condition_names_them() -> None:
    state = {"a": {"b.c": 1}, "lines": [{"sku": 1}, {"count": 2}], "e": []}

    assert list(state_paths(state)) == [
        "a",
        "lines",
        "e",
        'a."b.c"',
        "lines.sku",
        "lines.count",
    ]


SAID = st.sampled_from(
    [
        ("Imported", {"balance": 7}),
        ("Imported", {"owner": "eve", "balance": 1}),
        ("BankAccountCreated", {"id": "1", "owner": "ada"}),
        ("DepositPerformed", {"accountId": "1", "amount": 5}),
        ("Noted", {"balance": 3}),
    ]
)


@given(
    events=st.lists(SAID, max_size=6),
    text=st.sampled_from(["balance > 0", "balance changed", "owner is present", "balance = 5"]),
)
def test_a_stream_that_begins_with_events_its_model_does_not_know_has_the_states_that_are_shown(
    events: list[tuple[str, dict[str, Any]]], text: str
) -> None:
    """Until its first known event its payloads are merged; breakpoints stop at the same events."""
    log, stream, states = MemoryStore(), "account-1", StreamStates()
    for type_, data in events:
        log.append(stream, [NewEvent.of(type_, data)], expected=None)
    tree = parse_condition(text)
    holds, expected, was_held = condition(tree), list[int](), False
    for event in log.read_stream(stream):
        shown = states.at(log, stream, event.position)
        is_held = holds(shown.previous, shown.state)
        if is_held and (asks_for_changes(tree) or not was_held):
            expected.append(event.position)
        was_held = is_held

    told = [it.position for it in states.moments(log, stream, text).moments]

    assert told == expected
    assert told == stops(log, states, StreamBreakpoint(where=text, stream=stream))


def stops(log: MemoryStore, states: StreamStates, at: StreamBreakpoint) -> list[int]:
    """Where one breakpoint stops while one runs from the beginning to the end."""
    found, order, position = list[int](), Recorded(log.head()), 0
    while (hit := next_hit(log, states, [at], position=position, order=order)) is not None:
        found.append(hit.position)
        position = hit.position
    return found


def test_how_many_events_were_looked_at_is_told_where_the_fold_ends_at_the_first() -> None:
    log, tree = MemoryStore(), parse_condition("n > 2")
    log.append(STREAM, [NewEvent.of("Said", {"n": it}) for it in range(1, 6)], expected=0)

    assert scanned(log, GENERIC, STREAM, tree, which="first").looked_at == 3
    assert scanned(log, GENERIC, STREAM, tree, which="all").looked_at == 5
