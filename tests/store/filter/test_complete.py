"""What can stand at the cursor of a filter that is being typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.filter.complete import expected_at
from store.filter.tree import Field


@pytest.mark.parametrize(
    ("text", "place", "prefix", "field"),
    [
        ("", "field", "", None),
        ("ty", "field", "ty", None),
        ("type ", "comparison", "", ("type",)),
        ("total con", "comparison", "con", ("data", "total")),
        ("type = ", "value", "", ("type",)),
        ("type = Ord", "value", "Ord", ("type",)),
        ("type='Order Pl", "value", "'Order Pl", ("type",)),
        ("type = OrderPlaced ", "joint", "", None),
        ("type = OrderPlaced an", "joint", "an", None),
        ("type = OrderPlaced and to", "field", "to", None),
        ("not (a.b ~ x or metadata.us", "field", "metadata.us", None),
        ("type in (A, ", "value", "", ("type",)),
        ("type in (A", "value", "A", ("type",)),
        ("type in (A) ", "joint", "", None),
        ("n between 1 and ", "value", "", ("data", "n")),
        ("n between 1 and 2 and ", "field", "", None),
        ("n is ", "state", "", None),
        ("n is missing ", "joint", "", None),
        ("note contains x", "value", "x", ("data", "note")),
        ("note not ", "comparison", "", ("data", "note")),
    ],
)
def test_the_word_at_the_cursor_is_of_a_kind(
    text: str, place: str, prefix: str, field: Field | None
) -> None:
    found = expected_at(text, len(text))

    assert (found.place, found.prefix, found.field) == (place, prefix, field)
    assert text[found.start :] == prefix


def test_what_stands_behind_the_cursor_does_not_matter() -> None:
    assert expected_at("type =  and total > 5", 7).place == "value"


@given(st.text(alphabet="ab .=<(),'\"\\ndinorse", max_size=20), st.integers(0, 20))
def test_any_text_expects_something(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))

    found = expected_at(text, cursor)

    assert text[:cursor].endswith(found.prefix)
    assert found.start + len(found.prefix) == cursor
