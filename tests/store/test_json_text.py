"""JSON to values and back: every digit of every number."""

from decimal import Decimal

import pytest

from store import json_text


@pytest.mark.parametrize("digits", [1, 19, 20, 400, 4_300, 4_301, 6_000])
def test_a_whole_number_of_any_length_comes_back_as_it_was(digits: int) -> None:
    text = f'{{"n":-{"9" * digits}}}'

    value = json_text.decode(text)

    assert isinstance(value["n"], int if digits <= 4_300 else Decimal)
    assert json_text.encode(value) == text
