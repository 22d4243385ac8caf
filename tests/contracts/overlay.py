"""A log with one event left out, as a reader over another log: nothing is copied, nothing stored.

Positions are dense again and versions of the stream count without a gap, so whatever reads a log
must read this. It is what a branch will be, at its smallest.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice

from msgspec import structs

from store.beside.interface import Beside
from store.commits import CommitWatcher
from store.events import Payload, RecordedEvent, payload_of
from store.interface import EventReader
from store.place import Place
from store.query import EVERYTHING, EventQuery


class WithoutOne:
    """store.interface.EventReader: `below` without the event at a position. It closes `below`."""

    def __init__(self, below: EventReader, left_out: int, *, place: Place) -> None:
        """`place`: where its views are kept; no file of a log lies there."""
        gone = below.event(left_out)
        assert gone is not None
        self._below = below
        self._gone = gone
        self._place = place

    @property
    def place(self) -> Place:
        return self._place

    @property
    def beside(self) -> Beside:
        return self._below.beside

    def store_id(self) -> str:
        return f"{self._below.store_id()} without {self._gone.position}"

    def commits(self) -> CommitWatcher:
        return self._below.commits()

    def interrupt(self) -> None:
        self._below.interrupt()

    def close(self) -> None:
        self._below.close()

    def head(self) -> int:
        return self._below.head() - 1

    def event(self, position: int) -> RecordedEvent | None:
        return next(iter(self.page(position, position)), None)

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        found = self._below.event_by_id(event_id)
        return None if found is None else next(self._shown([found]), None)

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        return list(self._shown(self._below.page(self._there(first), self._there(last))))

    def payloads(self, first: int, last: int) -> list[Payload]:
        return list(map(payload_of, self.page(first, last)))

    def log_texts(self, _first: int, _last: int) -> None:
        return None

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        return list(self._shown(self._below.at_positions(map(self._there, positions))))

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        found = self._below.positions(query, after=self._there(after), until=self._until(until))
        return (self._here(it) for it in found if it != self._gone.position)

    def links(self, position: int) -> tuple[str, ...]:
        return self._below.links(self._there(position))

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        found = self._below.links_between(self._there(first), self._there(last))
        return {self._here(it): links for it, links in found.items() if it != self._gone.position}

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        found = self._below.read(
            query, after=self._there(after), until=self._until(until), reverse=reverse
        )
        return islice(self._shown(found), limit)

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        found = self._below.read_stream(
            stream, after=self._there(after), until=self._until(until), reverse=reverse
        )
        return islice(self._shown(found), limit)

    def stream_payloads(
        self, stream: str, *, after: int = 0, until: int | None = None, naming: str | None = None
    ) -> Iterator[Payload]:
        del naming  # whoever asks for fewer can take all
        return map(payload_of, self.read_stream(stream, after=after, until=until))

    def stream_texts(
        self, stream: str, *, after: int, until: int, payloads_only: bool = False
    ) -> None:
        """They are not put together."""

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        return [
            (it.position, it.version if it.stream == stream else 0, it.occurred_at_us)
            for it in self.read_stream(stream, after=after)
        ]

    def has_stream(self, stream: str) -> bool:
        return next(self.read_stream(stream, limit=1), None) is not None

    def has_category(self, category: str) -> bool:
        return any(it.startswith(f"{category}-") for it in self.stream_names())

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        there = self._until(until)
        version = self._below.stream_version(stream, until=there)
        is_counted = stream == self._gone.stream and (there is None or there >= self._gone.position)
        return version - is_counted

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        events = self.at_positions(positions)
        found = {it.position: self.position_of(it.stream, it.version - 1) for it in events}
        return {it: before for it, before in found.items() if before is not None}

    def position_of(self, stream: str, version: int) -> int | None:
        is_behind = stream == self._gone.stream and version >= self._gone.version
        there = self._below.position_of(stream, version + is_behind)
        return None if there is None else self._here(there)

    def position_as_of(self, recorded_at_us: int) -> int:
        return bisect_right(self._running(), recorded_at_us)

    def running_max_us(self, position: int) -> int:
        running = self._running()
        return running[position - 1] if 0 < position <= len(running) else 0

    def arrived_at_us(self, position: int) -> int | None:
        return self._below.arrived_at_us(self._there(position))

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        running = self._running()
        return [
            (it.position, it.type, running[it.position - 1], it.occurred_at_us)
            for it in self.page(first, last)
        ]

    def stream_names(self) -> set[str]:
        touched = {self._gone.stream, *self._below.links(self._gone.position)}
        lost = {it for it in touched if not self.has_stream(it)}
        return self._below.stream_names() - lost

    def stream_lengths(self) -> list[tuple[str, int]]:
        lengths = Counter(dict(self._below.stream_lengths()))
        lengths[self._gone.stream] -= 1
        return sorted((+lengths).items(), key=lambda it: (-it[1], it[0]))

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        span = self.read(after=after, until=until)
        return [(it.position, it.stream, it.version) for it in span if it.version % versions == 0]

    def type_names(self) -> list[str]:
        return list(self.type_counts())

    def type_counts(self) -> dict[str, int]:
        return dict(Counter(it.type for it in self.read()))

    def _running(self) -> list[int]:
        return list(accumulate(map(self._known_us, self.read()), max))

    def _known_us(self, event: RecordedEvent) -> int:
        """When the event was recorded: not later than it came, whatever it claims."""
        arrived_us = self.arrived_at_us(event.position)
        assert arrived_us is not None
        return min(event.recorded_at_us, arrived_us)

    def _there(self, position: int) -> int:
        """The position below of ours; between ours and the next only the one left out may lie."""
        return position if position < self._gone.position else position + 1

    def _here(self, position: int) -> int:
        return position if position < self._gone.position else position - 1

    def _until(self, position: int | None) -> int | None:
        return None if position is None else self._there(position)

    def _shown(self, events: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
        for event in events:
            if event.position != self._gone.position:
                is_behind = event.stream == self._gone.stream and event.version > self._gone.version
                yield structs.replace(
                    event, position=self._here(event.position), version=event.version - is_behind
                )
