"""How events may reach a consumer: twice, in another order, late, or not at all.

At-least-once delivery is what most systems promise. The switches here do to a log what networks,
queues and crashes do, from a seed, so that a run can be had again.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from store.events import RecordedEvent

WINDOW: Final = 8  # events that may change places
LATE: Final = 40  # events that a delayed one comes after


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Shares in percent, of all events. `partition_by` sends what has another key another way."""

    duplicate: float = 0.0
    reorder: float = 0.0  # changes places with one of the next few
    drop: float = 0.0
    delay: float = 0.0  # comes after the next forty
    crash_every: int = 0  # events; a crash before the checkpoint is kept: the batch comes again
    partitions: int = 1
    partition_by: str = "stream"  # "stream", or "type": the wrong key for what one stream means
    seed: int = 1

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is disturbed."""
        shares = (self.duplicate, self.reorder, self.drop, self.delay)
        return not any(shares) and not self.crash_every and self.partitions == 1


def delivered(events: Iterable[RecordedEvent], faults: Faults) -> Iterator[RecordedEvent]:
    """The events as a consumer gets them."""
    dice = random.Random(faults.seed)
    stream = iter(events)
    if faults.partitions > 1:
        stream = _partitioned(stream, faults, dice)
    stream = _lost_and_doubled(stream, faults, dice)
    stream = _late(stream, faults, dice)
    stream = _reordered(stream, faults, dice)
    return _again_after_crash(stream, faults)


def _partitioned(
    events: Iterator[RecordedEvent], faults: Faults, dice: random.Random
) -> Iterator[RecordedEvent]:
    """Each partition keeps its order; between them there is none. What belongs together and has
    different keys comes apart."""
    queues: list[list[RecordedEvent]] = [[] for _ in range(faults.partitions)]
    for event in events:
        key = event.stream if faults.partition_by == "stream" else event.type
        queues[_slot(key, faults.partitions)].append(event)
        if sum(map(len, queues)) >= LATE:
            yield dice.choice([it for it in queues if it]).pop(0)
    while waiting := [it for it in queues if it]:
        yield dice.choice(waiting).pop(0)


def _slot(key: str, partitions: int) -> int:
    return sum(key.encode("utf-8", "surrogatepass")) % partitions


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


def _again_after_crash(events: Iterator[RecordedEvent], faults: Faults) -> Iterator[RecordedEvent]:
    if not faults.crash_every:
        yield from events
        return
    while batch := list(islice(events, faults.crash_every)):
        yield from batch  # applied, but the checkpoint was not kept
        yield from batch
