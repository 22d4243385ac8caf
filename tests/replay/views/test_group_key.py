"""Values as keys: equal ones share a key, others never, and how it looks says which it is."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.lab.memory_rows import folded
from replay.states.diff import diff
from replay.views.built_view import BuiltColumn, BuiltView, projection_of
from replay.views.group_key import canonical_json, group_key, is_same, value_order
from replay.views.partition import partition_of
from store import json_text
from store.opening import reading
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES
from tests.replay.written_logs import event, log_of

NUMBERS = st.one_of(
    st.integers(),
    st.sampled_from(
        ["0", "-0", "1", "1.0", "1e0", "10e-1", "0.10", "1E+400", "1e-400", "1e20"]
    ).map(lambda it: Decimal(it)),
    st.decimals(allow_nan=False, allow_infinity=False),
)
TEXTS = st.one_of(
    st.text(),
    st.sampled_from(["1", "1.0", "true", "null", '"1"', "", " 1 ", "[1]", "{}", "\ud800", "Ulm"]),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "1"),
        ("1.0", "1"),
        ("1e0", "1"),
        ('"1"', '"1"'),
        ("true", "true"),
        ('"true"', '"true"'),
        ("null", "null"),
        ('"null"', '"null"'),
        ('"gophercon"', "gophercon"),
        ("0.10", "0.1"),
        ("1E+400", "1e400"),
        ("-0.0", "0"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("100", "100"),
        ("0.05", "0.05"),
    ],
)
def test_a_key_says_what_it_is_the_key_of(text: str, key: str) -> None:
    assert group_key(json_text.decode(text)) == key


@given(VALUES, VALUES)
def test_keys_are_equal_exactly_when_the_values_are(one: Any, other: Any) -> None:
    are_equal = not list(diff([one], [other])) if not _has_ids([one, other]) else None

    if are_equal is not None:
        assert (canonical_json(one) == canonical_json(other)) == are_equal
        assert is_same(one, other) == are_equal
    if not isinstance(one, list | dict) and not isinstance(other, list | dict):
        assert (group_key(one) == group_key(other)) == are_equal


def _has_ids(value: Any) -> bool:
    """Lists that are compared by the ids of their items."""
    if isinstance(value, dict):
        return "id" in value or any(map(_has_ids, value.values()))
    return isinstance(value, list) and any(map(_has_ids, value))


@given(VALUES)
def test_a_key_can_be_stored(value: Any) -> None:
    key = group_key(value)

    assert key.encode().decode() == key


@given(st.lists(SCALARS, min_size=1))
def test_any_values_have_an_order(values: list[Any]) -> None:
    ordered = sorted(values, key=value_order)

    assert [value_order(it)[0] for it in ordered] == sorted(value_order(it)[0] for it in values)


def test_values_of_four_kinds_are_four_groups_and_their_partitions(tmp_path: Any) -> None:
    store = tmp_path / "log.foldline"
    ingest(FIXTURES / "group-kinds.jsonl", into=store)
    columns = (
        BuiltColumn(name="total", fold="sum", field="v"),
        BuiltColumn(name="kinds", fold="distinct", field="k"),
    )
    built = BuiltView(name="kinds", group_by="k", columns=columns)
    by_stream = BuiltView(name="kinds", group_by="stream", columns=columns)

    with reading(store) as log:
        events = list(log.read())
    rows = folded(projection_of(built), events)

    assert {it.key: it.total for it in rows} == {
        "1": 101,
        '"1"': 10,
        "true": 1000,
        '"true"': 10000,
    }
    assert {it.key for it in rows} == {partition_of("data.k", it) for it in events}
    assert [it.kinds for it in folded(projection_of(by_stream), events)] == [4]


def test_the_least_and_greatest_of_dates_and_times(tmp_path: Any) -> None:
    store = tmp_path / "log.foldline"
    ingest(FIXTURES / "dates.jsonl", into=store)

    with reading(store) as log:
        assert _least_and_greatest(log, "on") == ("2026-01-01", "2026-03-01")


@pytest.mark.parametrize(
    ("values", "least", "greatest"),
    [
        (["2026-01-01T10:00:00+02:00", "2026-01-01T09:00:00Z"], 0, 1),
        (["2026-01-01t08:00:00z", "2026-01-01T08:00:00.5Z"], 0, 1),
        (["b", "a", "c"], 1, 2),
        ([3, Decimal("2.5"), Decimal("3.1")], 1, 2),
        (["zebra", "2026-01-01", 5, "aardvark"], 2, 2),
        (["zebra", "2026-01-01", "aardvark"], 1, 1),
        ([None, "x", None], 1, 1),
        ([True, 0], 1, 1),
        ([[1], "x"], 1, 1),
        ([False, True], 0, 1),
    ],
)
def test_whatever_stands_in_a_field_has_a_least_and_a_greatest(
    tmp_path: Any, values: list[Any], least: int, greatest: int
) -> None:
    with log_of(tmp_path, *(("s-1", event({"on": it})) for it in values)) as log:
        assert _least_and_greatest(log, "on") == (values[least], values[greatest])


def _least_and_greatest(log: Any, field: str) -> tuple[Any, Any]:
    columns = (
        BuiltColumn(name="least", fold="min", field=field),
        BuiltColumn(name="greatest", fold="max", field=field),
    )
    built = BuiltView(name="ends", group_by="stream", columns=columns)
    (row,) = folded(projection_of(built), log.read())
    return row.least, row.greatest
