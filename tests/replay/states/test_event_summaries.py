"""Summaries of the events of one log."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Raw

from replay.states.event_summaries import EventSummaries
from replay.states.stream_states import StreamStates
from store.events import NewEvent, RecordedEvent
from store.inferred.mark import Mark, marked
from store.memory import MemoryStore


class Counting(MemoryStore):
    """Counts how often it is read through."""

    reads = 0

    def read(self, *arguments: Any, **named: Any) -> Iterator[RecordedEvent]:
        self.reads += 1
        return super().read(*arguments, **named)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def append(store: MemoryStore, stream: str, type_: str, *payloads: object) -> None:
    events = [NewEvent.of(type_, it, {}) for it in payloads]
    store.append(stream, events, expected=None)


def lines(store: MemoryStore, *positions: int) -> list[str]:
    events = store.at_positions(positions or range(1, store.head() + 1))
    return EventSummaries(store, StreamStates()).of(events)


def test_an_event_is_told_against_the_one_before_it_in_its_stream(store: MemoryStore) -> None:
    append(store, "box-1", "Set", {"a": 1, "b": 1}, {"a": 1, "b": 2})
    append(store, "box-2", "Set", {"a": 1, "b": 2})
    append(store, "box-1", "Moved", {"b": 2, "to": "attic"})

    assert lines(store) == ["a 1 · b 1", "b 2", "a 1 · b 2", "to attic"]
    assert lines(store, 4) == ["to attic"]  # also when the page does not hold the one before


def test_what_a_type_always_says_is_left_out_until_an_event_says_otherwise(
    store: MemoryStore,
) -> None:
    for at in range(20):
        append(store, f"box-{at}", "Sold", {"currency": "EUR", "total": at})
    append(store, "box-x", "Sold", {"currency": "USD", "total": 1})

    assert lines(store, 10, 21) == ["currency EUR · total 9", "currency USD · total 1"]
    append(store, "box-y", "Sold", *[{"currency": "EUR", "total": 1}])
    assert lines(store, 10) == ["currency EUR · total 9"]  # a newest one says otherwise


def test_a_field_that_is_constant_is_left_out(store: MemoryStore) -> None:
    for at in range(30):
        append(store, f"box-{at}", "Sold", {"currency": "EUR", "total": at})

    assert lines(store, 15) == ["total 14"]


def test_a_model_says_its_sentence(store: MemoryStore) -> None:
    taken = {"attendee": {"first": "Tiago", "last": "Gonçalves", "email": "t@example.org"}}
    append(store, "assign-7", "SeatAssigned", {"seats": {"0": taken}})
    append(store, "assign-7", "SeatUnassigned", {"seats": {"0": {"attendee": None}}})
    append(store, "assign-7", "SeatAssigned", {"seats": "what the model cannot read"})

    assert lines(store) == [
        "Tiago Gonçalves → seat 0",
        "seat 0 free",
        "seats what the model cannot read",
    ]


def test_of_many_types_only_those_in_sight_are_looked_at() -> None:
    """A million types cost what the rows of a page cost."""
    store = Counting()
    for at in range(300):
        append(store, "box-1", f"Type{at}", {"n": at})

    told = EventSummaries(store, StreamStates()).of(store.page(101, 132))

    assert (told[0], told[-1]) == ("n 100", "n 131")
    assert store.reads == 2 * 32


def test_an_inferred_event_says_so_and_what_changed(store: MemoryStore) -> None:
    was = {"price": Raw(b'"4.00"')}
    changed = Mark(table="t", before="a", after="b", was=was, changed=("price", "new"))
    events = [
        NewEvent(
            type="RowAdded",
            data_json='{"price":"4.00"}',
            metadata_json=marked(Mark(table="t", before="a", after="b")),
        ),
        NewEvent(
            type="RowChanged", data_json='{"price":"4.50","new":1}', metadata_json=marked(changed)
        ),
    ]
    store.append("t-1", events, expected=None)

    assert lines(store) == [
        "inferred: price 4.00",
        "inferred: price 4.00 → 4.50 · new nothing → 1",
    ]
