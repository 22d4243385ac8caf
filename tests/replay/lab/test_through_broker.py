"""The lab's faults through a topic: the same verdict, but for what partitions leave open."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from replay.lab.delivery import CrashPoint, Faults, PartitionKey, Publisher, on_the_way, slot_of
from replay.lab.lab import Guard, run
from replay.lab.through_broker import Places, differences, judged
from replay.projections.latest_states import PROJECTION as LATEST_STATES
from replay.projections.streams import PROJECTION as STREAMS
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import reading
from tests.replay.logs import make_log

EVENTS = 60
SHARES = st.sampled_from([0.0, 7.0, 60.0, 100.0])
FAULTS = st.builds(
    Faults,
    duplicate=SHARES,
    reorder=SHARES,
    drop=SHARES,
    delay=SHARES,
    drop_at=st.sampled_from([(), (3, 9)]),
    swap_at=st.sampled_from([(), (2, 5)]),
    crash_every=st.sampled_from([0, 1, 7, 60]),
    crash_at=st.sampled_from(get_args(CrashPoint)),
    publisher=st.sampled_from(get_args(Publisher)),
    partitions=st.sampled_from([1, 1, 3]),
    partition_by=st.sampled_from(get_args(PartitionKey)),
    seed=st.integers(0, 99),
)


class Record(Struct, frozen=True):
    partition: int
    offset: int
    event: RecordedEvent


class MemoryTopic:
    """Its partitions are read in pieces, in any order."""

    def __init__(self, seed: int) -> None:
        self._records = dict[int, list[Record]]()
        self._chance = random.Random(seed)

    def send(self, event: RecordedEvent, _links: tuple[str, ...], *, partition: int) -> None:
        queue = self._records.setdefault(partition, [])
        queue.append(Record(partition, len(queue), event))

    def finish(self) -> None:
        """Everything is there at once."""

    def read(self, offsets: Places, ends: Places | None = None) -> Iterable[Record]:
        left = {
            name: records[offsets.get(name, 0) : None if ends is None else ends.get(name, 0)]
            for name, records in self._records.items()
        }
        while waiting := [it for it in left.values() if it]:
            queue = self._chance.choice(waiting)
            for _ in range(min(len(queue), self._chance.randrange(1, 9))):
                yield queue.pop(0)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_log(tmp_path_factory.mktemp("lab") / "a.foldline", EVENTS)


@pytest.fixture
def log(path: Path) -> Iterator[EventReader]:
    with reading(path) as log:
        yield log


def topic_of(log: EventReader, faults: Faults, *, seed: int = 1) -> MemoryTopic:
    topic = MemoryTopic(seed)
    for it in on_the_way(log.read(), faults):
        topic.send(it, (), partition=slot_of(it, faults) if faults.partitions > 1 else 0)
    return topic


@given(faults=FAULTS, guard=st.sampled_from(get_args(Guard)), seed=st.integers(0, 99))
def test_the_verdict_of_a_topic_is_that_of_the_lab(
    log: EventReader, faults: Faults, guard: Guard, seed: int
) -> None:
    memory = run(log, STREAMS, faults, guard=guard)

    broker = judged(log, STREAMS, faults, topic_of(log, faults, seed=seed), guard=guard)

    assert differences(memory, broker, faults) == []


def test_a_topic_that_delivers_otherwise_is_told(log: EventReader) -> None:
    faults, others = Faults(duplicate=10, seed=1), Faults(duplicate=10, seed=2)
    memory = run(log, STREAMS, faults)

    broker = judged(log, STREAMS, faults, topic_of(log, others), guard="none")

    assert "findings" in differences(memory, broker, faults)


def test_a_topic_of_several_partitions_that_lost_a_record_is_told(log: EventReader) -> None:
    faults = Faults(partitions=3)
    memory = run(log, LATEST_STATES, faults)
    torn = topic_of(log, Faults(partitions=3, drop_at=(4,)))

    broker = judged(log, LATEST_STATES, faults, torn, guard="none")

    assert differences(memory, broker, faults) == ["delivered", "gaps", "lost"]


def test_each_event_has_one_partition(log: EventReader) -> None:
    for key in get_args(PartitionKey):
        faults = Faults(partitions=4, partition_by=key)
        first, second = ([slot_of(it, faults) for it in log.read()] for _ in range(2))
        assert first == second
        assert len(set(first)) > 1
