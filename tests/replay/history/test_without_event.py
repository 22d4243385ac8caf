"""Without one event: the states and rows that differ are those of a naive refold."""

import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.catalog.all_views import all_views, views_of
from replay.history.causation_index import CausationIndex
from replay.history.without_event import WithoutEvent, without_event
from replay.lab.memory_rows import MemoryRows
from replay.projection import Projection
from replay.states.fold import fold
from replay.states.stream_states import StreamStates
from replay.views.hearing import heard_by
from store.errors import Cancelled
from store.events import NewEvent
from store.interface import EventReader
from store.memory import MemoryStore
from store.opening import open_store, reading
from store.place import Place
from tests.replay.logs import heard_by as heard_by_views
from tests.replay.logs import make_log

EVENTS = 70
LONG = 3_000  # events of a stream


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventReader]:
    path = make_log(
        tmp_path_factory.mktemp("without") / "a.foldline",
        EVENTS,
        heard=heard_by_views(all_views()),
    )
    with reading(path) as log:
        yield log


def asked(log: EventReader, position: int) -> WithoutEvent:
    return without_event(log, StreamStates(), CausationIndex(None, log), position)


def states_of(log: EventReader, left_out: int) -> dict[str, Any]:
    """Every stream's state, folded from the beginning."""
    states = StreamStates()
    found: dict[str, Any] = {}
    for stream in sorted(log.stream_names()):
        model = states.fold_of(log, stream)
        events = [it for it in log.read_stream(stream) if it.position != left_out]
        found[stream] = model.to_json(fold(model, events).state)
    return found


def rows_of(log: EventReader, projection: Projection[Any], left_out: int) -> dict[Any, Any]:
    rows = MemoryRows(projection)
    for event in log.read():
        if event.position != left_out:
            for heard in heard_by(projection, [event]):
                projection.apply(rows, heard, log.links(event.position))
    return rows.rows


def differing(one: dict[Any, Any], other: dict[Any, Any]) -> set[Any]:
    return {it for it in {*one, *other} if one.get(it) != other.get(it)}


@given(position=st.integers(1, EVENTS))
def test_what_differs_is_what_a_naive_refold_says(log: EventReader, position: int) -> None:
    found = asked(log, position)

    states = differing(states_of(log, 0), states_of(log, position))
    assert {it.stream for it in found.streams} == states
    for view in views_of(log):
        if view.projection is None:
            continue
        rows = differing(rows_of(log, view.projection, 0), rows_of(log, view.projection, position))
        listed = [it for it in found.views if it.view == view.name]
        assert sum(it.count for it in listed) == len(rows), view.name
        keys = {it if isinstance(it, tuple) else (it,) for it in rows}
        assert {row.key for it in listed for row in it.rows} == keys


def test_the_first_field_that_differs_is_named_with_both_values() -> None:
    store = MemoryStore(place=Place(Path("nowhere")))
    events = [NewEvent.of("Counted", {"count": it, "note": "same"}) for it in (1, 2)]
    store.append("order-1", events, expected=None)

    (only,) = asked(store, 2).streams

    assert (only.stream, only.path, only.before, only.after) == ("order-1", "count", "2", "1")


def test_a_linked_stream_and_the_streams_of_effects_are_asked_too() -> None:
    store = MemoryStore(place=Place(Path("nowhere")))
    cause = NewEvent.of("Asked", {"asked": 1}, id="cause", links=("cart-1",))
    store.append("order-1", [cause], expected=None)
    effect = NewEvent.of("Answered", {"answered": 1}, {"causation_id": "cause"})
    store.append("reply-1", [effect], expected=None)

    found = asked(store, 1)

    assert [it.stream for it in found.streams] == ["order-1", "cart-1"]
    assert found.same_streams == ("reply-1",)
    assert found.caused == 1


def test_a_long_stream_is_not_held_in_memory(tmp_path: Path) -> None:
    path, note = tmp_path / "long.foldline", "long " * 800
    with closing(open_store(path, create=True)) as store:
        for at in range(0, LONG, 500):
            events = [NewEvent.of("Noted", {"n": it, "note": note}) for it in range(at, at + 500)]
            store.append("thing-1", events, expected=None)

    with reading(path) as log:
        tracemalloc.start()
        found = asked(log, 1)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert found.same_streams == ("thing-1",)
    assert peak < 0.8 * LONG * len(note)  # a list of them takes more than all of it


def test_it_can_be_stopped_between_pages(log: EventReader) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        without_event(log, StreamStates(), CausationIndex(None, log), 5, told=stop)
