"""The lab's faults on a real broker: what lies in front of the consumer is written into a topic of
Kafka, and read from there. Where the consumer crashes it reads again from its last checkpoint.

A topic keeps the order of each partition, so with one partition the verdict is that of the lab.
Between partitions there is no order: what depends on it is left out of the comparison.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from itertools import islice
from typing import Any, Final, Protocol

from replay.lab.delivery import Arrival, Faults, is_late, on_the_way, require_positions, slot_of
from replay.lab.lab import Guard, Verdict, run
from replay.projection import Projection
from store.events import RecordedEvent
from store.interface import EventReader
from store.remote.address import Address
from store.remote.topics import kafka_part, require_topic

Places = Mapping[int, int]  # by partition, the offset to read on at


class Delivered(Protocol):
    """One record as it came from the broker."""

    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def event(self) -> RecordedEvent: ...


class Topic(Protocol):
    """Of a broker, filled for one trial."""

    def send(self, event: RecordedEvent, links: tuple[str, ...], *, partition: int) -> None: ...
    def finish(self) -> None: ...
    def read(self, offsets: Places, ends: Places | None = None) -> Iterable[Delivered]: ...


@contextmanager
def filled(log: EventReader, faults: Faults, address: Address) -> Iterator[Topic]:
    """A new topic at an address, with everything that comes to a consumer; removed at the end.

    Raises NoSuchEvent, WrongAddress, EngineMissing, RemoteExists, Unreachable, Refused.
    """
    require_topic(address)
    head = log.head()
    require_positions(faults, head)
    with kafka_part("trial_topic").TrialTopic(address, partitions=faults.partitions) as topic:
        for it in on_the_way(log.read(until=head), faults):
            partition = slot_of(it, faults) if faults.partitions > 1 else 0
            topic.send(it, log.links(it.position), partition=partition)
        topic.finish()
        yield topic


def judged(
    log: EventReader, projection: Projection[Any], faults: Faults, topic: Topic, *, guard: Guard
) -> Verdict:
    """The verdict on one view that is fed from a topic. Raises Unreachable, Refused."""
    came = _Came(log, partial(arrivals, topic, faults))
    return run(log, projection, faults, guard=guard, arrivals=came.again)


class _Came:
    """What came from a broker, which partition first is chance: so whoever looks at it again gets
    it in the order of the first time."""

    def __init__(self, log: EventReader, read: Callable[[], Iterable[Arrival]]) -> None:
        self._log, self._read = log, read
        self._positions, self._flags = array("q"), bytearray()
        self._is_known = False

    def again(self) -> Iterator[Arrival]:
        """From the broker; from the second time on as it was then."""
        if self._is_known:
            yield from self._remembered()
            return
        for it in self._read():
            self._positions.append(it.event.position)
            self._flags.append(it.is_projected + 2 * it.is_late)
            yield it
        self._is_known = True

    def _remembered(self) -> Iterator[Arrival]:
        for position, flags in zip(self._positions, self._flags, strict=True):
            event = self._log.event(position)
            if event is not None:
                yield Arrival(event, is_projected=bool(flags & 1), is_late=bool(flags & 2))


def arrivals(topic: Topic, faults: Faults) -> Iterator[Arrival]:
    """What comes to a consumer that reads a topic, and crashes where it is told to."""
    if not faults.crash_every or faults.crash_at == "append":
        for it in topic.read({}):
            yield Arrival(it.event, is_late=is_late(it.event, faults))
        return
    is_projected = faults.crash_at == "project"
    records = iter(topic.read({}))
    settled: dict[int, int] = {}
    while batch := list(islice(records, faults.crash_every)):
        has_crashed = len(batch) == faults.crash_every
        first_try = [Arrival(it.event, is_projected=is_projected) for it in batch]
        yield from first_try if has_crashed else [Arrival(it.event) for it in batch]
        reached = {**settled, **{it.partition: it.offset + 1 for it in batch}}
        if has_crashed:
            yield from (Arrival(it.event) for it in topic.read(settled, reached))
        settled = reached


def differences(memory: Verdict, broker: Verdict, faults: Faults) -> list[str]:
    """The names of what both verdicts should agree in and do not."""
    if faults.partitions == 1:
        names = [it.name for it in fields(Verdict)]
        return [it for it in names if getattr(memory, it) != getattr(broker, it)]
    has_failed = bool(memory.failure or broker.failure)
    return [
        name
        for name, look in _WITHOUT_ORDER.items()
        if _is_settled(name, memory, faults, has_failed=has_failed) and look(memory) != look(broker)
    ]


def _is_settled(name: str, it: Verdict, faults: Faults, *, has_failed: bool) -> bool:
    """Whether it is the same whichever partition is read first: a stream that lies in several has
    no order, which events come again after a crash is chance, and what a consumer applies may
    depend on all of it."""
    comes_again = faults.crash_every > 0 and faults.crash_at != "append"
    match name:
        case "inversions":
            return faults.partition_by == "stream"
        case "duplicates":
            return not comes_again
        case "doubled":
            return not (comes_again or has_failed or it.guard == "checkpoint")
        case "lost":
            return not (has_failed or it.guard == "checkpoint")
    return True


def _positions(kind: str) -> Callable[[Verdict], Any]:
    return lambda verdict: Counter(it.position for it in verdict.findings if it.kind == kind)


_WITHOUT_ORDER: Final[Mapping[str, Callable[[Verdict], Any]]] = {
    "delivered": lambda it: (it.seen.delivered, it.seen.late_count),
    "duplicates": _positions("duplicate"),
    "gaps": _positions("gap"),
    "inversions": _positions("inversion"),
    "lost": lambda it: it.lost,
    "doubled": lambda it: it.doubled,
}
