"""Members of an object are the texts that stand there, however they are found."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.reading.json_members import USUAL_LENGTH, is_value, members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",", ": ")])


@given(
    pairs=st.lists(st.tuples(st.sampled_from(["a", "b", "é", '"', "\n"]), VALUES), max_size=5),
    separators=SEPARATORS,
    is_ascii=st.booleans(),
    before=st.sampled_from(["", " "]),
)
def test_every_pair_is_there_in_order_with_the_text_of_its_value(
    pairs: list[tuple[str, Any]], separators: tuple[str, str], is_ascii: bool, before: str
) -> None:
    comma, colon = separators
    texts = [(name, json.dumps(value, ensure_ascii=is_ascii)) for name, value in pairs]
    each = [f"{json.dumps(name, ensure_ascii=is_ascii)}{colon}{text}" for name, text in texts]

    found = members(f"{before}{{{comma.join(each)}}}{before}")

    assert found == texts


@pytest.mark.parametrize("size", [1, USUAL_LENGTH])
def test_an_object_of_any_length_is_taken_apart(size: int) -> None:
    long = json.dumps("x" * size)

    assert members(f'{{"a":{long},"b":0.10}}') == [("a", long), ("b", "0.10")]


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '{"a":1}x', '{"a":01}', '{"a":NaN}', "{'a':1}", '{"a":1,}', "{" * 9_999]
)
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        members(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1", True),
        (' {"a": [1]}\n', True),
        ('"\\ud800"', True),
        ('"\ud800"', True),
        ("NaN", False),
        ("1 2", False),
        ("", False),
        ("\ufeff1", False),
        ("[" * 9_999, False),
    ],
)
def test_a_value_is_told_from_what_is_none(text: str, is_one: bool) -> None:
    assert is_value(text) is is_one
