"""Partitions put into one order, as far as they allow it."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.events import NewEvent
from store.reading.format import Incoming
from store.remote.kafka.cursor import Cursor, cursor_from
from store.remote.kafka.incoming import Arrived
from store.remote.kafka.merge import Merge

START = Cursor(offsets={})


def record(partition: int, position: int, *, store: str = "shop", offset: int = 0) -> Arrived:
    incoming = Incoming(stream="s", event=NewEvent(type="T"))
    return Arrived(
        partition=partition, offset=offset, record=incoming, position=position, store=store
    )


def given_now(merge: Merge, *, has_waited: bool = False) -> list[int]:
    found = list[int]()
    while (it := merge.next(has_waited=has_waited)) is not None:
        found.append(it.position)
    return found


def merge_of(*parts: Sequence[int], at: Cursor = START) -> Merge:
    merge = Merge(range(len(parts)), at)
    for partition, positions in enumerate(parts):
        for it in positions:
            merge.take(record(partition, it))
    return merge


def test_the_next_position_is_given_whatever_else_has_not_arrived() -> None:
    assert given_now(merge_of([1, 3], [2], [])) == [1, 2, 3]


def test_a_position_that_may_still_come_is_waited_for() -> None:
    merge = merge_of([1, 4], [2], [])

    assert given_now(merge) == [1, 2]
    merge.take(record(2, 3))
    assert given_now(merge) == [3, 4]


def test_one_that_never_came_is_passed_by_once_every_partition_has_a_later_one() -> None:
    assert given_now(merge_of([1, 4], [6])) == [1, 4]


def test_at_the_end_a_missing_position_is_waited_for_and_then_passed_by() -> None:
    merge = merge_of([1, 4], [2])
    for it in (0, 1):
        merge.end(it)

    assert given_now(merge) == [1, 2]
    assert not merge.has_ended
    assert given_now(merge, has_waited=True) == [4]
    assert merge.has_ended


def test_what_comes_again_or_out_of_order_is_given_as_it_comes() -> None:
    assert given_now(merge_of([1, 2, 2, 3, 1, 4])) == [1, 2, 2, 3, 1, 4]


def test_a_reader_that_goes_on_knows_what_is_next() -> None:
    at = Cursor(offsets={"0": 9}, store="shop", position=7)

    assert given_now(merge_of([8], [], at=at)) == [8]
    assert given_now(merge_of([9], [], at=at)) == []


def test_records_of_somebody_else_wait_for_nobody() -> None:
    merge = Merge(range(2), START)
    merge.take(record(0, 0, store=""))
    merge.take(record(0, 5, store="other"))

    assert given_now(merge) == [0]
    merge.end(1)
    assert given_now(merge, has_waited=True) == [5]
    merge.take(record(1, 1, store="shop"))
    assert given_now(merge) == [1]


@given(st.lists(st.integers(0, 3), max_size=40), st.randoms(use_true_random=False))
def test_whatever_arrives_when_the_order_of_the_store_comes_out(
    slots: list[int], chance: Random
) -> None:
    merge = Merge(range(4), START)
    left = [[n for n, it in enumerate(slots, 1) if it == slot] for slot in range(4)]
    found = list[int]()
    while any(left):
        slot = chance.choice([at for at, it in enumerate(left) if it])
        merge.take(record(slot, left[slot].pop(0)))
        found += given_now(merge)

    assert found == list(range(1, len(slots) + 1))


def test_a_cursor_comes_back_as_it_was() -> None:
    cursor = Cursor(offsets={"0": 3, "2": 9}, store="shop", position=11)

    assert cursor_from(cursor.text) == cursor
    assert (cursor.next_of(2), cursor.next_of(1)) == (9, None)


@pytest.mark.parametrize("text", ["", "no cursor", "7:another", "[]", '{"offsets":{"0":"x"}}'])
def test_a_text_that_is_no_cursor_is_none(text: str) -> None:
    assert cursor_from(text) is None
