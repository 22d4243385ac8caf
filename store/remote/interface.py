"""What an event store on a server fulfils: less than a local log, so that more of them can.

There are no dense positions, no queries and no links between streams here, only streams and one
order in which everything can be read. tests/contracts/remote_store.py holds every kind to this.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, Protocol

from msgspec import Struct

from store.events import NewEvent
from store.reading.format import Incoming, Record
from store.remote.address import Address

PAGE: Final = 1_000  # events


class Abilities(Struct, frozen=True, kw_only=True):
    """What a kind of store can do."""

    order: Literal["global", "stream"]  # in which order everything is read
    ids: Literal["store", "stream"] = "store"  # within what an id of an event is unique
    has_wake_up: bool  # `wait` returns as something comes; without it, it only lets time pass
    can_append: bool  # of a store of another program: no
    most_events: int = 0  # in one append; 0: as many as fit into memory
    most_bytes: int = 0  # of one payload; 0: no limit that is known
    program: str = ""  # whose store it is, for people; empty: Foldline's own
    format_name: str = ""  # of its events, as a file of that program has it; empty: none


class RemoteEvent(Struct, frozen=True, kw_only=True, gc=False):
    """An event of a store on a server."""

    stream: str
    version: int  # in its stream, from 1; 0 where nobody numbers them
    # Reading goes on behind it; opaque, and never the same for two events. Empty in what `stream`
    # gives where that does not tell how far everything else was read.
    cursor: str
    place: str  # in the store, in its own words, as a person would name it
    event: NewEvent  # `recorded_at_us` is when the server recorded it, by its own clock
    record: Incoming | None = None  # of another program's store: as a file of it would give it
    passed: tuple[Record, ...] = ()  # what stands before it there and is no event that can be used


class RemoteAppended(Struct, frozen=True, kw_only=True):
    """Where an append ended."""

    version: int  # of the last event of it, in its stream
    cursor: str | None  # of that event; None where only reading tells it
    was_there: bool = False  # an earlier call had recorded the very same events


class RemoteReader(Protocol):
    """The reading half. One thread at a time; `interrupt` may be called from any thread.

    Every question raises Unreachable and Refused, and Cancelled when it was interrupted.
    """

    @property
    def address(self) -> Address:
        """Where it is."""

    @property
    def abilities(self) -> Abilities:
        """What it can do."""

    def identity(self) -> str:
        """What tells this store from every other one, wherever it is reached."""

    def head(self) -> str | None:
        """The cursor of the last event that can be read; None in an empty store."""

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        """The next events behind a cursor (None: from the beginning), in an order that keeps each
        stream's. An event that this order has passed by never appears later: what commits late is
        waited for.

        Raises RemoteReplaced when the event of the cursor is no longer there.
        """

    def distance(self, after: str | None) -> int | None:
        """How many events lie behind a cursor; None where that cannot be told."""

    def stream(self, name: str, *, after: int = 0) -> Iterator[RemoteEvent]:
        """The events of a stream behind a version, in order."""

    def version(self, stream: str) -> int:
        """The stream's newest version; 0 when it has no events."""

    def wait(self, timeout_s: float) -> bool:
        """Until something may have come. False when `timeout_s` passed without a sign of it."""

    def interrupt(self) -> None:
        """End a question or a wait, from another thread."""

    def close(self) -> None:
        """Free the connection."""


class RemoteStore(RemoteReader, Protocol):
    """A store that is written to as well."""

    def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> RemoteAppended:
        """Record `events` at the end of `stream`, in order, all or none; durable on return.

        `expected` as at EventStore.append. The ids make it safe to ask again: events that an
        earlier call has recorded, all of them and the same, are found (`was_there`), whatever
        `expected` says. A connection that is lost meanwhile is made again and asked so.

        Raises VersionConflict, DuplicateEventId (an id belongs to other content), InvalidEvent;
        then nothing was recorded. Raises OutcomeUnknown when asking again failed too.
        """
