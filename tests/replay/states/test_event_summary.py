"""What is new in an event, on one line."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.states.event_summary import LONGEST, constants, leaves, short, summary

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=200),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=30,
)
OTHERS: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("xyz "),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz"), inner),
)
IDS = st.text(alphabet="abc0123456789-", min_size=4, max_size=12)


def told(value: Any, *, stream: str = "order-7", before: Any = None, usual: Any = None) -> str:
    return summary(value, stream=stream, before=leaves(before), usual=usual or {})


def test_nested_values_are_unfolded() -> None:
    value = {"name": "Eve", "address": {"city": "Lyon", "geo": {"at": {"lat": 45}}}, "tags": {}}

    assert told(value) == "name Eve · address.city Lyon · at.lat 45 · tags {}"


def test_the_streams_own_id_is_not_said_again() -> None:
    value = {"orderId": "7f31", "total": 3, "of": {"order": "ORDER-7F31"}, "all": ["7f31", "8"]}

    assert told(value, stream="order-7f31") == "total 3 · all 8"
    assert told({"id": 12, "count": 12}, stream="user-12") == "count 12"


def test_what_repeats_the_event_before_is_left_out_unless_it_is_all_there_is() -> None:
    before = {"product": "mouse", "quantity": 1, "note": {"by": "ada"}}

    assert told({**before, "quantity": 2}, before=before) == "quantity 2"
    assert told(before, before=before) == "product mouse · quantity 1 · note.by ada"
    assert told({"quantity": True}, before={"quantity": 1}) == "quantity true"


def test_what_all_events_of_the_type_say_is_left_out() -> None:
    samples = [leaves({"currency": "EUR", "total": at, "x": {"y": 1}}) for at in range(5)]
    usual = constants(samples)

    assert usual == {("currency",): "EUR", ("x", "y"): 1}
    assert told({"currency": "EUR", "total": 5, "x": {"y": 1}}, usual=usual) == "total 5"
    assert told({"currency": "USD", "total": 5}, usual=usual) == "currency USD · total 5"
    assert constants(samples[:4]) == {}


def test_the_events_own_times_have_columns() -> None:
    value = {"occurred": "2026-03-14T09:00:00+01:00", "due": "2026-03-15T09:00:00.5Z"}
    own = 1_773_475_200_000_000

    assert summary(value, stream="a-1", before={}, usual={}, times_us=[own]) == (
        "due 2026-03-15 09:00:00"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_214_530, "1,214,530"),
        (Decimal("1214.50"), "1,214.50"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("1E+30"), "1E+30"),
        (True, "true"),
        (None, "null"),
        ([], "0 items"),
        (["a", "b"], "a, b"),
        ([1, 2, 3, 4], "4 items"),
        ([{"sku": "x", "n": 2}], "x 2"),
        ([{"deep": {}}], "1 item"),
        ({"a": 1}, "1 field"),
        ("2026-03-14T09:41:07.118+00:00", "2026-03-14 09:41:07"),
        ("2026-99-14T09:41:07.118+00:00", "2026-99-14T09:41:07.118+00:00"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_a_value_in_a_few_words(value: Any, text: str) -> None:
    assert short(value) == text


@given(value=JSON, before=JSON, id_=IDS)
def test_any_payload_is_one_bounded_line_that_never_repeats_the_streams_id(
    value: Any, before: Any, id_: str
) -> None:
    text = told(value, stream=f"thing-{id_}", before=before)

    assert len(text) <= LONGEST
    assert len(text.splitlines()) <= 1


@given(
    fields=st.dictionaries(st.text("xyz.", max_size=4), OTHERS, max_size=4),
    id_=st.text("abc-", min_size=4, max_size=12),
    is_whole=st.booleans(),
)
def test_no_field_says_the_streams_id_however_deep_it_stands(
    fields: dict[str, Any], id_: str, is_whole: bool
) -> None:
    name = f"abba-{id_}" if is_whole else id_
    value = {"own": name, "in": {name: name, "of": {"x": name}}, "list": [name, {"x": name}]}

    text = told({**value, **fields}, stream=f"abba-{id_}")

    assert name not in text
