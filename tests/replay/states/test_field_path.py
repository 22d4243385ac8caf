"""A path is read as it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.tree.json_words import path_text
from replay.states.diff import Path
from replay.states.field_path import WrongPath, parse_path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("total", ("total",)),
        ("lines[0].sku", ("lines", 0, "sku")),
        ("lines.0.sku", ("lines", 0, "sku")),
        ('left["cqrs.workshop"]', ("left", "cqrs.workshop")),
        ('["a"][1]', ("a", 1)),
        ("$", ()),
        ("$.total", ("total",)),
        ("remaining.cqrs-workshop", ("remaining", "cqrs-workshop")),
    ],
)
def test_a_path_is_read(text: str, path: Path) -> None:
    assert parse_path(text) == path


@given(st.lists(st.text(min_size=1) | st.integers(0, 99), max_size=4))
def test_what_the_window_shows_can_be_typed(keys: list[str | int]) -> None:
    read = parse_path(path_text(tuple(keys)))

    assert [str(it) for it in read] == [str(it) for it in keys]


@pytest.mark.parametrize("text", ["", "a..b", "a[", "a[x]", 'a["', "a]", ".", '["\\x"]'])
def test_what_is_no_path_is_said_with_the_place(text: str) -> None:
    with pytest.raises(WrongPath, match="character"):
        parse_path(text)
