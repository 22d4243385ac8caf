"""How an arrangement of columns is kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.grid.column_layout import ColumnPlace, arranged, layout_of, layout_text

NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)
PLACES = st.builds(
    ColumnPlace, id=st.text(max_size=5), is_shown=st.booleans(), width_px=st.none() | st.integers()
)


@given(st.lists(PLACES, unique_by=lambda it: it.id))
def test_a_layout_comes_back_as_it_was_kept(places: list[ColumnPlace]) -> None:
    assert list(layout_of(layout_text(places))) == places


@pytest.mark.parametrize("text", [b"", b"nonsense", b"{}", b'[1, ["a"], ["a", 1, 2, 3]]', b"\xff"])
def test_what_is_no_layout_holds_no_place(text: bytes) -> None:
    assert layout_of(text) == ()


@given(ids=NAMES, wanted=NAMES)
def test_every_column_stands_once_and_those_named_in_the_wanted_order(
    ids: list[str], wanted: list[str]
) -> None:
    order: Any = arranged(ids, wanted)

    assert sorted(order) == sorted(ids)
    assert [it for it in order if it in wanted] == [it for it in wanted if it in ids]


def test_a_column_that_no_layout_names_stays_behind_its_neighbour() -> None:
    assert arranged(["a", "b", "new", "c"], ["c", "b", "a"]) == ["c", "b", "new", "a"]
    assert arranged(["new", "a"], ["a"]) == ["new", "a"]
