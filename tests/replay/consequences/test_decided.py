"""What follows in a branch that has decided later commands again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.consequences.found import CommandDiffers, MessageDiffers, StreamDiffers
from replay.consequences.telling import line_of, told_of
from replay.deciding.decide_branch import decide_branch
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from tests.replay.consequences.listed import listed
from tests.replay.consequences.shop import MODELS, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Fifty pieces came at a price of ten; three times some were sold."""
    shop = Shop(tmp_path / "shop.foldline")
    shop.do("SetPrice", price=10)
    shop.do("Stock", pieces=50)
    for pieces in (10, 20, 15):
        shop.do("Sell", pieces=pieces)
    shop.deliver()
    yield shop
    shop.store.close()


def decided(shop: Shop, position: int, text: str) -> Path:
    """A branch in which an event says something else, and what follows is decided again."""
    path = create_branch(shop.store.place.path, "again", fork=0, later="decide")
    BranchEditor(path).replace(position, Content(data_json=text))
    decide_branch(path, MODELS)
    return path


def commands(path: Path) -> list[CommandDiffers]:
    return [it for it in listed(path, MODELS) if isinstance(it, CommandDiffers)]


def test_a_command_that_is_refused_now_is_listed_with_rule_and_reason(shop: Shop) -> None:
    (found,) = commands(decided(shop, 2, '{"pieces":28}'))

    assert (found.command, found.position, found.outcome) == ("Sell", 4, "refused")
    assert (found.rule, found.is_decided) == ("in stock", True)
    assert line_of(found) == (
        'command Sell at 4 in shelf-1: is refused: there are 18 pieces — rule "in stock"'
    )


def test_commands_that_record_other_events_are_listed_with_what_differs(shop: Shop) -> None:
    found = commands(decided(shop, 1, '{"price":12}'))

    assert [(it.position, it.branch_position, it.outcome) for it in found] == [
        (3, 3, "other"),
        (4, 4, "other"),
        (5, 5, "other"),
    ]
    assert told_of(found[0]) == (
        "Sell at 3 in shelf-1: records other events: [0].data.amount: was 100, now 120"
    )


def test_each_is_listed_once_and_its_message_and_state_too(shop: Shop) -> None:
    found = listed(decided(shop, 2, '{"pieces":28}'), MODELS)

    messages = [(it.action, it.sent) for it in found if isinstance(it, MessageDiffers)]
    assert messages == [("cancel", {"pay": 200})]
    states = [told_of(it) for it in found if isinstance(it, StreamDiffers)]
    assert states == ["shelf-1, from 2 on: pieces 5 → 3"]
    assert len([it for it in found if isinstance(it, CommandDiffers)]) == 1


def test_a_branch_that_keeps_events_only_says_what_would_be(shop: Shop) -> None:
    path = create_branch(shop.store.place.path, "kept", fork=0)
    BranchEditor(path).replace(2, Content(data_json='{"pieces":28}'))

    lines = [line_of(it) for it in commands(path)]
    assert lines[0] == (
        'command Sell at 4 in shelf-1: would be refused: there are 18 pieces — rule "in stock"'
    )
    assert not any(it.is_decided for it in commands(path))
