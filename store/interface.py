"""What every backend of the log fulfils; tests/contracts/event_store.py holds it to this."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Protocol

from store.events import Appended, NewEvent, RecordedEvent
from store.query import EVERYTHING, EventQuery


class Subscription(Protocol):
    """Catch up with the log, then follow it live, commits of other processes included."""

    @property
    def position(self) -> int:
        """The last position handed out."""

    def batch(self, *, limit: int = 1_000, timeout_s: float = 1.0) -> Sequence[RecordedEvent]:
        """The next events, in position order without gap or repeat.

        Waits up to `timeout_s` for one to come; then the answer is empty. One thread at a time.
        """

    def close(self) -> None:
        """End a waiting `batch` (from any thread) and free the connection."""


class EventReader(Protocol):
    """The reading half: what folds, views and windows need of a log."""

    def head(self) -> int:
        """The highest committed position; 0 in an empty log."""

    def event(self, position: int) -> RecordedEvent | None:
        """The event at a position, or None."""

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        """The event with this id, or None."""

    def links(self, position: int) -> tuple[str, ...]:
        """The streams, beside its home, that the event is linked into, by name."""

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        """Events that meet `query` with after < position <= until, oldest (newest) first."""

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        """Events of a stream and those linked into it, in position order (newest first)."""

    def read_stream_occurred(self, stream: str, *, until_us: int) -> Iterator[RecordedEvent]:
        """Events of a home stream that had occurred by then, by (occurred-at, position)."""

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        """The stream's version, as of position `until`; 0 when it has no events."""

    def position_of(self, stream: str, version: int) -> int | None:
        """The position of the event with this version in its home stream, or None."""

    def position_as_of(self, recorded_at_us: int) -> int:
        """The last position whose running maximum of recorded-at is <= the time; 0 if none."""


class EventStore(EventReader, Protocol):
    """An append-only log of events. Every method may be called from any thread."""

    def append(self, stream: str, events: Sequence[NewEvent], *, expected: int | None) -> Appended:
        """Record `events` at the end of `stream`, in order, all or none; durable on return.

        `expected` is the version the decision was based on: a number, NEW_STREAM or
        ANY_VERSION. Raises VersionConflict, DuplicateEventId, InvalidEvent; then the log is
        as it was.
        """

    def append_soon(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> "Future[Appended]":
        """Like `append`, without waiting; appends that wait together share one commit."""

    def subscribe(self, *, after: int = 0) -> Subscription:
        """Follow the log from behind position `after`."""

    def close(self) -> None:
        """Finish waiting appends and free every thread and handle. Subscriptions end."""
