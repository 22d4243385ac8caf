"""What every backend of the log fulfils; tests/contracts/event_store.py holds it to this."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import Protocol, TypeVar

from store.beside.interface import Beside, BesideWriter
from store.commits import CommitWatcher
from store.events import Appended, NewEvent, Payload, RecordedEvent
from store.log_texts import LogTexts
from store.place import Place
from store.query import EVERYTHING, EventQuery
from store.stream_texts import StreamTexts

T = TypeVar("T")


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
    """The reading half: what folds, views and windows ask of a log.

    Positions are dense, from 1. Use a reader from one thread at a time; `interrupt` may be called
    from any thread. Every question raises Cancelled when it was interrupted.
    """

    @property
    def place(self) -> Place:
        """Where the log lives: what lies beside it is found by this."""

    def store_id(self) -> str:
        """What tells this log from every other one; the same at every opening."""

    def commits(self) -> CommitWatcher:
        """Notices every commit to the log from now on, of other processes too; at first there is
        news. To be closed by whoever asked, before the reader."""

    def interrupt(self) -> None:
        """Stop the question that is running now, from another thread."""

    def close(self) -> None:
        """Free what the reader holds."""

    @property
    def beside(self) -> Beside:
        """What stands beside the events: commands, attempts, messages, answers, the clock."""

    def head(self) -> int:
        """The highest committed position; 0 in an empty log."""

    def event(self, position: int) -> RecordedEvent | None:
        """The event at a position, or None."""

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        """The event with this id, or None."""

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        """The events from position `first` to `last`, both included, oldest first."""

    def payloads(self, first: int, last: int) -> list[Payload]:
        """What the events from position `first` to `last` say, both included, oldest first."""

    def log_texts(self, first: int, last: int) -> LogTexts | None:
        """The same with all payloads as one text, for less still; None where that cannot be had."""

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        """The events at these positions, oldest first; unknown positions are left out."""

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        """The positions of the events that meet `query`, oldest first."""

    def links(self, position: int) -> tuple[str, ...]:
        """The streams, beside its home, that the event is linked into, by name."""

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        """The links of the events from position `first` to `last`; those without have no entry."""

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

    def stream_payloads(
        self, stream: str, *, after: int = 0, until: int | None = None, naming: str | None = None
    ) -> Iterator[Payload]:
        """What the events of a stream and those linked into it say, in position order, for less
        than the events themselves. With `naming`, objects that have no field of this name may be
        left out."""

    def stream_texts(
        self, stream: str, *, after: int, until: int, payloads_only: bool = False
    ) -> Iterator[StreamTexts] | None:
        """The same in runs whose payloads are one text, for less still; None where that cannot be
        had. With `payloads_only` they tell neither types nor metadata."""

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        """(position, version, occurred-at) of the events of a stream behind a position, by
        position, occurred-at in microseconds. Those linked into it are among them; their version
        is 0, as they have none here."""

    def has_stream(self, stream: str) -> bool:
        """Whether an event lives in, or is linked into, a stream of this name."""

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        """The stream's version, as of position `until`; 0 when it has no events."""

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        """For the position of each of these events the one of the event before it in its home
        stream; the first event of a stream has none."""

    def position_of(self, stream: str, version: int) -> int | None:
        """The position of the event with this version in its home stream, or None."""

    def position_as_of(self, recorded_at_us: int) -> int:
        """The last position whose running maximum of recorded-at is <= the time; 0 if none."""

    def running_max_us(self, position: int) -> int:
        """The greatest recorded-at of all events up to `position`, in microseconds; 0 where
        there is no event. What came with a time later than that at which it came counts as
        recorded then: no clock but the log's own is trusted to run ahead."""

    def arrived_at_us(self, position: int) -> int | None:
        """When the event came into this log: imported events keep the time at which they were
        recorded elsewhere. None when there is none."""

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        """(position, type, running maximum of recorded-at, occurred-at) of the events from
        position `first` to `last`, times in microseconds: what a time axis needs of them."""

    def has_category(self, category: str) -> bool:
        """Whether there is a stream of this category: its name begins so, and with a dash."""

    def stream_names(self) -> set[str]:
        """Every stream's name, those that events are only linked into included."""

    def stream_lengths(self) -> list[tuple[str, int]]:
        """(stream, events that live in it), the longest first, those of a length by name."""

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        """(position, stream, version) of the events with after < position <= until whose version
        is a multiple of `versions`, by position."""

    def type_names(self) -> list[str]:
        """Every event type's name, in the order in which they first appeared."""

    def type_counts(self) -> dict[str, int]:
        """How many events there are of each type, in the order in which they first appeared."""


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


class EventWriter(Protocol):
    """A log inside a transaction of its writer: what is written is recorded together or not at
    all. Valid until the transaction ends, on the thread that does the work."""

    @property
    def beside(self) -> BesideWriter:
        """What stands beside the events."""

    def append_inside(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> Appended:
        """Record `events` at the end of `stream`. Raises as EventStore.append does."""

    def newest(self, stream: str) -> int:
        """The position of the last event that is in a stream or linked into it; 0 without one."""


class CommandStore(EventStore, Protocol):
    """A log that records commands, and what else stands beside its events, with the events."""

    def submit(self, work: Callable[[EventWriter], T]) -> "Future[T]":
        """Do `work` in a transaction of its own, on another thread. What it raises, the future
        raises, and nothing is recorded. What is cancelled while it waits is not done."""

    def write(self, work: Callable[[EventWriter], T]) -> T:
        """Do `work` in a transaction of its own, on any thread, and return what it gives once
        that is on the disk. What it raises is raised, and nothing is recorded."""
