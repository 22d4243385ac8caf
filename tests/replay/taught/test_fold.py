"""What was taught, folded: held to the contract of all models, and to sums by hand."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replay.states.fold import fold
from replay.states.model import Model
from replay.taught.fold import TaughtFailed, taught_model
from replay.taught.kept_taught import types_in
from replay.taught.steps import Set, Taught
from store.events import NewEvent, RecordedEvent
from store.memory import MemoryStore
from store.opening import reading
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES
from tests.contracts.model import ModelContract
from tests.replay.taught.taught_carts import CARTS, by_hand


def carts(folder: Path) -> dict[str, list[RecordedEvent]]:
    """The events of every cart of the sample."""
    path = folder / "carts.foldline"
    ingest(FIXTURES / "emmett-carts.sqlite", into=path)
    with reading(path) as log:
        return {it: list(log.read_stream(it)) for it in log.stream_names()}


def model_of(types: Any) -> Model[Any]:
    return taught_model(Taught(category="cart", version=1, types=types_in(types, "here")))


def events_of(*said: tuple[str, Any]) -> list[RecordedEvent]:
    log = MemoryStore()
    log.append("cart-1", [NewEvent.of(type_, data) for type_, data in said], expected=None)
    return list(log.read_stream("cart-1"))


def state_of(types: Any, *said: tuple[str, Any]) -> Any:
    model, events = model_of(types), events_of(*said)
    state, owned = model.initial(), model.initial()
    for event in events:
        state, owned = model.evolve(state, event), model.evolve_owned(owned, event)
    assert owned == state
    return state


class TestTaughtModel(ModelContract):
    @pytest.fixture
    def model(self) -> Model[Any]:
        opened = (Set(to="client", value="clientId", if_missing="skip"),)
        return taught_model(
            Taught(category="c", version=1, types={**CARTS, "ShoppingCartOpened": opened})
        )

    @pytest.fixture
    def events(self, tmp_path: Path) -> Sequence[RecordedEvent]:
        found = carts(tmp_path)
        return max(found.values(), key=len)


def test_the_carts_have_their_items_quantities_and_totals(tmp_path: Path) -> None:
    found = carts(tmp_path)
    model = taught_model(Taught(category="shopping_cart", version=1, types=CARTS))

    assert len(found) == 50
    for events in found.values():
        assert fold(model, events).state == by_hand(events)


LINE = {"do": "add to list", "to": "lines", "key": "sku", "sum": ["n"]}


def test_what_is_added_twice_by_key_adds_its_quantity() -> None:
    types = {"Added": [{**LINE, "entry": {"sku": "sku", "n": "n", "price": "price"}}]}

    state = state_of(
        types,
        ("Added", {"sku": "pen", "n": 2, "price": Decimal("1.50")}),
        ("Added", {"sku": "cup", "n": 1, "price": 4}),
        ("Added", {"sku": "pen", "n": 3, "price": Decimal("1.40")}),
    )

    assert state == {
        "lines": [
            {"sku": "pen", "n": 5, "price": Decimal("1.40")},
            {"sku": "cup", "n": 1, "price": 4},
        ]
    }


def test_what_is_removed_by_key_is_subtracted_until_nothing_is_left() -> None:
    types = {
        "Added": [{**LINE, "entry": {"sku": "sku", "n": "n"}}],
        "Removed": [
            {
                "do": "remove by key",
                "to": "lines",
                "key": "sku",
                "value": "sku",
                "subtract": {"n": "n"},
            }
        ],
        "Dropped": [{"do": "remove by key", "to": "lines", "key": "sku", "value": "sku"}],
    }
    begun = ("Added", {"sku": "pen", "n": 3})

    assert state_of(types, begun, ("Removed", {"sku": "pen", "n": 2})) == {
        "lines": [{"sku": "pen", "n": 1}]
    }
    assert state_of(types, begun, ("Removed", {"sku": "pen", "n": 3})) == {"lines": []}
    assert state_of(types, begun, ("Dropped", {"sku": "pen"})) == {"lines": []}


def test_the_lines_within_one_event_are_gone_through_one_by_one() -> None:
    types = {
        "Placed": [
            {**LINE, "each": "order.lines", "entry": {"sku": "sku", "n": "count"}},
            {"do": "add", "each": "order.lines", "to": "total", "value": "count × price"},
        ]
    }
    lines = [
        {"sku": "pen", "count": 2, "price": Decimal("1.50")},
        {"sku": "cup", "count": 1, "price": 4},
        {"sku": "pen", "count": 1, "price": 2},
    ]

    assert state_of(types, ("Placed", {"order": {"lines": lines}})) == {
        "lines": [{"sku": "pen", "n": 3}, {"sku": "cup", "n": 1}],
        "total": Decimal("9.00"),
    }


def test_an_entry_within_an_entry_is_reached_by_their_keys() -> None:
    types = {
        "RoomBooked": [{"do": "add to list", "to": "rooms", "entry": {"id": "room"}}],
        "GuestAdded": [
            {"do": "add to list", "to": "rooms[id=room].guests", "entry": {"name": "name"}},
            {"do": "count", "to": "rooms[id=room].count"},
        ],
        "GuestMoved": [{"do": "set", "to": "rooms[id=room].guests[name=name].bed", "value": "bed"}],
    }

    state = state_of(
        types,
        ("RoomBooked", {"room": 7}),
        ("RoomBooked", {"room": 8}),
        ("GuestAdded", {"room": 8, "name": "Ada"}),
        ("GuestMoved", {"room": 8, "name": "Ada", "bed": "left"}),
    )

    assert state == {
        "rooms": [{"id": 7}, {"id": 8, "guests": [{"name": "Ada", "bed": "left"}], "count": 1}]
    }


def test_every_other_step_does_what_it_says() -> None:
    types = {
        "Opened": [
            {"do": "set", "to": "who.name", "value": "name"},
            {"do": "set", "to": "open", "constant": True},
        ],
        "Moved": [{"do": "merge", "to": "address", "value": "to"}],
        "Paid": [{"do": "add", "to": "balance", "value": "cents × 0.01"}],
        "Spent": [{"do": "subtract", "to": "balance", "value": "amount"}],
        "Seen": [{"do": "count", "to": "seen"}],
        "Reset": [{"do": "delete", "to": "balance"}, {"do": "delete", "to": "who"}],
        "Closed": [{"do": "delete", "to": "$"}],
        "Noted": [{"do": "ignore"}],
    }
    begun = {"who": {"name": None}, "open": None, "address": {}, "balance": 0, "seen": 0}
    said = [
        ("Opened", {"name": "Ada"}),
        ("Moved", {"to": {"city": "Oslo", "street": "Gata 1"}}),
        ("Moved", {"to": {"street": None, "zip": "0150"}}),
        ("Paid", {"cents": 1250}),
        ("Spent", {"amount": 2}),
        ("Seen", {}),
        ("Noted", {}),
        ("NeverTaught", {"balance": 7}),
    ]

    assert state_of(types) == begun
    assert state_of(types, *said) == {
        "who": {"name": "Ada"},
        "open": True,
        "address": {"city": "Oslo", "zip": "0150"},
        "balance": Decimal("10.50"),
        "seen": 1,
    }
    assert state_of(types, *said, ("Reset", {})) == {
        **state_of(types, *said),
        "balance": 0,
        "who": {"name": None},
    }
    assert state_of(types, *said, ("Closed", {})) == begun


def test_the_whole_data_merged_into_the_whole_state_is_what_merging_payloads_gives() -> None:
    types = {"Changed": [{"do": "merge"}], "Counted": [{"do": "count", "to": "n"}]}

    assert state_of(types) == {}
    assert state_of(
        types,
        ("Changed", {"a": {"b": 1, "c": 2}}),
        ("Counted", {}),
        ("Changed", {"a": {"b": None}}),
    ) == {"a": {"c": 2}, "n": 1}


@pytest.mark.parametrize("data", [[1], "text", None, 3])
def test_data_that_is_no_object_is_no_event_of_its_type(data: Any) -> None:
    types = {"Seen": [{"do": "set", "to": "a", "value": "a", "if_missing": "skip"}]}

    assert state_of(types, ("Seen", data)) == {"a": None}


REMOVE = {"do": "remove by key", "to": "lines", "key": "sku", "value": "sku"}
ADD = {"do": "add", "to": "total", "value": "line.price × n"}
FAILING: dict[str, tuple[Any, Any, str]] = {
    "a field that is missing": (ADD, {"n": 1}, "the data has no line"),
    "within an object": (ADD, {"n": 1, "line": {}}, "the data has no line.price"),
    "no number": (ADD, {"n": "two", "line": {"price": 1}}, 'n is not a number: "two"'),
    "true is not a number": (ADD, {"n": True, "line": {"price": 1}}, "n is not a number: true"),
    "null is not a number": (
        {"do": "add", "to": "total", "value": "n"},
        {"n": None},
        "n of the data is not a number: null",
    ),
    "a key that is not there": (
        REMOVE,
        {"sku": "pen"},
        'lines has no entry where sku is "pen"',
    ),
    "an entry that is not there": (
        {"do": "set", "to": "lines[sku=sku].n", "constant": 1},
        {"sku": "pen"},
        'lines has no entry where sku is "pen"',
    ),
    "an entry without its key": (
        {"do": "add to list", "to": "lines", "key": "sku", "entry": "line"},
        {"line": {"n": 1}},
        "the entry for lines has no sku",
    ),
    "each of what is no list": (
        {"do": "count", "each": "lines", "to": "n"},
        {"lines": 7},
        "lines of the data is not a list: 7",
    ),
    "a merge of what is no object": (
        {"do": "merge", "value": "a"},
        {"a": 7},
        "a of the data is not an object: 7",
    ),
    "a number that is too great": (
        {"do": "add", "to": "n", "value": "a × a"},
        {"a": Decimal("1e999999")},
        "this number cannot be used in arithmetic (Overflow)",
    ),
}


@pytest.mark.parametrize("name", FAILING)
def test_what_cannot_be_done_is_told_with_type_position_and_value(name: str) -> None:
    step, data, sentence = FAILING[name]

    with pytest.raises(TaughtFailed) as failed:
        state_of({"Happened": [step]}, ("Happened", data))

    assert str(failed.value) == f"Happened at position 1: {sentence}"


def test_what_is_missing_can_be_left_out_alone_or_with_the_rest_of_the_event() -> None:
    def seen(if_missing: str) -> Any:
        first = {**REMOVE, "if_missing": if_missing}
        types = {"Removed": [first, {"do": "count", "to": "n"}]}
        return state_of(types, ("Removed", {"sku": "pen"}))

    assert seen("skip") == {"lines": [], "n": 1}
    assert seen("skip rest") == {"lines": [], "n": 0}


def test_a_state_keeps_no_part_in_common_with_another_place_of_it() -> None:
    types = {
        "Set": [{"do": "set", "to": "a", "value": "x"}, {"do": "set", "to": "b", "value": "x"}],
        "Added": [{"do": "add to list", "to": "a", "entry": "y"}],
    }

    assert state_of(types, ("Set", {"x": [1]}), ("Added", {"y": 2})) == {"a": [1, 2], "b": [1]}
