"""Names that a mistyped one may have meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.filter.nearest import nearest


@pytest.mark.parametrize(
    ("name", "known", "first"),
    [
        ("totl", ["data.total", "data.title", "type"], "data.total"),
        ("OrderPlacd", ["OrderPaid", "OrderPlaced", "SeatPlaced"], "OrderPlaced"),
        ("correlation", ["metadata.correlation_id", "category"], "metadata.correlation_id"),
        ("USER", ["metadata.user", "version"], "metadata.user"),
        ("data.custmerId", ["data.customerId", "data.custom"], "data.customerId"),
    ],
)
def test_the_nearest_name_comes_first(name: str, known: list[str], first: str) -> None:
    assert nearest(name, known)[0] == first


def test_what_is_like_nothing_is_near_to_nothing() -> None:
    assert nearest("zzzzzz", ["total", "type"]) == nearest("", ["total"]) == []
    assert nearest("total", []) == []


def test_of_many_names_the_far_ones_are_found_by_their_beginning() -> None:
    names = [f"Type{number}" for number in range(200_000)]

    assert "OddOne" in nearest("Odd", [*names, "OddOne"])
    assert nearest("Typ12", names)[0] == "Type12"


@given(st.text(), st.lists(st.text(), max_size=6))
def test_a_name_that_is_known_is_the_nearest_to_itself(name: str, known: list[str]) -> None:
    found = nearest(name, known)

    assert set(found) <= set(known)
    if name and name in known:
        assert name in nearest(name, known, count=len(known))
