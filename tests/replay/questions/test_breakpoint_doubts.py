"""What may be wrong with a breakpoint that never stops."""

import pytest

from replay.questions.breakpoint import (
    Breakpoint,
    CategoryBreakpoint,
    EventBreakpoint,
    StreamBreakpoint,
)
from replay.questions.breakpoint_doubts import doubt
from replay.states.stream_states import StreamStates
from store.events import NewEvent
from store.memory import MemoryStore


@pytest.fixture
def log() -> MemoryStore:
    log = MemoryStore()
    for number in range(3):
        data = {"balance": number, "owner": {"name": "ada"}, "items": [{"price": 1}]}
        log.append(f"account-{number}", [NewEvent.of("Posted", data)], expected=None)
    noted = NewEvent(type="Noted", data_json="null", links=("linked-1",))
    log.append("other", [noted], expected=None)
    return log


@pytest.mark.parametrize(
    ("it", "told"),
    [
        (
            CategoryBreakpoint(where="balance > 0 or blance < 0", category="account"),
            "no state of a stream account-… has a field `blance`; nearest: balance",
        ),
        (
            StreamBreakpoint(where="blance < 0", stream="account-1"),
            "no state of account-1 has a field `blance`; nearest: balance",
        ),
        (StreamBreakpoint(where="a = 1", stream="gone-1"), "there is no stream gone-1"),
        (
            CategoryBreakpoint(where="a = 1", category="gone"),
            "there is no stream in the category gone",
        ),
        (EventBreakpoint(where="data.blance < 0"), "no event has a field `blance`"),
        (EventBreakpoint(where="type = Postd"), "no event has a type `Postd`; nearest: Posted"),
        (
            CategoryBreakpoint(where="a = 1", category="linked"),
            "no state of a stream linked-… has a field `a`",
        ),
        (EventBreakpoint(where="balance > 99"), ""),
        (StreamBreakpoint(where="owner < 0", stream="account-1"), ""),
        (CategoryBreakpoint(where="owner.name > 3 and items.price = x", category="account"), ""),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_nearest_ones(
    log: MemoryStore, it: Breakpoint, told: str
) -> None:
    assert doubt(log, StreamStates(), it).startswith(told)
    assert bool(doubt(log, StreamStates(), it)) is bool(told)
