"""Lanes alone: each stream keeps its order, each type has one command in hand."""

import threading
from collections import defaultdict
from queue import SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.processes.lanes import End, Lanes
from store.beside.commands import Waiting
from tests.replay.bakery import PATIENCE_S


def test_one_that_was_first_and_is_second_now_waits_for_the_new_first() -> None:
    begun: SimpleQueue[int] = SimpleQueue()
    may_end = {1: threading.Event(), 3: threading.Event()}

    def handle(it: Waiting) -> End:
        begun.put(it.number)
        assert it.number not in may_end or may_end[it.number].wait(PATIENCE_S)
        return "handled"

    lanes = Lanes(handle, most=3)
    try:
        lanes.add(
            [
                Waiting(number=1, id="1", type="B", stream="t", due_at_us=1),
                Waiting(number=2, id="2", type="B", stream="s", due_at_us=5),
            ]
        )
        lanes.run(9, limit=9)  # 2 is the first of its stream, behind 1 in its lane
        lanes.add([Waiting(number=3, id="3", type="A", stream="s", due_at_us=1)])
        lanes.run(9, limit=9)
        may_end[1].set()
        while not lanes.run(9, limit=9):
            continue
        assert [begun.get(timeout=PATIENCE_S) for _ in range(2)] == [1, 3]
        assert begun.empty()

        may_end[3].set()
        while lanes.is_busy:
            lanes.run(9, limit=9)
        assert begun.get(timeout=PATIENCE_S) == 2
    finally:
        for it in may_end.values():
            it.set()
        lanes.close()


def _run_on(lanes: Lanes) -> None:
    while lanes.is_busy or not lanes.run(9, limit=9):
        lanes.run(9, limit=9)


@pytest.mark.parametrize("most", [1, 3])
def test_what_raises_is_raised_and_has_its_turn_again(most: int) -> None:
    """The caller may go on with the same lanes, which are not busy for ever."""
    tried: list[int] = []

    def handle(it: Waiting) -> End:
        tried.append(it.number)
        if len(tried) == 1:
            raise OSError("the disk is full")
        return "handled"

    lanes = Lanes(handle, most=most)
    try:
        lanes.add(
            [
                Waiting(number=1, id="1", type="A", stream="s", due_at_us=1),
                Waiting(number=2, id="2", type="A", stream="s", due_at_us=1),
            ]
        )
        with pytest.raises(OSError, match="disk is full"):
            _run_on(lanes)

        lanes.try_again()
        while lanes.is_busy:
            lanes.run(9, limit=9)
    finally:
        lanes.close()

    assert tried == [1, 1, 2]


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("vwxyz"), st.integers(0, 5))),
    st.integers(1, 4),
    st.sets(st.integers(1, 40)),
)
def test_every_stream_keeps_its_order_and_every_type_its_lane(
    wishes: list[tuple[str, str, int]], most: int, unready: set[int]
) -> None:
    items = [
        Waiting(number=n, id=str(n), type=type_, stream=stream, due_at_us=due)
        for n, (type_, stream, due) in enumerate(wishes, 1)
    ]
    guard, in_hand = threading.Lock(), dict[str, Waiting]()
    order: dict[str, list[int]] = defaultdict(list)
    wrong: list[str] = []
    left = set(unready)

    def handle(it: Waiting) -> End:
        with guard:
            if it.type in in_hand or it.stream in {one.stream for one in in_hand.values()}:
                wrong.append(it.id)
            in_hand[it.type] = it
            if len(in_hand) > most:
                wrong.append("too many")
        with guard:
            del in_hand[it.type]
            if it.number in left:
                left.discard(it.number)
                return "again"
            order[it.stream].append(it.number)
        return "handled"

    lanes = Lanes(handle, most=most)
    try:
        lanes.add(items[::2])
        lanes.run(2, limit=3)
        lanes.add(items[1::2])
        while lanes.is_busy or sum(map(len, order.values())) < len(items):
            lanes.try_again()
            lanes.run(9, limit=200)
    finally:
        lanes.close()

    assert wrong == []
    for stream, numbers in order.items():
        late = [it for it in items if it.stream == stream]
        assert sorted(numbers) == [it.number for it in late]


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("vwxyz"), st.integers(0, 5))),
    st.integers(1, 4),
    st.sets(st.integers(1, 40)),
)
def test_streams_are_handled_in_the_order_of_due_time_and_number(
    wishes: list[tuple[str, str, int]], most: int, unready: set[int]
) -> None:
    items = [
        Waiting(number=n, id=str(n), type=type_, stream=stream, due_at_us=due)
        for n, (type_, stream, due) in enumerate(wishes, 1)
    ]
    guard, left = threading.Lock(), set(unready)
    order: dict[str, list[int]] = defaultdict(list)

    def handle(it: Waiting) -> End:
        with guard:
            if it.number in left:
                left.discard(it.number)
                return "again"
            order[it.stream].append(it.number)
        return "handled"

    lanes = Lanes(handle, most=most)
    try:
        lanes.add(items)
        while lanes.is_busy or sum(map(len, order.values())) < len(items):
            lanes.try_again()
            lanes.run(9, limit=200)
    finally:
        lanes.close()

    for stream, numbers in order.items():
        mine = [it for it in items if it.stream == stream]
        assert numbers == [
            it.number for it in sorted(mine, key=lambda it: (it.due_at_us, it.number))
        ]
