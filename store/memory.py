"""The log in memory: for tests, previews and what-ifs. Nothing of it is kept."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import cached_property
from itertools import islice
from uuid import uuid4

from msgspec import Struct

from store import json_text
from store.beside.interface import Beside
from store.beside.nothing import nothing_beside
from store.commits import CommitWatcher
from store.errors import DuplicateEventId, InvalidEvent, LivesNowhere, VersionConflict
from store.events import Appended, NewEvent, Payload, RecordedEvent, payload_of
from store.filter.evaluate import matches
from store.memory_events import MemoryEvents
from store.place import Place
from store.query import EVERYTHING, EventQuery
from store.times import now_us
from store.words import said


class Kept(Struct, frozen=True, kw_only=True):
    """An event as it is recorded, the further streams that it is linked into, and when it came
    here, in microseconds since 1970 UTC."""

    event: RecordedEvent
    links: tuple[str, ...]
    arrived_us: int


class MemoryStore:
    """store.interface.EventStore in lists. Every method may be called from any thread.

    An append takes time by the number of its events, whatever the log holds already.
    """

    def __init__(
        self,
        *,
        clock_us: Callable[[], int] = now_us,
        place: Place | None = None,
        store_id: str = "",
        events: MemoryEvents | None = None,
        keep: Callable[[Sequence[Kept]], None] = lambda _kept: None,
    ) -> None:
        """`place`: where its views and what else stands beside it are kept, if anywhere.

        For one that is kept elsewhere: `store_id` tells it from every other log, `events` are
        there at first, and `keep` is handed what an append is about to record. What that raises
        the append raises, and nothing is recorded.
        """
        self._clock_us = clock_us
        self._place = place
        self._id = store_id or str(uuid4())
        self._events = MemoryEvents() if events is None else events
        self._keep = keep
        self._changed = threading.Condition()
        self._is_closed = False

    @property
    def place(self) -> Place:
        """Raises LivesNowhere when none was given."""
        if self._place is None:
            raise LivesNowhere
        return self._place

    def append(self, stream: str, events: Sequence[NewEvent], *, expected: int | None) -> Appended:
        if not stream:
            raise InvalidEvent(said("an event needs a stream"))
        with self._changed:
            version = self._events.stream_version(stream)
            if expected is not None and expected != version:
                raise VersionConflict(stream, expected=expected, actual=version)
            self._check(events)
            recorded = list(self._recorded(stream, version, events))
            if recorded:
                self._keep(recorded)
            for it in recorded:
                self._events.add(it.event, links=it.links, arrived_us=it.arrived_us)
            self._changed.notify_all()
            return Appended(version=version + len(events), position=self._events.head())

    def append_soon(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> "Future[Appended]":
        answer: Future[Appended] = Future()
        try:
            answer.set_result(self.append(stream, events, expected=expected))
        except Exception as error:  # the edge: it belongs to whoever asks for the result
            answer.set_exception(error)
        return answer

    def store_id(self) -> str:
        return self._id

    def commits(self) -> CommitWatcher:
        return CommitWatcher(self._events.head)

    def interrupt(self) -> None:
        """Nothing to stop: every question is a look into lists."""

    @cached_property
    def beside(self) -> Beside:
        """Nothing: no command is kept here."""
        return nothing_beside()

    def head(self) -> int:
        return self._events.head()

    def event(self, position: int) -> RecordedEvent | None:
        return next(iter(self._events.page(position, position)), None)

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        return self._events.by_id(event_id)

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        return self._events.page(first, last)

    def payloads(self, first: int, last: int) -> list[Payload]:
        return list(map(payload_of, self.page(first, last)))

    def log_texts(self, first: int, last: int) -> None:
        """They are values already."""

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        return self._events.at_positions(positions)

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        return (it.position for it in self.read(query, after=after, until=until))

    def links(self, position: int) -> tuple[str, ...]:
        return self._events.links(position)

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        return self._events.links_between(first, last)

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        found = self._events.between(after, until, reverse=reverse)
        met = (it for it in found if self._events.meets(query, it))
        return islice(met if query.where is None else filter(matches(query.where), met), limit)

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        return islice(self._events.of_stream(stream, after, until, reverse=reverse), limit)

    def stream_payloads(
        self, stream: str, *, after: int = 0, until: int | None = None, naming: str | None = None
    ) -> Iterator[Payload]:
        del naming  # nothing is gained by leaving events out
        return map(payload_of, self._events.of_stream(stream, after, until, reverse=False))

    def stream_texts(
        self, stream: str, *, after: int, until: int, payloads_only: bool = False
    ) -> None:
        """Nothing is gained by putting events together."""

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        return self._events.stream_moments(stream, after)

    def has_stream(self, stream: str) -> bool:
        return self._events.has_stream(stream)

    def has_category(self, category: str) -> bool:
        return self._events.has_category(category)

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        return self._events.stream_version(stream, until=until)

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        return self._events.positions_before(positions)

    def position_of(self, stream: str, version: int) -> int | None:
        return self._events.position_of(stream, version)

    def position_as_of(self, recorded_at_us: int) -> int:
        return self._events.position_as_of(recorded_at_us)

    def running_max_us(self, position: int) -> int:
        return self._events.running_max_us(position)

    def arrived_at_us(self, position: int) -> int | None:
        """When it was recorded: nothing is imported into memory."""
        event = self.event(position)
        return None if event is None else event.recorded_at_us

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        return self._events.moments(first, last)

    def stream_names(self) -> set[str]:
        return self._events.stream_names()

    def stream_lengths(self) -> list[tuple[str, int]]:
        return self._events.stream_lengths()

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        found = self._events.between(after, until, reverse=False)
        return [(it.position, it.stream, it.version) for it in found if it.version % versions == 0]

    def type_names(self) -> list[str]:
        return list(self._events.type_counts())

    def type_counts(self) -> dict[str, int]:
        return self._events.type_counts()

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

    def _check(self, events: Sequence[NewEvent]) -> None:
        ids: set[str] = set()
        for event in events:
            if not event.type:
                raise InvalidEvent(said("an event needs a type"))
            if event.id in ids or self._events.by_id(event.id) is not None:
                raise DuplicateEventId(event.id)
            ids.add(event.id)
            _check_json(event)

    def _recorded(self, stream: str, version: int, events: Sequence[NewEvent]) -> Iterator[Kept]:
        """The events as they are recorded behind the last one."""
        head = self._events.head()
        arrived_us = max(self._clock_us(), self._events.running_max_us(head))
        for n, event in enumerate(events, 1):
            recorded, offset = event.recorded_at_us, event.recorded_offset_min
            if recorded is None:
                recorded, offset = arrived_us, 0
            occurred, occurred_offset = event.occurred_at_us, event.occurred_offset_min
            if occurred is None:
                occurred, occurred_offset = recorded, offset
            recorded_event = RecordedEvent(
                head + n,
                stream,
                version + n,
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
            yield Kept(event=recorded_event, links=event.links, arrived_us=arrived_us)


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
            events = self._store.page(self._position + 1, self._position + limit)
        self._position = events[-1].position if events else self._position
        return events

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _has_news(self) -> bool:
        ended = self._is_closed or self._store.is_closed
        return ended or self._store.head() > self._position


def _check_json(event: NewEvent) -> None:
    try:
        json_text.decode(event.data_json)
    except ValueError as error:
        raise InvalidEvent(
            said("the data is not valid JSON ({error}): {id}", error=error, id=event.id)
        ) from error
    for text in (event.metadata_json, event.source_json):
        if text is not None and not json_text.is_object(text):
            raise InvalidEvent(said("metadata and source must be JSON objects: {id}", id=event.id))
