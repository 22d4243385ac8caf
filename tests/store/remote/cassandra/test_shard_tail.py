"""The events of one shard, handed on from segment to segment."""

from store.remote.cassandra.shard_tail import ShardTail

Row = tuple[object, ...]


def rows(*places: int) -> list[Row]:
    return [(it, "s", it) for it in places]


def state(head: int, *, is_closed: bool) -> list[Row]:
    return [(head, 0, 0, 0, is_closed)]


def test_events_are_handed_on_in_order_with_the_segment_they_lie_in() -> None:
    tail = ShardTail(3, 1, 7)
    assert tail.question(50)[1] == (3, 1, 7, 50)

    tail.arrived(rows(8, 9))

    assert [tail.take()[0], tail.taken, tail.take()[0], tail.taken] == [8, (1, 8), 9, (1, 9)]
    assert tail.first is None
    assert tail.question(50)[1] == (3, 1, 9, 50)


def test_a_place_that_is_missing_is_waited_for() -> None:
    tail = ShardTail(0, 0, 0)

    tail.arrived(rows(1, 3))

    assert tail.take()[0] == 1
    assert tail.first is None
    tail.arrived(rows(2, 3))
    assert [tail.take()[0], tail.take()[0]] == [2, 3]


def test_a_closed_segment_that_was_read_to_its_end_leads_to_the_next() -> None:
    tail = ShardTail(0, 4, 0)
    tail.arrived(rows(1, 2))

    tail.stated(state(2, is_closed=True))

    assert not tail.is_at_end
    assert tail.question(9)[1] == (0, 5, 2, 9)
    tail.arrived(rows(3))
    for segment in (4, 4, 5):
        tail.take()
        assert tail.taken[0] == segment


def test_a_segment_that_is_open_or_not_read_yet_or_not_there_is_the_end() -> None:
    for told in (state(0, is_closed=False), state(5, is_closed=True), []):
        tail = ShardTail(0, 0, 0)
        tail.stated(told)
        assert tail.is_at_end
        assert tail.question(9)[1] == (0, 0, 0, 9)
