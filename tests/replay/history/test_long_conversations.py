"""A conversation of any length is shown around the event that is asked for."""

from replay.history.conversation import conversation_of
from store.events import NewEvent
from store.memory import MemoryStore


def test_a_conversation_too_long_to_hold_is_that_around_the_event_and_the_rest_is_counted() -> None:
    store = MemoryStore()
    talk = [NewEvent.of("Said", {"n": n}, {"correlation_id": "talk"}) for n in range(40)]
    store.append("note-1", [*talk, NewEvent.of("Other", {})], expected=None)
    asked = next(store.read(after=24))

    found = conversation_of(store, asked, most=10)
    whole = conversation_of(store, asked)

    assert ([it.position for it in found.events], found.left_out) == (list(range(20, 30)), 30)
    assert (len(whole.events), whole.left_out) == (40, 0)


def test_an_event_far_into_a_long_conversation_belongs_to_it() -> None:
    store = MemoryStore()
    talk = [NewEvent.of("Said", {}, {"correlation_id": "talk"}) for _ in range(10_050)]
    store.append("note-1", talk, expected=None)
    last = next(store.read(after=10_049))

    assert conversation_of(store, last).events[-1] == last
