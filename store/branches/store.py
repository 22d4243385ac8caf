"""A branch as a log is written to: its own events, and what stands beside them."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from store.beside.interface import Beside, BesideWriter
from store.branches.beside import BranchBesideWriter
from store.branches.errors import BranchEdited
from store.branches.opening import open_branch
from store.branches.reader import BranchReader
from store.commits import CommitWatcher
from store.errors import DuplicateEventId, VersionConflict
from store.events import Appended, NewEvent, Payload, RecordedEvent
from store.log_texts import LogTexts
from store.place import Place
from store.query import EVERYTHING, EventQuery
from store.sqlite.schema import BRANCH_ID
from store.sqlite.store import SqliteStore
from store.sqlite.subscription import LogSubscription
from store.sqlite.writer import Writer
from store.stream_texts import StreamTexts

T = TypeVar("T")


class BranchWriter:
    """store.interface.EventWriter in a transaction of a branch's file."""

    def __init__(self, branch: BranchReader, own: Writer) -> None:
        self._branch = branch
        self._own = own

    @property
    def beside(self) -> BesideWriter:
        branch = self._branch
        return BranchBesideWriter(
            self._own.beside,
            branch.beside_of_log,
            branch.layout,
            base_head=branch.facts.base_head,
            events=branch.events_now,
        )

    def append_inside(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> Appended:
        before = self._branch.version_before_own(stream)
        for it in events:
            found = self._branch.event_by_id(it.id)
            if found is not None:
                raise DuplicateEventId(it.id)
        try:
            appended = self._own.append_inside(
                stream, events, expected=None if expected is None else expected - before
            )
        except VersionConflict as error:
            raise VersionConflict(
                stream, expected=error.expected + before, actual=error.actual + before
            ) from error
        position = appended.position
        if position:
            position = self._branch.position_of_own(position)
        return Appended(
            version=appended.version + before,
            position=position if events else self._branch.head(),
        )

    def newest(self, stream: str) -> int:
        own = self._own.newest(stream)
        found = next(self._branch.read_stream(stream, limit=1, reverse=True), None)
        known = 0 if found is None else found.position
        return max(known, self._branch.position_of_own(own)) if own else known


class BranchStore:
    """store.interface.CommandStore on a branch. Every method may be called from any thread.

    Nothing is written to the log. Every write raises BranchEdited when the history was edited
    since this was opened.
    """

    def __init__(self, path: Path) -> None:
        self.place = Place(path)
        self._own = SqliteStore(path, application=BRANCH_ID)
        self._mine = threading.local()
        self._readers: list[BranchReader] = []
        self._subscriptions: list[LogSubscription] = []
        self._registering = threading.Lock()
        self.reader()  # what is wrong is told at once

    def append(self, stream: str, events: Sequence[NewEvent], *, expected: int | None) -> Appended:
        return self.write(lambda it: it.append_inside(stream, events, expected=expected))

    def append_soon(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> "Future[Appended]":
        return self.submit(lambda it: it.append_inside(stream, events, expected=expected))

    def submit(self, work: Callable[[BranchWriter], T]) -> "Future[T]":
        return self._own.submit(lambda own: work(self._writer(own)))

    def write(self, work: Callable[[BranchWriter], T]) -> T:
        return self._own.write(lambda own: work(self._writer(own)))

    def store_id(self) -> str:
        return self.reader().store_id()

    def commits(self) -> CommitWatcher:
        """For the thread that asked."""
        return self.reader().commits()

    def interrupt(self) -> None:
        """Stop the questions that are running now, of every thread."""
        with self._registering:
            for reader in self._readers:
                reader.interrupt()

    @property
    def beside(self) -> Beside:
        return self.reader().beside

    def head(self) -> int:
        return self.reader().head()

    def event(self, position: int) -> RecordedEvent | None:
        return self.reader().event(position)

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        return self.reader().event_by_id(event_id)

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        return self.reader().page(first, last)

    def payloads(self, first: int, last: int) -> list[Payload]:
        return self.reader().payloads(first, last)

    def log_texts(self, first: int, last: int) -> LogTexts | None:
        return self.reader().log_texts(first, last)

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        return self.reader().at_positions(positions)

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        return self.reader().positions(query, after=after, until=until)

    def links(self, position: int) -> tuple[str, ...]:
        return self.reader().links(position)

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        return self.reader().links_between(first, last)

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        return self.reader().read(query, after=after, until=until, limit=limit, reverse=reverse)

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        return self.reader().read_stream(
            stream, after=after, until=until, limit=limit, reverse=reverse
        )

    def stream_payloads(
        self, stream: str, *, after: int = 0, until: int | None = None, naming: str | None = None
    ) -> Iterator[Payload]:
        return self.reader().stream_payloads(stream, after=after, until=until, naming=naming)

    def stream_texts(
        self, stream: str, *, after: int, until: int, payloads_only: bool = False
    ) -> Iterator[StreamTexts] | None:
        return self.reader().stream_texts(
            stream, after=after, until=until, payloads_only=payloads_only
        )

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        return self.reader().stream_moments(stream, after=after)

    def has_stream(self, stream: str) -> bool:
        return self.reader().has_stream(stream)

    def has_category(self, category: str) -> bool:
        return self.reader().has_category(category)

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        return self.reader().stream_version(stream, until=until)

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        return self.reader().positions_before(positions)

    def position_of(self, stream: str, version: int) -> int | None:
        return self.reader().position_of(stream, version)

    def position_as_of(self, recorded_at_us: int) -> int:
        return self.reader().position_as_of(recorded_at_us)

    def running_max_us(self, position: int) -> int:
        return self.reader().running_max_us(position)

    def arrived_at_us(self, position: int) -> int | None:
        return self.reader().arrived_at_us(position)

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        return self.reader().moments(first, last)

    def stream_names(self) -> set[str]:
        return self.reader().stream_names()

    def stream_lengths(self) -> list[tuple[str, int]]:
        return self.reader().stream_lengths()

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        return self.reader().every_nth(versions, after=after, until=until)

    def type_names(self) -> list[str]:
        return self.reader().type_names()

    def type_counts(self) -> dict[str, int]:
        return self.reader().type_counts()

    def subscribe(self, *, after: int = 0) -> LogSubscription:
        subscription = LogSubscription(open_branch(self.place.path), after=after)
        with self._registering:
            self._subscriptions.append(subscription)
        return subscription

    def reader(self) -> BranchReader:
        """This thread's own reader; closed with the store. It is of the history that the store
        was opened for: `head` says when that was edited."""
        reader: BranchReader | None = getattr(self._mine, "reader", None)
        if reader is None:
            reader = self._mine.reader = open_branch(self.place.path)
            with self._registering:
                known = self._readers[:1]
                self._readers.append(reader)
            if known and known[0].facts.revision != reader.facts.revision:
                raise BranchEdited(self.place.path)
        return reader

    def _writer(self, own: Writer) -> BranchWriter:
        """Nobody else edits the branch from here on, as the transaction has begun."""
        reader = self.reader()
        reader.require_unedited()
        return BranchWriter(reader, own)

    def close(self) -> None:
        self._own.close()
        for subscription in self._subscriptions:
            subscription.close()
        for reader in self._readers:
            reader.close()
