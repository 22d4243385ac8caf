"""Rows of an event store in PostgreSQL: what is read, and where reading has to wait."""

from hypothesis import given
from hypothesis import strategies as st

from store.remote.postgresql.rows import cursor_of, dense, event_of


@given(st.sets(st.integers(1, 30)), st.integers(1, 30))
def test_reading_stops_at_the_first_position_that_is_missing(there: set[int], first: int) -> None:
    rows = [(it,) for it in sorted(there) if it >= first]

    found = [position for (position,) in dense(list(rows), first)]

    assert found == list(range(first, first + len(found)))
    assert first + len(found) not in there


def test_a_row_is_an_event_with_a_cursor_of_its_own() -> None:
    row = (7, "s-1", 2, "e7", "Came", 30, 20, 60, '{"n":1}', "{}", None)

    event = event_of(row)

    assert (event.stream, event.version, event.place) == ("s-1", 2, "7")
    assert event.cursor == cursor_of(7, "e7") != cursor_of(7, "e8")
    assert (event.event.recorded_at_us, event.event.occurred_at_us) == (30, 20)
    assert (event.event.occurred_offset_min, event.event.source_json) == (60, None)
