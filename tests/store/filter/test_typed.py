"""Whether what is typed is a filter or plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.filter.parse import parse
from store.filter.typed import text_claim, typed


@pytest.mark.parametrize(
    "text",
    [
        "refund",
        "note 29",
        "leave it in the garden",
        "order and total",
        "what is it",
        "between jobs",
        "it's late",
        'the "big" one',
        "a (b) c",
        "?",
        "contains",
        "is missing",
        "not in the list",
    ],
)
def test_text_without_a_comparison_is_words(text: str) -> None:
    found = typed(f" {text} ")

    assert (found.words, found.tree, found.problem, found.is_filter) == (text, None, "", False)
    assert found.meant == text_claim(text)


@pytest.mark.parametrize(
    "text",
    [
        "total > 250",
        "type in (A, B)",
        "total between 1 and 2",
        "note is missing",
        "note is not present",
        "anything contains refund",
        "x=1",
        "  total > 250 or x = 'it is'",
    ],
)
def test_text_with_a_comparison_is_a_filter(text: str) -> None:
    found = typed(text)

    assert (found.tree, found.words, found.is_filter) == (parse(text), "", True)
    assert found.meant == found.tree


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("total >", "expected a value", 7),
        ("  total > 5 and", "expected a field", 15),
        ("type in (A", "this bracket is not closed", 8),
        ("a = 'x", "no closing quote", 4),
        ("refund total > 5", "expected a comparison", 7),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_with_its_place(
    text: str, problem: str, at: int
) -> None:
    found = typed(text)

    assert found.is_filter
    assert problem in found.problem
    assert (found.at, found.words, found.meant) == (at, "", None)


def test_words_in_quotes_are_words_whatever_they_are() -> None:
    assert typed('"a = b"').words == "a = b"
    assert typed("'total > 5'").words == "total > 5"
    assert typed("").meant is None


@given(st.text())
def test_whatever_is_typed_is_one_of_them(text: str) -> None:
    found = typed(text)

    assert bool(found.words) + (found.tree is not None) + bool(found.problem) == bool(text.strip())
    assert 0 <= found.at <= len(text)
