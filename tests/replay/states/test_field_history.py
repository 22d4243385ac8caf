"""The values a field had."""

from decimal import Decimal
from typing import Any

import pytest

from replay.states.field_history import field_history, value_at
from replay.states.generic_model import GENERIC
from store.events import NewEvent
from store.memory import MemoryStore


@pytest.mark.parametrize(
    ("state", "path", "number"),
    [
        ({"a": [{"b": Decimal("1.5")}]}, ("a", 0, "b"), 1.5),
        ({"a": 2}, ("a",), 2.0),
        ({"a": True}, ("a",), None),
        ({"a": "2"}, ("a",), None),
        ({"a": [1]}, ("a", 4), None),
        ({"a": 1}, ("a", "b"), None),
        ({}, ("a",), None),
    ],
)
def test_the_number_at_a_path_is_found_or_there_is_none(
    state: Any, path: tuple[str | int, ...], number: float | None
) -> None:
    assert value_at(state, path) == number


def test_every_event_that_leaves_a_number_is_told_up_to_the_moment() -> None:
    store = MemoryStore()
    payloads: list[dict[str, Any]] = [{"n": 1}, {"other": 0}, {"n": None}, {"n": 4}, {"n": 5}]
    for payload in payloads:
        store.append("s", [NewEvent.of("Set", payload)], expected=None)

    history = field_history(store, GENERIC, "s", ("n",), until=4)

    assert (history.positions, history.values) == ([1, 2, 4], [1.0, 1.0, 4.0])


def test_a_long_history_is_told_from_its_first_event_on() -> None:
    store = MemoryStore()
    store.append("s", [NewEvent.of("Set", {"n": n}) for n in range(5_000)], expected=None)

    history = field_history(store, GENERIC, "s", ("n",), until=5_000)

    assert (len(history.positions), len(history.values)) == (5_000, 5_000)
    assert (history.positions[0], history.values[0], history.values[-1]) == (1, 0.0, 4_999.0)
