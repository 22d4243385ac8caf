"""Without one event: the states and rows that differ are those of a naive refold, and little is
read to tell."""

import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from replay.catalog.all_views import all_views, views_of
from replay.history.causality import event_at
from replay.history.causation_index import CausationIndex
from replay.history.without_answer import WithoutEvent
from replay.history.without_event import without_event
from replay.history.without_progress import Progress
from replay.history.without_rows import Pair, Sides
from replay.history.without_sides import Parting, parts_of
from replay.history.without_views import Links, fold_parts
from replay.lab.memory_rows import MemoryRows
from replay.projection import Projection, Rows
from replay.states.fold import fold
from replay.states.stream_states import StreamStates
from replay.views.hearing import heard_by
from replay.views.read_store import reading_views
from store.errors import Cancelled
from store.events import NewEvent, RecordedEvent
from store.interface import EventReader
from store.memory import MemoryStore
from store.opening import open_store, reading
from store.place import Place
from store.query import EventQuery
from tests.replay.logs import catch_up, make_log, open_runner
from tests.replay.logs import heard_by as heard_by_views

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


@pytest.fixture(scope="module")
def folded(log: EventReader) -> Iterator[sqlite3.Connection]:
    """The views of the log, up to its head."""
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    store.close()
    with reading_views(log) as views:
        assert views is not None
        yield views


def asked(
    log: EventReader,
    position: int,
    *,
    views: sqlite3.Connection | None = None,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> WithoutEvent:
    index = CausationIndex(None, log)
    return without_event(log, StreamStates(), index, position, views=views, told=told)


class Latest(Struct, frozen=True):
    stream: str
    n: int


def keep_latest(rows: Rows[Latest], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    rows.put(Latest(event.stream, event.data["n"]))


LATEST: Projection[Latest] = Projection(
    name="latest", version=1, title="", row=Latest, key=("stream",), apply=keep_latest
)


def recorded(n: int) -> RecordedEvent:
    store = MemoryStore(place=Place(Path("nowhere")))
    store.append(
        "thing-1", [NewEvent.of("Set", {"n": it}) for it in range(1, n + 1)], expected=None
    )
    found = store.event(n)
    assert found is not None
    return found


class SeenReads:
    """A log that notes where reading of many events begins."""

    def __init__(self, log: EventReader) -> None:
        self.firsts: list[int] = []
        self._log = log

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        self.firsts.append(first)
        return self._log.page(first, last)

    def read(self, query: EventQuery, *, after: int, until: int) -> Iterator[RecordedEvent]:
        self.firsts.append(after + 1)
        return self._log.read(query, after=after, until=until)

    def read_stream(
        self, stream: str, *, after: int, until: int, limit: int
    ) -> Iterator[RecordedEvent]:
        self.firsts.append(after + 1)
        return self._log.read_stream(stream, after=after, until=until, limit=limit)

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        return self._log.links_between(first, last)


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


@given(position=st.integers(1, EVENTS))
def test_it_goes_on_from_the_rows_that_are_stored_and_comes_to_the_same(
    log: EventReader, folded: sqlite3.Connection, position: int
) -> None:
    assert asked(log, position, views=folded) == asked(log, position)


def parting(log: EventReader, position: int) -> Parting:
    return Parting(event=event_at(log, position), links=(), at=position)


def both_alike(
    _stream: str | None, events: Sequence[RecordedEvent], _links: Links, _after: int, _until: int
) -> list[Pair]:
    return [(it, it, ()) for it in events]


@given(position=st.integers(1, EVENTS))
def test_nothing_before_the_event_is_read_where_rows_are_stored(
    log: EventReader, folded: sqlite3.Connection, position: int
) -> None:
    read = SeenReads(log)

    parts = [
        part
        for view in views_of(log)
        for part in parts_of(log, folded, view, [parting(log, position)])
    ]
    fold_parts(read, parts, Progress(lambda _done, _total: None, log.head()), both_alike)

    assert all(first >= position for first in read.firsts)


def test_rows_are_folded_no_further_than_until_they_are_equal_again() -> None:
    events = [recorded(it) for it in range(1, 5)]
    sides = Sides(LATEST, None)

    settled = []
    for it in events:
        sides.take([(it, None if it is events[1] else it, ())])
        settled.append(sides.is_settled)

    assert settled == [False, False, True, True]
    assert sides.differing() == ({}, {})


def test_of_a_view_by_type_only_events_of_that_type_are_wanted(log: EventReader) -> None:
    left_out = parting(log, 5)
    (view,) = [it for it in views_of(log) if it.name == "event_types"]

    (part,) = parts_of(log, None, view, [left_out])

    assert part.types is not None
    assert set(part.types) == {left_out.event.type}


def test_positions_gone_through_only_grow_and_end_at_the_total(log: EventReader) -> None:
    told: list[tuple[int, int]] = []

    asked(log, 5, told=lambda done, total: told.append((done, total)))

    done = [it for it, _ in told]
    assert done == sorted(done)
    assert told[-1][0] == told[-1][1]


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
        asked(log, 5, told=stop)
