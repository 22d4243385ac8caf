"""A part of a state is what its JSON form has at that path, whatever the state is made of."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import UNSET, Struct, UnsetType, field

from replay.states.diff import Path
from replay.states.json_form import json_form
from replay.states.state_part import ABSENT, is_same, json_part, part_of, part_reader

ID = UUID(int=7)


class Colour(Enum):
    RED = "red"


class Plain(Struct, frozen=True, rename="camel"):
    unit_price: Decimal = Decimal("1.50")
    tags: tuple[str, ...] = ("a", "b")
    none: None = None
    left_out: int | UnsetType = UNSET


class Tagged(Struct, frozen=True, tag="kind"):
    size: int = 1


class Lean(Struct, frozen=True, omit_defaults=True):
    size: int = 1
    other: int = 2


class Row(Struct, frozen=True, array_like=True):
    first: int = 1
    second: int = 2


class Whole(Struct, frozen=True):
    plain: Plain = Plain()
    tagged: Tagged = Tagged()
    lean: Lean = Lean(other=5)
    row: Row = Row()
    colour: Colour = Colour.RED
    day: date = date(2026, 3, 1)
    by_number: dict[int, str] = field(default_factory=lambda: {3: "three"})
    by_id: dict[UUID, int] = field(default_factory=lambda: {ID: 9})
    empty: dict[str, int] = field(default_factory=dict)
    some: frozenset[int] = frozenset({4})


PATHS: list[tuple[Path, Any]] = [
    ((), "whole"),
    (("plain", "unitPrice"), Decimal("1.50")),
    (("plain", "unit_price"), ABSENT),
    (("plain", "tags", 1), "b"),
    (("plain", "tags", 2), ABSENT),
    (("plain", "tags", "a"), ABSENT),
    (("plain", "none"), None),
    (("plain", "none", "deeper"), ABSENT),
    (("plain", "leftOut"), ABSENT),
    (("plain", "leftOut", "deeper"), ABSENT),
    (("tagged", "type"), "kind"),
    (("tagged", "size"), 1),
    (("lean", "size"), ABSENT),
    (("lean", "other"), 5),
    (("row", 1), 2),
    (("row", "first"), ABSENT),
    (("colour",), "red"),
    (("colour", "deeper"), ABSENT),
    (("day",), "2026-03-01"),
    (("by_number", 3), "three"),
    (("by_number", "3"), "three"),
    (("by_number", 4), ABSENT),
    (("by_number", "four"), ABSENT),
    (("by_id", str(ID)), 9),
    (("by_id", "nobody"), ABSENT),
    (("empty", "a"), ABSENT),
    (("some", 0), 4),
    (("some", "x"), ABSENT),
    (("nothing",), ABSENT),
]


@pytest.mark.parametrize(("path", "value"), PATHS)
def test_a_part_is_found_wherever_it_is(path: Path, value: Any) -> None:
    state = Whole()
    if path == ():
        value = json_form(state, "it")

    assert is_same(json_part(part_of(state, path)), value)
    assert is_same(json_part(part_reader(Whole, path)(state)), value)
    assert is_same(json_part(part_reader(dict, path)(state)), value)


def test_a_digit_may_be_the_name_of_a_field() -> None:
    assert part_of({"0": "zero", "a": [1]}, (0,)) == "zero"
    assert part_of({"a": [1]}, (0,)) is ABSENT


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (1, Decimal("1.0"), True),
        (True, 1, False),
        ("1", 1, False),
        ({"a": [1, 2]}, {"a": [1, Decimal(2)]}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, [1], False),
        ([1], {"a": 1}, False),
        ([1], [1, 2], False),
        (ABSENT, None, False),
        (ABSENT, msgspec.UNSET, True),
    ],
)
def test_values_are_compared_as_differences_are(one: Any, other: Any, are_same: bool) -> None:
    assert is_same(one, other) is are_same
