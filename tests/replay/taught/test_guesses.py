"""What is guessed of event types: a beginning that can always be used."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.taught.guesses import guesses
from replay.taught.preview import preview
from replay.taught.shape import require_sound
from replay.taught.steps import (
    Add,
    AddToList,
    Count,
    Delete,
    Ignore,
    RemoveByKey,
    Set,
    Subtract,
    Types,
)
from replay.taught.type_samples import streams_of, type_samples
from replay.taught.words import is_own_id, plural, words_of
from store import json_text
from store.events import NewEvent
from store.memory import MemoryStore
from store.opening import reading
from store.transfer.ingest import ingest
from tests.replay.json_values import VALUES
from tests.replay.taught.taught_carts import by_hand

FIXTURES = Path(__file__).parents[2] / "fixtures"


def guessed(*said: tuple[str, Any], category: str = "order") -> Types:
    log = MemoryStore()
    for type_, data in said:
        log.append(f"{category}-1", [NewEvent.of(type_, data)], expected=None)
    return guesses(category, type_samples(log, category))


def test_the_items_and_totals_of_the_sample_of_carts_are_those_of_a_plain_loop(
    tmp_path: Path,
) -> None:
    path = tmp_path / "carts.foldline"
    ingest(FIXTURES / "emmett-carts.sqlite", into=path)
    with reading(path) as log:
        steps = guesses("shopping_cart", type_samples(log, "shopping_cart"))
        for stream in streams_of(log, "shopping_cart"):
            found = preview(log, "shopping_cart", steps, stream)
            expected = by_hand(log.read_stream(stream))

            assert found.problem == ""
            assert (found.state["items"], found.state["total"]) == (
                expected["items"],
                expected["total"],
            )


def test_what_is_added_goes_to_a_list_by_its_id_and_what_is_removed_leaves_it() -> None:
    line = {"sku": "A", "qty": 2}
    found = guessed(("LineAdded", {"orderId": "1", **line}), ("LineRemoved", {"sku": "A"}))

    assert found["LineAdded"] == (
        AddToList(to="lines", key="sku", sum=("qty",), entry={"sku": "sku", "qty": "qty"}),
    )
    assert found["LineRemoved"] == (
        RemoveByKey(to="lines", key="sku", value="sku", if_missing="skip rest"),
    )


def test_each_entry_of_a_list_in_the_data_is_added() -> None:
    found = guessed(("ItemsAdded", {"items": [{"id": 1, "quantity": 2, "price": 3}]}))

    assert [(type(it), it.each) for it in found["ItemsAdded"] if not isinstance(it, Ignore)] == [
        (AddToList, "items"),
        (Add, "items"),
    ]


@pytest.mark.parametrize(
    ("type_", "data", "steps"),
    [
        (
            "OrderOpened",
            {"orderId": "1", "by": "ada"},
            (
                Set(to="by", value="by", if_missing="skip"),
                Set(to="status", constant="opened"),
            ),
        ),
        ("OrderRenamed", {"name": "x"}, (Set(to="name", value="name", if_missing="skip"),)),
        ("OrderDeleted", {"id": "1"}, (Delete(to="$"),)),
        ("PageVisited", {}, (Count(to="visited"),)),
        ("MoneyDeposited", {"amount": 3}, (Add(to="balance", value="amount"),)),
        ("MoneyDebited", {"amount": 3}, (Subtract(to="balance", value="amount"),)),
        ("Noop", {}, (Ignore(),)),
    ],
)
def test_names_say_what_is_done(type_: str, data: Any, steps: Any) -> None:
    assert guessed((type_, data))[type_] == steps


@given(
    types=st.lists(
        st.tuples(
            st.sampled_from(["ItemAdded", "ItemRemoved", "OrderOpened", "Withdrawn", "x", "💥"]),
            VALUES | st.dictionaries(st.sampled_from(["id", "items", "total", "a.b", "$"]), VALUES),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_the_data_is_a_guess_can_be_used(types: list[tuple[str, Any]]) -> None:
    log = MemoryStore()
    for type_, data in types:
        event = NewEvent(type=type_, data_json=json_text.encode(data))
        log.append("order-1", [event], expected=None)

    require_sound(guesses("order", type_samples(log, "order")))


def test_names_are_taken_apart_into_words() -> None:
    assert words_of("ProductItemAddedToHTTPCart2") == (
        "product",
        "item",
        "added",
        "to",
        "http",
        "cart",
        "2",
    )
    assert is_own_id("shoppingCartId", "shopping_cart")
    assert not is_own_id("clientId", "shopping_cart")
    assert [plural(it) for it in ("item", "box", "entry", "day", "seats")] == [
        "items",
        "boxes",
        "entries",
        "days",
        "seats",
    ]
