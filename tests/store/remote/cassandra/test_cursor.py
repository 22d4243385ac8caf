"""How far each shard was read, as one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.remote.cassandra.cursor import Reached, reached

PLACES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**12)), min_size=1, max_size=20)


@given(PLACES, st.integers(0, 19), st.text(min_size=1))
def test_a_cursor_says_what_it_was_made_of(
    places: list[tuple[int, int]], shard: int, event_id: str
) -> None:
    made = Reached(tuple(places), shard % len(places), event_id)

    assert reached(str(made), len(places)) == made
    assert made.count == sum(place for _, place in places)


@pytest.mark.parametrize(
    "text",
    ["", "no cursor", "1:another", "0.1;0;", "0.1;1;x", "0.1,0.2,0.3;0;x", "0.x;0;x", ";0;x"],
)
def test_a_text_that_no_such_store_gave_is_none(text: str) -> None:
    assert reached(text, 1) is None


def test_a_cursor_of_another_number_of_shards_is_none() -> None:
    assert reached("0.1,0.2;1;x", 2) is not None
    assert reached("0.1,0.2;1;x", 3) is None
