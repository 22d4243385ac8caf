"""The log in memory: for tests, previews and what-ifs. Nothing of it is kept."""

import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from itertools import accumulate, islice
from operator import attrgetter

from store import json_text
from store.errors import DuplicateEventId, InvalidEvent, VersionConflict
from store.events import Appended, NewEvent, RecordedEvent
from store.query import EVERYTHING, EventQuery
from store.times import now_us

SCHEME = "memory"


class MemoryStore:
    """store.interface.EventStore in lists. Every method may be called from any thread."""

    def __init__(self, *, clock_us: Callable[[], int] = now_us) -> None:
        self._clock_us = clock_us
        self._events: list[RecordedEvent] = []
        self._by_id: dict[str, RecordedEvent] = {}
        self._links: dict[int, tuple[str, ...]] = {}
        self._streams: dict[str, list[RecordedEvent]] = defaultdict(list)  # home and linked
        self._changed = threading.Condition()
        self._is_closed = False

    def append(self, stream: str, events: Sequence[NewEvent], *, expected: int | None) -> Appended:
        with self._changed:
            version = self._version(stream)
            if expected is not None and expected != version:
                raise VersionConflict(stream, expected=expected, actual=version)
            self._check(stream, events)
            for n, event in enumerate(events, 1):
                self._record(stream, version + n, event)
            self._changed.notify_all()
            return Appended(version=version + len(events), position=len(self._events))

    def append_soon(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> "Future[Appended]":
        answer: Future[Appended] = Future()
        try:
            answer.set_result(self.append(stream, events, expected=expected))
        except Exception as error:  # the edge: it belongs to whoever asks for the result
            answer.set_exception(error)
        return answer

    def head(self) -> int:
        return len(self._events)

    def event(self, position: int) -> RecordedEvent | None:
        return self._events[position - 1] if 0 < position <= len(self._events) else None

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        return self._by_id.get(event_id)

    def links(self, position: int) -> tuple[str, ...]:
        return self._links.get(position, ())

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        found = (event for event in self._events[after:until] if self._meets(query, event))
        return _in_order(found, limit=limit, reverse=reverse)

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        last = len(self._events) if until is None else until
        found = (it for it in self._streams.get(stream, ()) if after < it.position <= last)
        return _in_order(found, limit=limit, reverse=reverse)

    def read_stream_occurred(self, stream: str, *, until_us: int) -> Iterator[RecordedEvent]:
        found = [it for it in self._home(stream) if it.occurred_at_us <= until_us]
        return iter(sorted(found, key=attrgetter("occurred_at_us", "position")))

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        return sum(until is None or it.position <= until for it in self._home(stream))

    def position_of(self, stream: str, version: int) -> int | None:
        return next((it.position for it in self._home(stream) if it.version == version), None)

    def position_as_of(self, recorded_at_us: int) -> int:
        running = accumulate((event.recorded_at_us for event in self._events), max)
        return bisect_right(list(running), recorded_at_us)

    def subscribe(self, *, after: int = 0) -> "MemorySubscription":
        return MemorySubscription(self, self._changed, after=after)

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called: subscriptions end."""
        return self._is_closed

    def _check(self, stream: str, events: Sequence[NewEvent]) -> None:
        if not stream:
            raise InvalidEvent("an event needs a stream to live in")
        ids: set[str] = set()
        for event in events:
            if not event.type:
                raise InvalidEvent("an event needs a type")
            if event.id in self._by_id or event.id in ids:
                raise DuplicateEventId(event.id)
            ids.add(event.id)
            _check_json(event)

    def _record(self, stream: str, version: int, event: NewEvent) -> None:
        recorded, offset = event.recorded_at_us, event.recorded_offset_min
        if recorded is None:
            latest = max((it.recorded_at_us for it in self._events), default=0)
            recorded, offset = max(self._clock_us(), latest), 0
        occurred, occurred_offset = event.occurred_at_us, event.occurred_offset_min
        if occurred is None:
            occurred, occurred_offset = recorded, offset
        position = len(self._events) + 1
        recorded_event = RecordedEvent(
            position,
            stream,
            version,
            event.type,
            event.id,
            recorded,
            offset,
            occurred,
            occurred_offset,
            event.data_json,
            event.metadata_json,
            event.source_json,
        )
        self._events.append(recorded_event)
        self._by_id[event.id] = recorded_event
        self._links[position] = tuple(sorted(set(event.links)))
        for name in {stream, *event.links}:
            self._streams[name].append(recorded_event)

    def _home(self, stream: str) -> Iterator[RecordedEvent]:
        return (it for it in self._streams.get(stream, ()) if it.stream == stream)

    def _version(self, stream: str) -> int:
        return sum(1 for _ in self._home(stream))

    def _meets(self, query: EventQuery, event: RecordedEvent) -> bool:
        places = {event.stream, *self._links[event.position]}
        if query.streams and places.isdisjoint(query.streams):
            return False
        if query.types and event.type not in query.types:
            return False
        texts = (event.data_json, event.metadata_json, event.id, event.type, event.stream)
        return any(_ascii_lower(query.text) in _ascii_lower(text) for text in texts)


class MemorySubscription:
    """store.interface.Subscription on a MemoryStore."""

    def __init__(self, store: MemoryStore, changed: threading.Condition, *, after: int) -> None:
        self._store = store
        self._changed = changed
        self._position = after
        self._is_closed = False

    @property
    def position(self) -> int:
        return self._position

    def batch(self, *, limit: int = 1_000, timeout_s: float = 1.0) -> list[RecordedEvent]:
        with self._changed:
            self._changed.wait_for(self._has_news, timeout_s)
            if self._is_closed:
                return []
            events = list(self._store.read(after=self._position, limit=limit))
        self._position = events[-1].position if events else self._position
        return events

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _has_news(self) -> bool:
        ended = self._is_closed or self._store.is_closed
        return ended or self._store.head() > self._position


def _in_order(
    events: Iterator[RecordedEvent], *, limit: int | None, reverse: bool
) -> Iterator[RecordedEvent]:
    return islice(reversed(list(events)) if reverse else events, limit)


def _check_json(event: NewEvent) -> None:
    try:
        json_text.decode(event.data_json)
    except ValueError as error:
        raise InvalidEvent(f"the data is not valid JSON ({error}): {event.id}") from error
    for text in (event.metadata_json, event.source_json):
        if text is not None and not json_text.is_object(text):
            raise InvalidEvent(f"metadata and source must be JSON objects: {event.id}")


def _ascii_lower(text: str) -> str:
    """What LIKE compares in SQLite: letters A to Z without regard to case, others exactly."""
    return "".join(c.lower() if c.isascii() else c for c in text)
