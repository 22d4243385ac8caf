"""A log in memory: how much it does for an append."""

import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

import pytest

from store.errors import LivesNowhere
from store.events import ANY_VERSION, NewEvent
from store.memory import Kept, MemoryStore
from store.memory_events import MemoryEvents


@pytest.mark.parametrize("streams", [1, 500])
def test_an_append_takes_as_many_steps_in_a_long_log_as_in_a_short_one(streams: int) -> None:
    short, long = _filled(50, streams), _filled(5_000, streams)

    assert _steps_of_an_append(long) == _steps_of_an_append(short)


def test_a_log_that_lives_nowhere_says_so() -> None:
    with pytest.raises(LivesNowhere, match="stores no views"):
        _ = MemoryStore().place


def test_what_is_recorded_is_kept_first_with_its_links() -> None:
    kept: list[Kept] = []
    store = MemoryStore(keep=kept.extend)

    store.append("s-1", [_event(1), _event(2)], expected=ANY_VERSION)

    assert [it.event for it in kept] == list(store.read())
    assert [it.links for it in kept] == [("l-1",), ("l-2",)]


def test_what_cannot_be_kept_is_not_recorded() -> None:
    def refuse(_kept: Sequence[Kept]) -> None:
        raise OSError("the disk is full")

    store = MemoryStore(keep=refuse)

    with pytest.raises(OSError, match="the disk is full"):
        store.append("s-1", [_event(1)], expected=ANY_VERSION)

    assert (store.head(), store.stream_names()) == (0, set())


def test_a_log_goes_on_behind_the_events_that_are_there_at_first() -> None:
    kept: list[Kept] = []
    before = MemoryStore(keep=kept.extend)
    before.append("s-1", [_event(1)], expected=ANY_VERSION)
    events = MemoryEvents()
    for it in kept:
        events.add(it.event, links=it.links, arrived_us=it.arrived_us)

    after = MemoryStore(store_id="that", events=events)

    assert after.append("s-1", [_event(2)], expected=1).position == 2
    assert (after.store_id(), after.links(1)) == ("that", ("l-1",))


def _filled(count: int, streams: int) -> MemoryStore:
    store = MemoryStore()
    for n in range(count):
        store.append(f"s-{n % streams}", [_event(n)], expected=ANY_VERSION)
    return store


def _event(n: int) -> NewEvent:
    return NewEvent.of("Noted", {"n": n}, links=(f"l-{n % 3}",))


def _steps_of_an_append(store: MemoryStore) -> int:
    """How many lines of Python one append runs through, that of a known stream."""
    event, lines, before = _event(1), 0, sys.gettrace()

    def count(_frame: FrameType, what: str, _argument: object) -> Any:
        nonlocal lines
        lines += what == "line"
        return count

    sys.settrace(count)
    try:
        store.append("s-0", [event], expected=ANY_VERSION)
    finally:
        sys.settrace(before)
    return lines
