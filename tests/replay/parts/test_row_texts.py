"""Rows as text are what Python shows of their tuples, whatever is in them."""

from typing import Any

import pyarrow
from hypothesis import given
from hypothesis import strategies as st

from replay.parts.row_texts import row_texts
from replay.views.view_compare import digest_of, digest_of_texts

WHOLE = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(codec="utf-8")) | st.sampled_from(["a", "it's", '{"a":1}'])
ROW = st.tuples(
    WHOLE,
    st.none() | TEXT,
    st.none() | WHOLE,
    st.booleans(),
    st.none() | st.floats(allow_nan=False),
)
TYPES = (
    pyarrow.int64(),
    pyarrow.string(),
    pyarrow.int64(),
    pyarrow.bool_(),
    pyarrow.float64(),
)


def shown(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As the tables have them: truth as a number."""
    return [tuple(int(it) if isinstance(it, bool) else it for it in row) for row in rows]


def columns(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [pyarrow.array([row[at] for row in rows], type=kind) for at, kind in enumerate(TYPES)]


@given(st.lists(ROW, max_size=30))
def test_they_are_their_tuples_one_after_the_other(rows: list[tuple[Any, ...]]) -> None:
    expected = "".join(map(repr, shown(rows)))

    assert row_texts(columns(rows)) == expected.encode()


@given(st.lists(ROW, max_size=30), st.integers(0, 30))
def test_part_of_a_column_is_only_that_part(rows: list[tuple[Any, ...]], at: int) -> None:
    found = row_texts([it.slice(at) for it in columns(rows)])

    assert found == "".join(map(repr, shown(rows[at:]))).encode()


@given(st.lists(ROW, max_size=30))
def test_a_digest_of_texts_is_that_of_the_rows(rows: list[tuple[Any, ...]]) -> None:
    one = digest_of([("", shown(rows)), ("_writes", [])])
    other = digest_of_texts([("", [row_texts(columns(rows))]), ("_writes", [])])

    assert one == other
