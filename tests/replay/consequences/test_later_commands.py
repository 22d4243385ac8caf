"""Commands behind an edit that come out otherwise, and the messages that follow from them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replay.consequences.found import CommandDiffers, MessageDiffers, StreamDiffers
from replay.states.model_set import ModelSet
from replay.typed_model import Command, Refused
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from tests.replay.consequences.listed import listed
from tests.replay.consequences.shop import MODELS, SHELF, TILL, Sell, Shop, decide

PRICE, STOCK = 1, 2


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A price of 10 was a slip: it should have been 100. Then it was set right for new sales."""
    shop = Shop(tmp_path / "shop.foldline")
    shop.do("SetPrice", price=10)
    shop.do("Stock", pieces=50)
    for pieces in (1, 2, 3):
        shop.do("Sell", pieces=pieces)
    shop.do("SetPrice", price=100)
    for pieces in (4, 5):
        shop.do("Sell", pieces=pieces)
    shop.do("Count")
    shop.deliver()
    yield shop
    shop.store.close()


def edited(shop: Shop) -> tuple[Path, BranchEditor]:
    branch = create_branch(shop.store.place.path, "right", fork=0)
    return branch, BranchEditor(branch)


def commands(branch: Path, models: ModelSet = MODELS) -> list[tuple[str, int | None, str, str]]:
    found = [it for it in listed(branch, models) if isinstance(it, CommandDiffers)]
    return [(it.command, it.position, it.outcome, it.rule) for it in found]


def messages(branch: Path) -> list[tuple[str, Any, Any, str]]:
    found = [it for it in listed(branch, MODELS) if isinstance(it, MessageDiffers)]
    return [(it.action, it.sent, it.instead, it.status) for it in found]


def test_a_wrong_price_that_is_mended_lists_exactly_the_wrong_invoices(shop: Shop) -> None:
    branch, editor = edited(shop)
    editor.replace(PRICE, Content(data_json='{"price":100}'))

    assert messages(branch) == [
        ("adjust", {"pay": 10}, {"pay": 100}, "sent"),
        ("adjust", {"pay": 20}, {"pay": 200}, "sent"),
        ("adjust", {"pay": 30}, {"pay": 300}, "sent"),
    ]
    assert commands(branch) == [("Sell", at, "other", "") for at in (3, 4, 5)]
    states = [it for it in listed(branch, MODELS) if isinstance(it, StreamDiffers)]
    assert states == []  # the price is the same at the end, and the events were kept


def test_sales_of_what_was_not_there_are_refused_and_their_invoices_cancelled(shop: Shop) -> None:
    branch, editor = edited(shop)
    editor.replace(STOCK, Content(data_json='{"pieces":8}'))

    assert commands(branch) == [
        ("Sell", 7, "refused", "in stock"),
        ("Sell", 8, "refused", "in stock"),
        ("Count", 9, "other", ""),
    ]
    assert messages(branch) == [
        ("cancel", {"pay": 400}, None, "sent"),
        ("cancel", {"pay": 500}, None, "sent"),
    ]


def test_a_command_that_looked_at_another_stream_is_decided_again_too(shop: Shop) -> None:
    branch, editor = edited(shop)
    editor.insert(9, Content(stream="shelf-1", type="Stocked", data_json='{"pieces":10}'))

    (found,) = [it for it in listed(branch, MODELS) if isinstance(it, CommandDiffers)]

    assert (found.command, found.position, found.branch_position) == ("Count", 9, 10)
    assert found.text == "[0].data.amount: was 3500, now 4500"


def test_an_event_that_is_put_in_sends_what_it_would_have_sent(shop: Shop) -> None:
    branch, editor = edited(shop)
    content = Content(stream="shelf-1", type="Sold", data_json='{"pieces":1,"amount":7}')
    editor.insert(9, content)

    assert messages(branch) == [("add", None, {"pay": 7}, "")]


def test_an_event_that_is_moved_within_its_stream_sends_what_it_sent(shop: Shop) -> None:
    branch, editor = edited(shop)
    editor.move(5, 4)

    assert messages(branch) == []


def test_what_the_rules_of_today_refuse_anyway_does_not_follow_from_the_edit(shop: Shop) -> None:
    """They changed meanwhile: no sale of five pieces at once."""

    def strict(shelf: Any, command: Command, situation: Any) -> Any:
        if isinstance(command, Sell) and command.pieces > 4:
            raise Refused("few at a time", "Four pieces at most.")
        return decide(shelf, command, situation)

    branch, editor = edited(shop)
    editor.replace(PRICE, Content(data_json='{"price":99}'))
    editor.replace(6, Content(data_json='{"price":99}'))
    models = ModelSet([replace(SHELF, decide=strict), TILL])

    assert [it[1] for it in commands(branch, models)] == [3, 4, 5, 7, 9]


def test_a_model_that_fails_in_the_new_state_is_told_and_the_others_are_looked_at(
    shop: Shop,
) -> None:
    def broken(shelf: Any, command: Command, situation: Any) -> Any:
        if isinstance(command, Sell) and shelf.price == 11 and command.pieces == 2:
            raise ZeroDivisionError("no such price")
        return decide(shelf, command, situation)

    branch, editor = edited(shop)
    editor.replace(PRICE, Content(data_json='{"price":11}'))
    models = ModelSet([replace(SHELF, decide=broken), TILL])

    assert [it[2] for it in commands(branch, models)] == ["other", "failed", "other"]


def test_the_branch_s_own_events_are_part_of_it(shop: Shop) -> None:
    """What was sold in the branch alone is on no invoice yet."""
    branch, editor = edited(shop)
    editor.insert(9, Content(stream="shelf-1", type="Stocked", data_json='{"pieces":10}'))
    editor.insert(11, Content(stream="shelf-1", type="Stocked", data_json='{"pieces":1}'))

    (found,) = [it for it in listed(branch, MODELS) if isinstance(it, StreamDiffers)]

    assert (found.path, found.before, found.after) == ("pieces", "35", "46")
    assert (found.position, found.branch_position) == (None, 9)
