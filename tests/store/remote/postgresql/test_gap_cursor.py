"""A cursor with numbers that are missing before it."""

from hypothesis import given
from hypothesis import strategies as st

from store.remote.postgresql.gap_cursor import MOST, WIDEST, GapCursor, read_cursor

NUMBERS = st.lists(st.integers(1, 5_000), unique=True, max_size=60).map(sorted)


@given(st.integers(0, 2**62), st.text(), NUMBERS)
def test_a_cursor_is_read_back_from_its_text(position: int, id_: str, gaps: list[int]) -> None:
    cursor = GapCursor(position=position, id=id_, gaps=tuple(gaps))

    assert read_cursor(cursor.text) == cursor


def test_no_cursor_is_the_beginning_and_another_text_is_none() -> None:
    assert read_cursor(None) == GapCursor()
    assert [read_cursor(it) for it in ("", "x", "1", "-1:a", "1;x:a")] == [None] * 5


def test_numbers_that_are_missing_are_kept_until_they_come() -> None:
    cursor = GapCursor()
    for position in (2, 3, 7):
        cursor = cursor.came(position, f"e{position}", keeps_gaps=True)
    assert cursor.text == "7;1,4-6:e7"

    cursor = cursor.came(5, "e5", keeps_gaps=True)

    assert cursor.text == "7;1,4,6:e7"


def test_numbers_that_never_come_are_not_kept() -> None:
    assert GapCursor().came(9, "e", keeps_gaps=False).text == "9:e"


def test_the_newest_missing_numbers_are_kept_within_bounds() -> None:
    wide = GapCursor().came(5 * MOST, "e", keeps_gaps=True)
    assert wide.gaps == tuple(range(4 * MOST, 5 * MOST))

    far = GapCursor().came(3, "e", keeps_gaps=True).came(4 + WIDEST, "f", keeps_gaps=False)
    assert far.gaps == ()


@given(st.lists(st.integers(1, 400), unique=True, min_size=1))
def test_what_comes_in_whatever_order_leaves_the_numbers_that_did_not(came: list[int]) -> None:
    cursor = GapCursor()
    for position in came:
        cursor = cursor.came(position, str(position), keeps_gaps=True)

    assert cursor.position == max(came)
    assert set(cursor.gaps) == set(range(1, max(came))) - set(came)
