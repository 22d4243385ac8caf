"""A taught state with very many entries in one list: an event costs what it costs in a short one,
and every question is answered as by folding each prefix."""

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from replay.projector.catch_up import catch_up
from replay.states.condition_fold import ConditionFold
from replay.states.field_histories import FieldHistories
from replay.states.field_history import brief
from replay.states.model import Model
from replay.states.state_part import ABSENT
from replay.states.stream_states import StreamStates
from replay.taught import kept_taught
from replay.taught.fold import taught_model
from replay.taught.steps import Add, AddToList, Count, RemoveByKey, Set, Taught, Types
from replay.views.read_store import reading_views
from store import json_text
from store.events import NewEvent, Payload
from store.filter.condition import condition
from store.filter.parse import parse_condition
from store.interface import EventReader
from tests.replay.written_logs import event as written
from tests.replay.written_logs import log_of

STREAM = "cart-1"
MANY = 20_000
LINES = 300  # of the stream whose prefixes are folded
TYPES: Types = {
    "Added": (
        AddToList(to="items", key="id", sum=("count",), entry={"id": "id", "count": "count"}),
        Add(to="total", value="count"),
    ),
    "Removed": (RemoveByKey(to="items", key="id", value="id"), Count(to="removed")),
    "Marked": (Set(to="items[id=id].mark", value="mark"),),
}
TAUGHT = Taught(category="cart", version=1, types=TYPES)


def event(position: int, type_: str, **data: Any) -> Payload:
    return Payload(position, STREAM, type_, json_text.encode(data), "{}")


def filled(model: Model[Any], count: int) -> Any:
    """A state with so many entries."""
    state = model.initial()
    for it in range(count):
        state = model.evolve_owned(state, event(it + 1, "Added", id=f"p{it}", count=1))
    return state


def bytes_for(go_on: Callable[[Any, Any], Any], state: Any) -> int:
    """The most that any of some events takes at once."""
    said = (
        event(1, "Added", id="p7", count=1),
        event(2, "Added", id="new", count=1),
        event(3, "Marked", id="p50", mark="x"),
        event(4, "Removed", id="p20"),
    )
    found = []
    tracemalloc.start()
    try:
        for it in said:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            state = go_on(state, it)
            found.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    return max(found)


@pytest.mark.parametrize("way", ["evolve", "evolve_owned"])
def test_an_event_copies_no_more_of_a_long_list_than_a_part_of_it(way: str) -> None:
    model = taught_model(TAUGHT)
    state = filled(model, MANY)
    state = model.evolve(state, event(1, "Removed", id="p0"))  # the index by this field is there

    taken = bytes_for(getattr(model, way), state)

    assert taken < 8 * MANY // 2  # a plain list of them is 8 bytes an entry, and twice that to grow
    assert len(model.to_json(state)["items"]) == MANY - 1


def said(count: int) -> Iterator[tuple[str, NewEvent]]:
    """A list that grows, changes within and loses entries."""
    for it in range(count):
        yield STREAM, written({"id": f"p{it}", "count": it % 3}, "Added")
        if it % 5 == 4:
            yield STREAM, written({"id": f"p{it - 3}"}, "Removed")
        if it % 7 == 6:
            yield STREAM, written({"id": f"p{it - 1}", "mark": it % 2}, "Marked")
            yield STREAM, written({"id": f"p{it - 1}", "mark": it % 2}, "Marked")  # again
        if it % 11 == 10:
            yield STREAM, written({}, "Other")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventReader]:
    with log_of(tmp_path_factory.mktemp("long"), *said(LINES)) as found:
        kept_taught.save(found.place, "cart", TYPES, by="ada")
        yield found


def prefixes(log: EventReader) -> list[Any]:
    """The state before the first event and after each, as plain JSON."""
    model = taught_model(TAUGHT)
    state = model.initial()
    states = [model.to_json(state)]
    for it in log.stream_payloads(STREAM):
        state = model.evolve(state, it)
        states.append(json_text.decode(json_text.encode(model.to_json(state))))
    return states


@pytest.mark.parametrize("path", [("items",), ("total",), ("items", 7), ("items", 99, "count")])
def test_blame_tells_the_events_at_which_folding_each_prefix_gives_another_value(
    log: EventReader, path: tuple[str | int, ...]
) -> None:
    values = [_at(it, path) for it in prefixes(log)]
    expected = [
        (position, brief(now))
        for position, (before, now) in enumerate(pairwise(values), 1)
        if before != now
    ]

    found = FieldHistories().at(log, taught_model(TAUGHT), STREAM, path, position=log.head())

    assert list(zip(found.history.positions, found.history.values, strict=True)) == expected


@pytest.mark.parametrize(
    "text", ["items changed", "items.mark = 1", "total > 100", "removed changed"]
)
def test_a_condition_holds_where_it_does_of_plain_states(log: EventReader, text: str) -> None:
    tree, states = parse_condition(text), prefixes(log)
    events = [(it.position, it) for it in log.stream_payloads(STREAM)]

    found = [it[2] for it in ConditionFold(taught_model(TAUGHT), tree).steps(events)]

    assert found == [condition(tree)(*it) for it in pairwise(states)]


def test_what_is_shown_and_what_a_view_keeps_has_plain_lists(log: EventReader) -> None:
    expected = prefixes(log)[-1]

    assert StreamStates().at(log, STREAM, log.head()).state == expected
    catch_up(log, only=["latest_states"])
    with reading_views(log) as db:
        assert db is not None
        (text,) = db.execute("SELECT state FROM latest_states").fetchone()
    assert json_text.decode(text) == expected


def _at(state: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        is_there = key in state if isinstance(state, dict) else int(key) < len(state)
        if not is_there:
            return ABSENT
        state = state[key]
    return state
