"""Filters over events: what they mean, and where they are wrong."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import WrongFilter
from store.events import RecordedEvent
from store.filter.evaluate import matches, predicate
from store.filter.parse import parse
from store.filter.tree import Claim, Every, Not, Some, leaves

DATA = (
    '{"total":250.10,"n":7,"huge":1e400,"city":"Ulm","is_paid":true,"note":null,"type":"inner",'
    '"lines":[{"seat":"ga","quantity":2},{"seat":"vip","quantity":1}],"tags":[],"a":{"b":{"c":1}}}'
)
METADATA = '{"user":"ada","step":3,"command":"Place","correlation_id":"c-9"}'


def an_event(data: str = DATA, metadata: str = METADATA) -> RecordedEvent:
    return RecordedEvent(
        position=12,
        stream="order-7",
        version=3,
        type="Placed",
        id="e12",
        recorded_at_us=1_772_323_200_000_000,
        recorded_offset_min=0,  # 2026-03-01
        occurred_at_us=1_772_236_800_000_000,
        occurred_offset_min=0,
        data_json=data,
        metadata_json=metadata,
        source_json=None,
    )


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("", True),
        ("type = Placed", True),
        ("type == 'Placed'", True),
        ("type != Placed", False),
        ("stream = order-7 and version = 3 and position >= 12", True),
        ('stream ~ "order-*"', True),
        ("stream ~ order", False),
        ("stream ~ 'order-[7]'", False),
        ("stream !~ *7", False),
        ("category = order and id = e12 and actor = ada", True),
        ("total > 250", True),
        ("data.total > 250.1", False),
        ("total >= 250.1", True),
        ("total = 250.1", True),
        ("total = '250.1'", False),
        ("total > city", False),
        ("huge > 1e399 and huge < 1e401", True),
        ("total between 250 and 251 and n = 7", True),
        ("total not between 250 and 251", False),
        ("city in (Bonn, Ulm)", True),
        ("city not in (Bonn, Ulm)", False),
        ("n in (6, 7)", True),
        ("is_paid = true", True),
        ("is_paid = 1", False),
        ("n = true", False),
        ("note = null and missing = null", True),
        ("city != null", True),
        ("n > null", False),
        ("data.type = inner and type = Placed", True),
        ("metadata.step = 3", True),
        ("metadata.user = ada", True),
        ("lines.seat = vip", True),
        ("lines.quantity > 2", False),
        ("tags = null", True),
        ("lines = 2", False),
        ("a.b.c = 1 and a.b = null", False),
        ("a.b.c.d = null", True),
        ("city = Bonn or city = Ulm and n = 7", True),
        ("(city = Ulm or n = 7) and n = 8", False),
        ("city = Ulm or n = 7 and n = 8", True),
        ("not city = Bonn", True),
        ("! (n = 7) || n = 8", False),
        ("n = 7 && NOT n = 8", True),
        ("recorded = 2026-03-01 and occurred < recorded_x", False),
        ("recorded between 2026-03-01 and 2026-03-02", True),
        ("occurred < 2026-02-28T01:00:00+01:00", False),
        ('city = "U\\"lm"', False),
        ("note is missing and missing is null and city is present", True),
        ("city is missing or note is present or city is not present", False),
        ("city IS NOT Missing and type is present and recorded is present", True),
        ("type is missing or recorded is missing", False),
        ("tags is missing and lines.seat is present", True),
        ("correlation = c-9 and command = Place and actor = ada", True),
        ("correlation != c-9 or command ~ 'Pl?'", False),
        ("data.command is missing and metadata.command = Place", True),
        ("is = 7 or is is present", False),
        ("city contains LM and type contains 'lac' and not city contains x", True),
        ("city not contains u", False),
        ("n contains 7", False),
        ("anything contains 'ORDER-7' and anything contains lines and anything contains c-9", True),
        ("anything contains '%' or anything contains '_der'", False),
        ("anything = Placed and anything ~ 'order-*' and anything is present", True),
        ("actor contains D and note contains x", False),
        ("city > Abc", True),
        ("city < Abc", False),
    ],
)
def test_a_filter_means_what_it_says(text: str, is_met: bool) -> None:
    if "recorded_x" in text:
        with pytest.raises(WrongFilter, match="expected a time"):
            predicate(text)
        return
    assert predicate(text)(an_event()) is is_met


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("total >", "expected a value", 7),
        ("total", "expected a comparison", 5),
        ("total 250", "expected a comparison", 6),
        ("> 250", "expected a field", 0),
        ("total > 250 n = 7", "`and` or `or` is missing", 12),
        ("total > 250 and", "expected a field", 15),
        ("(total > 250", "this bracket is not closed", 0),
        ("total > 250)", "no open bracket to close", 11),
        ("city = 'Ulm", "no closing quote", 7),
        ("city in Ulm", "values in brackets", 8),
        ("city in (Ulm", "this bracket is not closed", 8),
        ("total between 1", "and` and the largest value", 15),
        ("a..b = 1", "expected a field", 0),
        ("a = 1 & b = 2", "unexpected character", 6),
        ("recorded > yesterday", "expected a time", 11),
        ("n not = 7", "expected a comparison", 6),
        ("n is 7", "expected `missing` or `present`", 5),
        ("n is", "expected `missing` or `present`", 4),
        ("n is 'missing'", "expected `missing` or `present`", 5),
        ("n changed", "expected a comparison", 2),
        ("(" * 200, "too many brackets", 100),
        ("n = " + "9" * 5_000, "this number is too long", 4),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, problem: str, at: int) -> None:
    with pytest.raises(WrongFilter, match=problem) as wrong:
        parse(text)

    assert wrong.value.at == at
    assert wrong.value.hint.splitlines() == [text, " " * at + "^"]


def test_the_tree_is_a_value() -> None:
    paid = Claim(field=("data", "is_paid"), comparison="=", value=True)
    over = Claim(field=("data", "total"), comparison=">", value=Decimal("2.50"))

    assert parse("is_paid = true and not (total > 2.50 or is_paid = true)") == Every(
        parts=(paid, Not(part=Some(parts=(over, paid))))
    )


def test_every_claim_knows_where_its_field_and_its_value_stand() -> None:
    text = "type in (A, 'B C') and (not x.y > 2 or note is missing)"

    found = [(text[it.at :], text[it.value_at :]) for it in claims_of(text)]

    assert found == [
        (text, "A, 'B C') and (not x.y > 2 or note is missing)"),
        (text, "'B C') and (not x.y > 2 or note is missing)"),
        ("x.y > 2 or note is missing)", "2 or note is missing)"),
        ("note is missing)", "missing)"),
    ]


def claims_of(text: str) -> list[Claim]:
    tree = parse(text)
    assert tree is not None
    return [it for it in leaves(tree) if isinstance(it, Claim)]


def test_a_payload_that_is_no_object_or_cannot_be_read_meets_nothing() -> None:
    for data in ("[1]", '"text"', "7", "[" * 100_000 + "]" * 100_000):
        assert not predicate("total > 1")(an_event(data))
        assert predicate("total = null")(an_event(data))


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ('data."order.id" = 7', True),
        ('"order.id" = 7', None),
        ('data."a \\"b\\"" = 1', True),
        ('data."" = 2', True),
        ('data."order.id".x = null', True),
        ('data."order.id"x = 7', None),
        ('note."x" = 1 and data."order.id" = 7', False),
    ],
)
def test_a_key_in_quotes_holds_what_a_word_cannot(text: str, is_met: bool | None) -> None:
    event = an_event('{"order.id":7,"a \\"b\\"":1,"":2}')
    if is_met is None:
        with pytest.raises(WrongFilter):
            parse(text)
        return
    assert predicate(text)(event) is is_met


@pytest.mark.parametrize("number", ["9" * 5_000, "1e99999999999999999999"])
def test_a_number_too_great_for_any_type_is_greater_and_hides_nothing_else(number: str) -> None:
    event = an_event(f'{{"x":{number},"low":-{number},"tiny":1e-99999999999999999999,"y":1}}')

    assert predicate("x > 1e400 and low < -1e400 and y = 1 and tiny < 0.1")(event)


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    assert predicate("x = 2 and x != 1")(an_event('{"x":1,"x":2}'))


def test_a_truth_makes_another_tree_than_a_number() -> None:
    assert parse("n = 1") != parse("n = true")
    assert parse("n = 1.0") == parse("n = 1")


@given(st.text())
def test_whatever_is_typed_is_a_filter_or_told_with_its_place(text: str) -> None:
    assert outcome(text) in {"met", "not met", "told"}


VALUES = st.one_of(
    st.integers(-9, 9),
    st.decimals(-9, 9, places=1),
    st.booleans(),
    st.sampled_from(["a", "b", "é"]),
    st.none(),
)


@given(VALUES, VALUES, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
def test_comparisons_are_those_of_python_between_values_of_one_kind(
    one: Any, other: Any, sign: str
) -> None:
    data = json.dumps({"x": None if one is None else "?"}).replace('"?"', literal(one))

    is_met = predicate(f"x {sign} {literal(other)}")(an_event(data))

    kinds = [type(it) if isinstance(it, bool | str | None) else int for it in (one, other)]
    is_alike = kinds[0] == kinds[1]
    is_ordered = is_alike and not isinstance(one, bool | None)
    expected = {
        "=": is_alike and one == other,
        "!=": not (is_alike and one == other),
        "<": is_ordered and one < other,
        "<=": is_ordered and one <= other,
        ">": is_ordered and one > other,
        ">=": is_ordered and one >= other,
    }[sign]
    assert is_met is expected


def outcome(text: str) -> str:
    try:
        is_met = predicate(text)
    except WrongFilter as wrong:
        return "told" if 0 <= wrong.at <= len(text) else f"told at {wrong.at}"
    return "met" if is_met(an_event()) else "not met"


def literal(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _met(pattern: str, text: str) -> bool:
    """By the letter: a star is any text, a question mark any character, all else itself."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_met(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _met(pattern[1:], text[1:])


@given(
    st.text(alphabet="a1-[]!*?\\n\\\\", max_size=7), st.text(alphabet="a1-[]!*?\\n\\\\", max_size=7)
)
def test_only_stars_and_question_marks_mean_something_in_a_pattern(pattern: str, text: str) -> None:
    claim = Claim(field=("data", "x"), comparison="~", value=pattern)

    assert matches(claim)(an_event(json.dumps({"x": text}))) == _met(pattern, text)
