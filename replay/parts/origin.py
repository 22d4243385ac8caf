"""Where the events of a view that is folded in parts come from, and how they are read in shards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Protocol

from replay.parts.shipped import Window
from replay.views.sink import Mark
from store.events import RecordedEvent

EVENTS_A_SHARD: Final = 50_000
EVENTS_A_WINDOW: Final = 10_000
TEXT_A_WINDOW: Final = 16_000_000  # characters of payload
_TEXT: Final = attrgetter("data_json")


class Shard(Protocol):
    """A part of the events that one worker reads. It can be pickled, and read again and again."""

    @property
    def events(self) -> int:
        """How many there are in it."""

    def windows(self) -> Iterator[Window]:
        """All of them, in order. Raises what the source raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Events up to one moment."""

    identity: str  # what tells this source from every other one
    head: Mark  # the last event of them
    shards: Sequence[Shard]


def ranges(head: int, *, least: int) -> list[tuple[int, int]]:
    """Runs of positions, first and last: at least so many of them as long as there are events."""
    size = max(1, min(EVENTS_A_SHARD, -(-head // least)))
    return [(first, min(first + size - 1, head)) for first in range(1, head + 1, size)]


def by_size(events: Sequence[RecordedEvent]) -> Iterator[Sequence[RecordedEvent]]:
    """Runs of events that are not too long."""
    if events and sum(map(len, map(_TEXT, events))) <= TEXT_A_WINDOW:
        yield events
        return
    begin = size = 0
    for at, event in enumerate(events):
        size += len(event.data_json)
        if size > TEXT_A_WINDOW and at > begin:
            yield events[begin:at]
            begin, size = at, len(event.data_json)
    if begin < len(events):
        yield events[begin:]
