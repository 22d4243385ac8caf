"""Filters that are written read as what they were made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.filter.parse import parse
from store.filter.tree import DATA, FACTS, METADATA, TIMES, Claim, Every, Field, Not, Value
from store.filter.write import claim_text, every_text, field_text, none_text
from tests.store.filter.generated import LITERALS

WORDS = (
    "total",
    "type",
    "data",
    "metadata",
    "and",
    "IN",
    "is",
    "",
    "a.b",
    'q"q',
    "é",
    "back\\",
    " ",
)
KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=4))
PATHS = st.tuples(st.sampled_from([DATA, METADATA]), st.lists(KEYS, min_size=1, max_size=3)).map(
    lambda it: (it[0], *it[1])
)
FIELDS = st.one_of(PATHS, st.sampled_from(sorted(FACTS - TIMES)).map(lambda it: (it,)))
VALUES = st.one_of(LITERALS, st.text())


@given(FIELDS, VALUES)
def test_a_claim_reads_as_it_was_written(field: Field, value: Value) -> None:
    text = claim_text(field, "=", value)

    assert parse(text) == Claim(field=field, comparison="=", value=value)


@given(FIELDS, VALUES, VALUES)
def test_claims_are_joined_and_left_out(field: Field, one: Value, other: Value) -> None:
    first, second = claim_text(field, "=", one), claim_text(field, "=", other)

    assert parse(every_text(first, "", none_text(second))) == Every(
        parts=(_claim(field, one), Not(part=_claim(field, other)))
    )


def _claim(field: Field, value: Value) -> Claim:
    return Claim(field=field, comparison="=", value=value)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (("data", "total"), "total"),
        (("data", "seats", "quantity"), "seats.quantity"),
        (("data", "type"), "data.type"),
        (("data", "type", "name"), "type.name"),
        (("data", "order.id"), 'data."order.id"'),
        (("metadata", "step"), "metadata.step"),
        (("actor",), "actor"),
    ],
)
def test_a_field_is_written_as_short_as_it_can_be(field: Field, text: str) -> None:
    assert field_text(field) == text


def test_alternatives_stay_together() -> None:
    assert every_text("a = 1 or b = 2", "c = 3") == "(a = 1 or b = 2) and c = 3"
    assert every_text("", " a = 1 ") == "a = 1"
    assert every_text() == ""
