"""Names and values of states, offered while a condition is typed."""

from decimal import Decimal

from replay.history.sampled_states import names_of_states, sampled_states
from replay.states.stream_states import StreamStates
from store.events import NewEvent
from store.memory import MemoryStore


def test_fields_stand_once_with_the_values_met_most_often_first() -> None:
    states = [{"status": "open", "lines": [{"n": 1}]}, {"status": "open"}, {"status": "paid"}]

    names = names_of_states(states, head=3)

    assert names.fields == ("status", "lines", "lines.n")
    assert names.values["data", "status"] == ("open", "paid")
    assert names.values["data", "lines", "n"] == (1,)


def test_a_state_that_is_no_object_has_no_names() -> None:
    assert names_of_states([None, Decimal("1.5"), "x"], head=1).fields == ()


def test_without_views_nothing_is_sampled() -> None:
    log = MemoryStore()
    log.append("order-1", [NewEvent.of("Placed", {"n": 1})], expected=None)

    assert sampled_states(log, None, StreamStates(), "order").fields == ()
