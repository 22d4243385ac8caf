"""JSON values as words."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.tree.json_words import Path, exact_text, json_text, path_text, short_text

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "short"),
    [
        (999, "999"),
        (1204, "1,204"),
        (-1234567, "-1,234,567"),
        (Decimal("1E+400"), "1E+400"),
        (Decimal("0.10"), "0.10"),
        (Decimal("12345.6789"), "12,345.6789"),
        (True, "true"),
        (None, "null"),
        ('say "hi"\n', '"say \\"hi\\"\\n"'),
        ({}, "{ }"),
        ([], "[ ]"),
        ([1], "1 item"),
        ({"a": 1, "b": 2}, "2 fields"),
        ("世界", '"世界"'),
        ("1234", '"1234"'),
    ],
)
def test_a_value_in_one_line(value: Any, short: str) -> None:
    assert short_text(value) == short


def test_a_very_long_value_is_cut_in_the_row_only() -> None:
    text, number = "x" * 10_000, Decimal("1" * 5000)

    assert len(short_text(text)) < 500
    assert exact_text(text) == text
    assert len(short_text(number)) < 500


@given(value=values)
def test_copied_json_reads_as_the_same_value(value: Any) -> None:
    assert json.loads(json_text(value)) == value


@pytest.mark.parametrize(
    ("path", "text"),
    [((), "$"), (("a", 0, "b"), "a[0].b"), ((0,), "[0]"), (("a b",), '["a b"]'), (("é",), "é")],
)
def test_a_path_in_words(path: Path, text: str) -> None:
    assert path_text(path) == text
