"""The log in a local SQLite file: one connection that writes, a read-only one per reader thread."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from store.beside.interface import Beside
from store.commits import CommitWatcher
from store.errors import StoreExists
from store.events import Appended, NewEvent, Payload, RecordedEvent
from store.log_texts import LogTexts
from store.place import Place
from store.query import EVERYTHING, EventQuery
from store.sqlite import schema
from store.sqlite.connect import create_log, open_log
from store.sqlite.file_connection import FileConnection, same_of
from store.sqlite.group_commit import GroupCommit
from store.sqlite.reader import LogReader
from store.sqlite.same_file import SameFile, named_file
from store.sqlite.subscription import LogSubscription
from store.sqlite.writer import Writer
from store.stream_texts import StreamTexts

T = TypeVar("T")


def open_store(path: Path, *, create: bool = False, file: str = "") -> "SqliteStore":
    """Open a *.foldline file; with `create` make it when it is not there. `file` says which one it
    has to be: its device and inode, with a colon between.

    Raises StoreMissing, NotAStore, StoreTooNew, StoreDamaged, StoreReadOnly, LogReplaced.
    """
    if file:
        named_file(path, file).require()
    if create and not path.exists():
        with suppress(StoreExists):  # by somebody else, at the same time
            create_log(path)
    with closing(open_log(path)) as db:
        return SqliteStore(path, same_of(db))


class SqliteStore:
    """store.interface.EventStore on a file. Every method may be called from any thread.

    All its connections are to one file: every method raises LogReplaced while another one, or
    none, stands in its place.
    """

    def __init__(
        self,
        path: Path,
        same: SameFile | None = None,
        *,
        application: int = schema.APPLICATION_ID,
    ) -> None:
        """`application`: a log, or a branch, whose own events are as in one."""
        self.place = Place(path)
        self._application = application
        self._same = same or SameFile(path)
        self._writer = GroupCommit(partial(self._opened, writable=True))
        self._mine = threading.local()
        self._readers: list[LogReader] = []
        self._subscriptions: list[LogSubscription] = []
        self._registering = threading.Lock()

    def append(self, stream: str, events: Sequence[NewEvent], *, expected: int | None) -> Appended:
        return self._writer.append(stream, events, expected=expected)

    def append_soon(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> "Future[Appended]":
        return self._writer.append_soon(stream, events, expected=expected)

    def submit(self, work: Callable[[Writer], T]) -> "Future[T]":
        """Do work inside a transaction of the writer; see GroupCommit.submit."""
        return self._writer.submit(work)

    def write(self, work: Callable[[Writer], T]) -> T:
        """The same, waiting for it; see GroupCommit.write."""
        return self._writer.write(work)

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
        subscription = LogSubscription(LogReader(self._opened()), after=after)
        with self._registering:
            self._subscriptions.append(subscription)
        return subscription

    def reader(self) -> LogReader:
        """This thread's own read-only connection; closed with the store."""
        reader: LogReader | None = getattr(self._mine, "reader", None)
        if reader is None:
            reader = self._mine.reader = LogReader(self._opened())
            with self._registering:
                self._readers.append(reader)
        return reader

    def _opened(self, *, writable: bool = False) -> FileConnection:
        self._same.require()
        db = open_log(self.place.path, writable=writable, application=self._application)
        if not self._same.is_of(db.same):
            db.close()
            self._same.require()
        return db

    def close(self) -> None:
        self._writer.close()
        for subscription in self._subscriptions:
            subscription.close()
        for reader in self._readers:
            reader.close()
