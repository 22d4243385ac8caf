"""How events may reach a consumer: twice, in another order, late, after a crash, or not at all.

At-least-once delivery is what most systems promise. The switches here do to a log what networks,
queues and crashes do, from a seed, so that a run can be had again.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, TypeAlias

from replay.words import said
from store.errors import StoreError
from store.events import RecordedEvent

PartitionKey: TypeAlias = Literal["stream", "type", "random"]
CrashPoint: TypeAlias = Literal["append", "publish", "project"]
Publisher: TypeAlias = Literal["outbox", "save-then-publish"]

WINDOW: Final = 8  # events that may change places
LATE: Final = 40  # events that a delayed one comes after
MOST_PARTITIONS: Final = 64


class NoSuchEvent(StoreError):
    """A position that a switch names is not in the log, or has no next one to swap with."""

    hint = said("Give positions of the log. The last event cannot be swapped with a next one.")

    def __init__(self, position: int, *, last: int) -> None:
        super().__init__(
            said(
                "there is no event {position:,}; the last one is {last:,}",
                position=position,
                last=last,
            )
        )
        self.position, self.last = position, last


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Shares in percent, of all events; positions for the one event that shall suffer.

    An event is appended, published, projected, and then the checkpoint is kept. `crash_at` is the
    last of these steps that was done before the crash.
    """

    duplicate: float = 0.0
    reorder: float = 0.0  # changes places with one of the next few
    drop: float = 0.0
    delay: float = 0.0  # comes after the next forty
    drop_at: tuple[int, ...] = ()  # these never come
    swap_at: tuple[int, ...] = ()  # these come after the next one
    crash_every: int = 0  # events
    crash_at: CrashPoint = "project"
    publisher: Publisher = "outbox"  # what becomes of an event that was appended, not published
    partitions: int = 1
    partition_by: PartitionKey = "stream"  # all but "stream" are wrong: they tear streams apart
    seed: int = 1

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is disturbed."""
        shares = (self.duplicate, self.reorder, self.drop, self.delay)
        exact = (self.drop_at, self.swap_at)
        return not any((*shares, *exact, self.crash_every)) and self.partitions == 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """One time that an event comes to a consumer."""

    event: RecordedEvent
    is_projected: bool = True  # False: the consumer crashed with it in hand, nothing was applied
    is_late: bool = False  # published only after a restart, from the outbox


def require_positions(faults: Faults, head: int) -> None:
    """Raises NoSuchEvent when a switch names an event that is not there."""
    for positions, last in ((faults.drop_at, head), (faults.swap_at, max(head - 1, 0))):
        if wrong := [it for it in positions if not 1 <= it <= last]:
            raise NoSuchEvent(wrong[0], last=last)


def delivered(events: Iterable[RecordedEvent], faults: Faults) -> Iterator[Arrival]:
    """The events as a consumer gets them."""
    return _handed_over(on_the_way(events, faults), faults)


def on_the_way(events: Iterable[RecordedEvent], faults: Faults) -> Iterator[RecordedEvent]:
    """The events in the order in which they lie in front of a consumer."""
    dice = random.Random(faults.seed)
    stream = _exactly(_published(iter(events), faults), faults)
    if faults.partitions > 1:
        stream = _partitioned(stream, faults, dice)
    stream = _lost_and_doubled(stream, faults, dice)
    stream = _late(stream, faults, dice)
    return _reordered(stream, faults, dice)


def is_late(event: RecordedEvent, faults: Faults) -> bool:
    """Whether it was published only after a restart, from the outbox."""
    return _crashes_before_publishing(faults, event)


def slot_of(event: RecordedEvent, faults: Faults) -> int:
    """The partition that it goes to, from 0; each time the same."""
    if faults.partition_by == "random":
        return random.Random(f"{faults.seed}/{event.position}").randrange(faults.partitions)
    key = event.stream if faults.partition_by == "stream" else event.type
    return sum(key.encode("utf-8", "surrogatepass")) % faults.partitions


def _crashes_before_publishing(faults: Faults, event: RecordedEvent) -> bool:
    is_meant = faults.crash_every > 0 and faults.crash_at == "append"
    return is_meant and event.position % faults.crash_every == 0


def _published(events: Iterator[RecordedEvent], faults: Faults) -> Iterator[RecordedEvent]:
    """Whoever saves and then publishes forgets what the crash came between; an outbox is written
    with the event, and is emptied before the next one can be appended."""
    for event in events:
        if faults.publisher == "outbox" or not _crashes_before_publishing(faults, event):
            yield event


def _exactly(events: Iterator[RecordedEvent], faults: Faults) -> Iterator[RecordedEvent]:
    dropped, swapped = frozenset(faults.drop_at), frozenset(faults.swap_at)
    held: list[RecordedEvent] = []
    for event in events:
        if event.position in dropped:
            continue
        if event.position in swapped:
            held.append(event)
            continue
        yield event
        yield from held
        held.clear()
    yield from held


def _partitioned(
    events: Iterator[RecordedEvent], faults: Faults, dice: random.Random
) -> Iterator[RecordedEvent]:
    """Each partition keeps its order; between them there is none. What belongs together and has
    different keys comes apart."""
    queues: list[list[RecordedEvent]] = [[] for _ in range(faults.partitions)]
    for event in events:
        queues[slot_of(event, faults)].append(event)
        if sum(map(len, queues)) >= LATE:
            yield dice.choice([it for it in queues if it]).pop(0)
    while waiting := [it for it in queues if it]:
        yield dice.choice(waiting).pop(0)


def _lost_and_doubled(
    events: Iterator[RecordedEvent], faults: Faults, dice: random.Random
) -> Iterator[RecordedEvent]:
    for event in events:
        if dice.random() * 100 < faults.drop:
            continue
        yield event
        if dice.random() * 100 < faults.duplicate:
            yield event


def _late(
    events: Iterator[RecordedEvent], faults: Faults, dice: random.Random
) -> Iterator[RecordedEvent]:
    waiting: list[tuple[int, RecordedEvent]] = []
    for at, event in enumerate(events):
        if dice.random() * 100 < faults.delay:
            waiting.append((at + LATE, event))
        else:
            yield event
        while waiting and waiting[0][0] <= at:
            yield waiting.pop(0)[1]
    yield from (event for _, event in waiting)


def _reordered(
    events: Iterator[RecordedEvent], faults: Faults, dice: random.Random
) -> Iterator[RecordedEvent]:
    while window := list(islice(events, WINDOW)):
        for at in range(len(window)):
            if dice.random() * 100 < faults.reorder:
                other = dice.randrange(len(window))
                window[at], window[other] = window[other], window[at]
        yield from window


def _handed_over(events: Iterator[RecordedEvent], faults: Faults) -> Iterator[Arrival]:
    """What was not settled by a kept checkpoint comes again after the consumer's crash."""
    if not faults.crash_every or faults.crash_at == "append":
        for event in events:
            yield Arrival(event, is_late=is_late(event, faults))
        return
    is_projected = faults.crash_at == "project"
    while batch := list(islice(events, faults.crash_every)):
        if len(batch) == faults.crash_every:
            yield from (Arrival(it, is_projected=is_projected) for it in batch)
        yield from map(Arrival, batch)
