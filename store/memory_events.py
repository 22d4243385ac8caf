"""Recorded events in lists, with what is asked of them by stream, time and type kept ready."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter

from store.events import RecordedEvent
from store.query import EventQuery

_BY_POSITION = attrgetter("position")


class MemoryEvents:
    """Grows at the end only, each event in the time of a few appends to lists.

    One thread adds; any may read what was there when it asked.
    """

    def __init__(self) -> None:
        self._events: list[RecordedEvent] = []
        self._running_max_us: list[int] = []
        self._by_id: dict[str, RecordedEvent] = {}
        self._links: dict[int, tuple[str, ...]] = {}
        self._streams: dict[str, list[RecordedEvent]] = defaultdict(list)  # home and linked
        self._homes: dict[str, list[int]] = defaultdict(list)  # positions, by version - 1
        self._types: Counter[str] = Counter()

    def add(self, event: RecordedEvent, *, links: Collection[str] = (), arrived_us: int) -> None:
        """Put the event behind the last one; its position and version are the next ones.

        `arrived_us`: when it came here. Nothing was recorded later than that, whatever it claims.
        """
        latest_us = max([min(event.recorded_at_us, arrived_us), *self._running_max_us[-1:]])
        self._running_max_us.append(latest_us)
        self._by_id[event.id] = event
        if elsewhere := {*links} - {event.stream}:
            self._links[event.position] = tuple(sorted(elsewhere))
        for name in {event.stream, *elsewhere}:
            self._streams[name].append(event)
        self._homes[event.stream].append(event.position)
        self._types[event.type] += 1
        self._events.append(event)  # last: this is what makes it be there

    def head(self) -> int:
        """The last position; 0 while there is none."""
        return len(self._events)

    def by_id(self, event_id: str) -> RecordedEvent | None:
        """The event with this id, or None."""
        event = self._by_id.get(event_id)
        return event if event is not None and event.position <= self.head() else None

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        """The events from position `first` to `last`, both included."""
        return self._events[max(first, 1) - 1 : max(last, 0)]

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        """The events at these positions, oldest first; unknown positions are left out."""
        head = self.head()
        return [self._events[it - 1] for it in sorted(set(positions)) if 0 < it <= head]

    def between(self, after: int, until: int | None, *, reverse: bool) -> Iterator[RecordedEvent]:
        """Events with after < position <= until, oldest first, or newest."""
        last = self.head() if until is None else min(until, self.head())
        indexes = range(max(after, 0), last)
        return (self._events[it] for it in (reversed(indexes) if reverse else indexes))

    def of_stream(
        self, stream: str, after: int, until: int | None, *, reverse: bool
    ) -> Iterator[RecordedEvent]:
        """Events of a stream, those linked into it included, with after < position <= until."""
        events = self._streams.get(stream, [])
        first = bisect_right(events, after, key=_BY_POSITION)
        last = bisect_right(events, self.head() if until is None else until, key=_BY_POSITION)
        indexes = range(first, last)
        return (events[it] for it in (reversed(indexes) if reverse else indexes))

    def stream_moments(self, stream: str, after: int) -> list[tuple[int, int, int]]:
        """(position, version, occurred-at) of the stream's events behind a position; the version
        of a linked one is 0."""
        return [
            (it.position, it.version if it.stream == stream else 0, it.occurred_at_us)
            for it in self.of_stream(stream, after, None, reverse=False)
        ]

    def has_stream(self, stream: str) -> bool:
        """Whether an event lives in, or is linked into, it."""
        return stream in self._streams

    def has_category(self, category: str) -> bool:
        """Whether a stream's name begins so, and with a dash."""
        return any(it.startswith(f"{category}-") for it in self._streams)

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        """How many events live in the stream, up to position `until`."""
        home = self._homes.get(stream, ())
        return len(home) if until is None else bisect_right(home, until)

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        """For the position of each of these events that of the one before it in its home stream."""
        events = self.at_positions(positions)
        found = ((it.position, self.position_of(it.stream, it.version - 1)) for it in events)
        return {position: before for position, before in found if before is not None}

    def position_of(self, stream: str, version: int) -> int | None:
        """The position of the event with this version in its home stream, or None."""
        home = self._homes.get(stream, ())
        return home[version - 1] if 0 < version <= len(home) else None

    def links(self, position: int) -> tuple[str, ...]:
        """The streams, beside its home, that the event is linked into, by name."""
        return self._links.get(position, ())

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        """The links of the events from position `first` to `last`; those without have no entry."""
        found = range(max(first, 1), min(last, self.head()) + 1)
        return {it: self._links[it] for it in found if it in self._links}

    def position_as_of(self, recorded_at_us: int) -> int:
        """The last position whose running maximum of recorded-at is <= the time."""
        return bisect_right(self._running_max_us, recorded_at_us, hi=self.head())

    def running_max_us(self, position: int) -> int:
        """The greatest recorded-at of all events up to `position`, one later than its arrival
        counted as that; 0 where there is no event."""
        return self._running_max_us[position - 1] if 0 < position <= self.head() else 0

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        """(position, type, running maximum of recorded-at, occurred-at) from `first` to `last`."""
        return [
            (it.position, it.type, self.running_max_us(it.position), it.occurred_at_us)
            for it in self.page(first, last)
        ]

    def stream_names(self) -> set[str]:
        """Every stream's name, those that events are only linked into included."""
        return set(self._streams)

    def stream_lengths(self) -> list[tuple[str, int]]:
        """(stream, events that live in it), the longest first, those of a length by name."""
        lengths = ((name, len(home)) for name, home in list(self._homes.items()))
        return sorted(lengths, key=lambda it: (-it[1], it[0]))

    def type_counts(self) -> dict[str, int]:
        """How many events there are of each type, in the order in which they first appeared."""
        return dict(self._types)

    def meets(self, query: EventQuery, event: RecordedEvent) -> bool:
        """Whether the event meets every part of the query but its filter."""
        return meets(query, event, self.links(event.position))


def meets(query: EventQuery, event: RecordedEvent, links: Collection[str]) -> bool:
    """Whether an event with these links meets every part of a query but its filter."""
    if query.streams and {event.stream, *links}.isdisjoint(query.streams):
        return False
    if query.types and event.type not in query.types:
        return False
    texts = (event.data_json, event.metadata_json, event.id, event.type, event.stream)
    return any(_ascii_lower(query.text) in _ascii_lower(text) for text in texts)


def _ascii_lower(text: str) -> str:
    """What LIKE compares in SQLite: letters A to Z without regard to case, others exactly."""
    return "".join(c.lower() if c.isascii() else c for c in text)
