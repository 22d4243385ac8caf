"""Which value stands in a line of a JSON text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.tree.json_lines import path_of_line
from gui.widgets.tree.json_pieces import indented

TEXT = '{"a": 1, "b": {"c d": [10, {"e": "x, {"}]}, "f": []}'
VALUES: Any = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("at", "path"),
    [
        (0, ()),
        (1, ("a",)),
        (2, ("b",)),
        (3, ("b", "c d")),
        (4, ("b", "c d", 0)),
        (5, ("b", "c d", 1)),
        (6, ("b", "c d", 1, "e")),
        (7, ("b", "c d", 1)),
        (8, ("b", "c d")),
        (9, ("b",)),
        (10, ("f",)),
        (11, ()),
    ],
)
def test_a_line_is_of_the_value_that_begins_or_ends_there(at: int, path: tuple[Any, ...]) -> None:
    assert path_of_line(indented(TEXT).split("\n"), at) == path


@given(VALUES)
def test_every_path_leads_to_a_value(value: Any) -> None:
    lines = indented(json.dumps(value)).split("\n")

    for at in range(len(lines)):
        found = value
        for key in path_of_line(lines, at):
            found = found[key]
