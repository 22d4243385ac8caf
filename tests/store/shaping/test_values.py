"""Conversions and masks of single values."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import json_text
from store.reading.fields import Unusable
from store.shaping.convert import converted
from store.shaping.mask import masked, masked_stream, masked_value
from store.times import parse_moment

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ('"12.50"', "number", "12.50"),
        ('" 7 "', "number", "7"),
        ("1e400", "number", "1e400"),
        ("null", "number", "null"),
        ("12.50", "text", '"12.50"'),
        ("true", "text", '"true"'),
        ('"x"', "text", '"x"'),
        ('"True"', "boolean", "true"),
        ("false", "boolean", "false"),
        ("1700000000", "epoch-s", '"2023-11-14T22:13:20.000000+00:00"'),
        ('"1700000000.5"', "epoch-s", '"2023-11-14T22:13:20.500000+00:00"'),
        ("1700000000123", "epoch-ms", '"2023-11-14T22:13:20.123000+00:00"'),
        ("1700000000123456", "epoch-us", '"2023-11-14T22:13:20.123456+00:00"'),
        ("1700000000123456789", "epoch-ns", '"2023-11-14T22:13:20.123456789+00:00"'),
        ("-1", "epoch-us", '"1969-12-31T23:59:59.999999+00:00"'),
    ],
)
def test_a_value_is_converted_exactly(text: str, kind: str, wanted: str) -> None:
    assert converted(text, kind) == wanted


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"007"', "number"),
        ('"1,5"', "number"),
        ("[1]", "number"),
        ("{}", "text"),
        ('"yes"', "boolean"),
        ("1", "boolean"),
        ('"soon"', "epoch-s"),
        ("1e40", "epoch-s"),
        ("99999999999999", "epoch-s"),
        ("0.0000000001", "epoch-s"),
    ],
)
def test_what_would_lose_something_is_refused(text: str, kind: str) -> None:
    with pytest.raises(Unusable):
        converted(text, kind)


@given(st.integers(min_value=-(10**16), max_value=2 * 10**17))
def test_microseconds_come_back_from_the_time_that_they_became(at_us: int) -> None:
    assert parse_moment(json.loads(converted(str(at_us), "epoch-us"))).at_us == at_us


@given(JSON, JSON)
def test_masks_are_equal_exactly_when_the_values_are(one: object, other: object) -> None:
    is_same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)

    assert (masked_value(one) == masked_value(other)) == is_same
    assert masked_value(masked_value(one)) == masked_value(one)


@given(JSON)
def test_a_mask_depends_on_the_value_and_not_on_how_it_is_written(value: object) -> None:
    plain, spaced = json_text.encode(value), json.dumps(value, indent=1, ensure_ascii=True)

    assert masked(plain, "hash") == masked(spaced, "hash")


def test_numbers_are_masked_by_their_value_and_null_is_nothing_to_hide() -> None:
    assert masked("10", "hash") == masked("10.0", "hash") == masked("1e1", "hash")
    assert masked("10", "hash") != masked('"10"', "hash")
    assert masked("null", "hash") == "null"
    assert (masked('"x"', "blank"), masked("7", "blank")) == ('""', "null")


def test_a_masked_stream_keeps_its_category() -> None:
    assert masked_stream("customer-jane", "hash").startswith("customer-masked-")
    assert "jane" not in masked_stream("jane", "hash")
    assert masked_stream("customer-jane", "blank") == "customer-blank"
