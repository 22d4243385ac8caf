"""Conditions on the states of a stream: what they mean, and where they are wrong."""

from collections.abc import Callable
from decimal import Decimal
from operator import eq, ge, lt
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from store.errors import WrongFilter
from store.filter.condition import condition, condition_of, is_same
from store.filter.parse import parse_condition
from store.filter.tree import STATE, Changed, Claim, Comparison, Every, Not, Tree

BEFORE = {
    "status": "Open",
    "total": Decimal("10.00"),
    "type": "order",
    "lines": [],
    "seats": {"a": 1},
}
AFTER = {
    "status": "Paid",
    "total": Decimal("10.0"),
    "type": "order",
    "lines": [{"sku": "x", "quantity": 2}, {"sku": "y", "quantity": 1}],
    "seats": {"a": 1, "b": None},
    "price": 0.1,
    "is_paid": True,
    "recorded": "2026-03-01",
}


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("status = Paid", True),
        ("status changed", True),
        ("status became Paid and not status became Open", True),
        ("total changed", False),
        ("total became 10", False),
        ("total not changed and total = 10", True),
        ("total >= 10 and total < 10.01", True),
        ("type = order", True),
        ("recorded = 2026-03-01 and recorded > 2026-02", True),
        ("lines changed and lines.sku changed", True),
        ("lines.sku = y and lines.quantity > 1", True),
        ("seats changed or seats.a changed or seats.b changed", False),
        ("price = 0.1 and price changed", True),
        ("is_paid became true and is_paid != 1", True),
        ("note is missing and status is present", True),
        ("data is missing and state is missing", True),
        ("changed is missing and became is missing", True),
    ],
)
def test_a_condition_means_what_it_says(text: str, is_met: bool) -> None:
    assert condition_of(text)(BEFORE, AFTER) is is_met


def test_before_the_first_event_there_is_nothing() -> None:
    assert condition_of("status changed and status became Paid")(None, AFTER)
    assert condition_of("note is missing and not note changed")(None, AFTER)
    assert condition_of("status is missing and status changed")(AFTER, None)


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("", "expected a field here, such as total", 0),
        ("total became", "expected a value", 12),
        ("total grew", "expected a comparison here: .* changed became", 6),
        ("total changed 7", "`and` or `or` is missing", 14),
        ("total became > 7", "expected a value", 13),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, problem: str, at: int) -> None:
    with pytest.raises(WrongFilter, match=problem) as wrong:
        parse_condition(text)

    assert wrong.value.at == at


def test_the_tree_of_a_condition_is_a_value() -> None:
    status = (STATE, "status")
    paid = Claim(field=status, comparison="=", value="Paid")

    assert parse_condition("status became Paid and not status changed") == Every(
        parts=(Every(parts=(paid, Changed(field=status))), Not(part=Changed(field=status)))
    )


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.decimals(-3, 3, places=1),
    st.one_of(st.floats(-3, 3), st.just(float("nan"))),
    st.sampled_from(["", "a", "1", "true"]),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)
STATES = st.one_of(st.none(), st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3))
PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3)


def plain(value: Any) -> Any:
    """The meaning of a value by the letter: what is equal is the same here and else is not."""
    if isinstance(value, dict):
        parts = {key: plain(it) for key, it in value.items()}
        return {key: it for key, it in parts.items() if it is not None}
    if isinstance(value, list):
        return [plain(it) for it in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value if not isinstance(value, bool) else ("truth", value)
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return None if number.is_nan() else number


def standing(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [standing(it, path) for it in value]
    if not path:
        return value
    return standing(value.get(path[0]) if isinstance(value, dict) else None, path[1:])


@given(STATES, STATES, PATHS)
def test_changed_is_that_the_value_at_the_path_differs(
    before: Any, after: Any, path: list[str]
) -> None:
    has_changed = condition_of(f"{'.'.join(path)} changed")(before, after)

    one, other = plain(standing(before, path)), plain(standing(after, path))
    assert has_changed is (one != other)
    assert condition_of(f"{'.'.join(path)} changed")(after, before) is has_changed
    assert is_same(before, before)


def every_value(value: Any, path: list[str]) -> list[Any]:
    if isinstance(value, list):
        return [it for one in value for it in every_value(one, path)] if value else [None]
    if not path:
        return [value]
    return every_value(value.get(path[0]) if isinstance(value, dict) else None, path[1:])


SIGNS: dict[Comparison, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, ">=": ge}


@given(STATES, PATHS, st.sampled_from(list(SIGNS)), SCALARS)
def test_a_comparison_is_met_by_any_value_of_its_kind_at_the_path(
    state: Any, path: list[str], sign: Comparison, value: Any
) -> None:
    value = Decimal(repr(value)) if isinstance(value, float) and value == value else value
    assume(value == value)

    is_met = condition(Claim(field=(STATE, *path), comparison=sign, value=value))(None, state)

    wanted, found = plain(value), [plain(it) for it in every_value(state, path)]
    alike = [it for it in found if type(it) is type(wanted)]
    is_ordered = isinstance(wanted, str | Decimal)
    assert is_met is ((sign == "=" or is_ordered) and any(SIGNS[sign](it, wanted) for it in alike))


CONDITIONS: st.SearchStrategy[Tree] = st.recursive(
    st.one_of(
        PATHS.map(lambda it: Changed(field=(STATE, *it))),
        PATHS.map(lambda it: Claim(field=(STATE, *it), comparison="=", value=None)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda it: Every(parts=tuple(it))),
        inner.map(lambda it: Not(part=it)),
    ),
)


@given(CONDITIONS, STATES, STATES)
def test_what_does_not_hold_holds_with_not(tree: Tree, before: Any, after: Any) -> None:
    assert condition(Not(part=tree))(before, after) is not condition(tree)(before, after)


@given(st.text(), STATES, STATES)
def test_whatever_is_typed_is_a_condition_or_told_with_its_place(
    text: str, before: Any, after: Any
) -> None:
    try:
        is_met = condition_of(text)
    except WrongFilter as wrong:
        place = wrong.at
    else:
        place = len(text) if is_met(before, after) in (True, False) else -1
    assert 0 <= place <= len(text)


def test_lists_within_lists_are_compared_however_deep_they_lie() -> None:
    deep: Any = 1
    for _ in range(5_000):
        deep = [deep]

    assert condition_of("a changed")({"a": deep}, {"a": [deep]})
    assert not condition_of("a changed or a.b = 1")({"a": deep}, {"a": deep})
    assert condition_of("a = 1")(None, {"a": deep})
