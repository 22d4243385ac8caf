"""Numbers as a person reads them, everywhere the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.number_text import are_numbers, grouped, number_text, plain_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (-1234567, "-1,234,567"),
        (Decimal("1214.53"), "1,214.53"),
        (Decimal("-0.10"), "-0.10"),
        (Decimal("1E+400"), "1E+400"),
        (10**200, str(10**200)),
    ],
)
def test_thousands_stand_apart_and_every_digit_is_kept(value: int | Decimal, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize("text", ["", "-", "007", "1.", ".5", "1.2.3", "12a", "٣٤٥٦", "nan"])
def test_what_is_no_plain_number_stays_as_it_is(text: str) -> None:
    assert grouped(text) == text


@given(st.integers(-(10**100), 10**100) | st.decimals(allow_nan=False, places=3))
def test_without_its_commas_it_is_the_number_again(value: int | Decimal) -> None:
    assert number_text(value).replace(",", "") == str(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "True"), (1_214.5, "1,214.5"), ("1000", "1000"), (1e30, "1e+30")],
)
def test_a_cell_says_numbers_alike_and_all_else_as_it_is(value: object, text: str) -> None:
    assert plain_text(value) == text


@given(st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_column_of_numbers_is_known_by_its_cells(values: list[float]) -> None:
    texts = [plain_text(it) for it in values]

    assert are_numbers([*texts, ""])
    assert not are_numbers([*texts, "one"])
    assert not are_numbers(["", ""])
