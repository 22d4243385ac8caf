"""What every question to a log means, word by word: a list of events and nothing clever."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.events import NewEvent, Payload, RecordedEvent, payload_of
from store.query import EventQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An event that a log is to hold, and the stream it lives in. Both times are stated."""

    stream: str
    event: NewEvent


class PlainLog:
    """The answers that a reader of a log with these events must give."""

    def __init__(self, given: Sequence[Given]) -> None:
        self.events = [_recorded(given, at) for at in range(len(given))]
        self._links = [tuple(sorted({*it.event.links} - {it.stream})) for it in given]

    def read(
        self,
        query: EventQuery,
        *,
        after: int,
        until: int | None,
        limit: int | None,
        reverse: bool,
    ) -> list[RecordedEvent]:
        met = [it for it in self.events if after < it.position and self._meets(query, it)]
        met = [it for it in met if until is None or it.position <= until]
        return (met[::-1] if reverse else met)[:limit]

    def links(self, position: int) -> tuple[str, ...]:
        return self._links[position - 1] if 0 < position <= len(self.events) else ()

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        found = {it.position: self.links(it.position) for it in self.page(first, last)}
        return {position: links for position, links in found.items() if links}

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        return [it for it in self.events if first <= it.position <= last]

    def payloads(self, first: int, last: int) -> list[Payload]:
        return list(map(payload_of, self.page(first, last)))

    def stream_payloads(self, stream: str, *, after: int, until: int | None) -> list[Payload]:
        query = EventQuery(streams=(stream,))
        found = self.read(query, after=after, until=until, limit=None, reverse=False)
        return list(map(payload_of, found))

    def of_home(self, stream: str, until: int | None = None) -> list[RecordedEvent]:
        home = [it for it in self.events if it.stream == stream]
        return [it for it in home if until is None or it.position <= until]

    def stream_moments(self, stream: str, after: int) -> list[tuple[int, int, int]]:
        query = EventQuery(streams=(stream,))
        return [
            (it.position, it.version if it.stream == stream else 0, it.occurred_at_us)
            for it in self.read(query, after=after, until=None, limit=None, reverse=False)
        ]

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        events = [it for it in self.events if it.position in set(positions)]
        found = {it.position: self.position_of(it.stream, it.version - 1) for it in events}
        return {it: before for it, before in found.items() if before is not None}

    def position_of(self, stream: str, version: int) -> int | None:
        found = [it.position for it in self.of_home(stream) if it.version == version]
        return found[0] if found else None

    def position_as_of(self, recorded_at_us: int) -> int:
        known = [it for it in self.events if self.running_max_us(it.position) <= recorded_at_us]
        return len(known)

    def running_max_us(self, position: int) -> int:
        if not 0 < position <= len(self.events):
            return 0
        return max(it.recorded_at_us for it in self.events[:position])

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        return [
            (it.position, it.type, self.running_max_us(it.position), it.occurred_at_us)
            for it in self.page(first, last)
        ]

    def stream_names(self) -> set[str]:
        return {name for it in self.events for name in (it.stream, *self.links(it.position))}

    def stream_lengths(self) -> list[tuple[str, int]]:
        lengths = Counter(it.stream for it in self.events)
        return sorted(lengths.items(), key=lambda it: (-it[1], it[0]))

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        span = self.page(after + 1, until)
        return [(it.position, it.stream, it.version) for it in span if it.version % versions == 0]

    def type_counts(self) -> dict[str, int]:
        return dict(Counter(it.type for it in self.events))

    def _meets(self, query: EventQuery, event: RecordedEvent) -> bool:
        places = {event.stream, *self.links(event.position)}
        texts = (event.data_json, event.metadata_json, event.id, event.type, event.stream)
        return (
            (not query.streams or bool(places & {*query.streams}))
            and (not query.types or event.type in query.types)
            and any(query.text.lower() in it.lower() for it in texts)
        )


def _recorded(given: Sequence[Given], at: int) -> RecordedEvent:
    one, event = given[at], given[at].event
    assert event.recorded_at_us is not None
    assert event.occurred_at_us is not None
    return RecordedEvent(
        at + 1,
        one.stream,
        sum(it.stream == one.stream for it in given[: at + 1]),
        event.type,
        event.id,
        event.recorded_at_us,
        event.recorded_offset_min,
        event.occurred_at_us,
        event.occurred_offset_min,
        event.data_json,
        event.metadata_json,
        event.source_json,
    )
