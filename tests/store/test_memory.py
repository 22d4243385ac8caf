"""A log in memory: how much it does for an append."""

import sys
from types import FrameType
from typing import Any

import pytest

from store.errors import LivesNowhere
from store.events import ANY_VERSION, NewEvent
from store.memory import MemoryStore


@pytest.mark.parametrize("streams", [1, 500])
def test_an_append_takes_as_many_steps_in_a_long_log_as_in_a_short_one(streams: int) -> None:
    short, long = _filled(50, streams), _filled(5_000, streams)

    assert _steps_of_an_append(long) == _steps_of_an_append(short)


def test_a_log_that_lives_nowhere_says_so() -> None:
    with pytest.raises(LivesNowhere, match="keeps no views"):
        _ = MemoryStore().place


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
