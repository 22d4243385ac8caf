"""Read the log: by position, stream, type, time; oldest or newest first."""

import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, starmap
from operator import attrgetter
from typing import Any, Final

from store import json_text
from store.beside.interface import Beside
from store.beside.older import stand_in
from store.beside.sqlite_beside import SqliteBeside
from store.commits import CommitWatcher
from store.events import Payload, RecordedEvent, payload_of
from store.log_texts import LogTexts
from store.place import Place
from store.query import EVERYTHING, EventQuery, SqlValue, conditions
from store.sqlite.asking import Asking
from store.sqlite.connect import database_path
from store.sqlite.filter_scan import FilterScan
from store.sqlite.home_events import home_events
from store.sqlite.home_payloads import HomePayloads
from store.sqlite.reader_sql import (
    ARRIVED,
    BY_ID,
    BY_POSITIONS,
    EVERY_NTH,
    HAS_CATEGORY,
    HAS_LINKS,
    HEAD,
    HOME,
    LINKED,
    LINKED_MOMENTS,
    LINKS_BETWEEN,
    LINKS_OF,
    MOMENTS,
    PAGE_DOWN,
    PAGE_UP,
    PAYLOADS,
    POSITION_AS_OF,
    POSITION_OF,
    POSITIONS,
    POSITIONS_BEFORE,
    RUNNING_MAX,
    STORE_ID,
    STREAM_ID,
    STREAM_LENGTHS,
    STREAM_MOMENTS,
    STREAM_VERSION,
    TYPE_COUNTS,
    VERSION_AT,
)
from store.sqlite.rows import said_plainly
from store.sqlite.run_texts import run_texts
from store.sqlite.type_names import TypeNames
from store.stream_texts import StreamTexts

PAGE: Final = 1_000  # events held at once while a long answer is read
LAST: Final = 2**62  # behind every position


class LogReader:
    """Reads one log through a read-only connection. Use it from one thread at a time;
    `interrupt` may be called from any thread.

    Long answers are read page by page, so no transaction stays open between two events.
    Every method raises Cancelled when it was interrupted.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.place = Place(database_path(db))
        self._asking = Asking(db, self.place)
        self._types_of = TypeNames(self._asking, self.place).of
        self._beside: tuple[sqlite3.Connection, Beside] | None = None
        self._is_older = False

    @property
    def beside(self) -> Beside:
        """What stands beside the events; what a log of an older schema lacks is empty."""
        db = self._asking.now()
        if self._beside is None or self._beside[0] is not db or self._is_older:
            self._is_older = stand_in(db)
            self._beside = db, SqliteBeside(db)
        return self._beside[1]

    def interrupt(self) -> None:
        """Stop the query that is running now, from another thread."""
        self._asking.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._asking.close()

    def commits(self) -> CommitWatcher:
        """Notices every commit of another connection."""
        return CommitWatcher(self.data_version, self.place.path)

    def data_version(self) -> int:
        """A number that changes when any other connection has committed."""
        return self._number("PRAGMA data_version") + (self._asking.renewals << 32)

    def head(self) -> int:
        """The highest committed position; 0 in an empty log."""
        return self._number(HEAD)

    def event(self, position: int) -> RecordedEvent | None:
        """The event at a position, or None."""
        return next(iter(self.page(position, position)), None)

    def event_by_id(self, event_id: str) -> RecordedEvent | None:
        """The event with this id, or None."""
        return next(iter(self._events(BY_ID, [event_id])), None)

    def page(self, first: int, last: int) -> list[RecordedEvent]:
        """The events from position `first` to `last`, both included, oldest first."""
        return self._asking.span(first, last)

    def payloads(self, first: int, last: int) -> list[Payload]:
        """What the events from position `first` to `last` say, oldest first."""
        return list(starmap(Payload, self._rows(PAYLOADS, [first, last])))

    def log_texts(self, first: int, last: int) -> LogTexts | None:
        """The same with all payloads as one text; None where that cannot be had."""
        return run_texts(self._asking, first, last)

    def at_positions(self, positions: Iterable[int]) -> list[RecordedEvent]:
        """The events at these positions, oldest first; unknown positions are left out."""
        return self._events(BY_POSITIONS, [json_text.encode(list(positions))])

    def links(self, position: int) -> tuple[str, ...]:
        """The streams, beside its home, that the event at `position` is linked into."""
        return tuple(name for (name,) in self._rows(LINKS_OF, [position]))

    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        """The links of the events from position `first` to `last`; those without have no entry."""
        found: dict[int, tuple[str, ...]] = {}
        for position, name in self._rows(LINKS_BETWEEN, [first, last]):
            found[position] = (*found.get(position, ()), name)
        return found

    def store_id(self) -> str:
        """What tells this log from every other one."""
        row = self._row(STORE_ID)
        return "" if row is None else str(row[0])

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        """Events that meet `query` with after < position <= until, oldest first.

        With `reverse` the newest come first.
        """
        if (scan := self._scan(query, after, until, reverse=reverse)) is not None:
            yield from scan.events(limit=limit)
            return
        where, values = conditions(query)
        sql = PAGE_DOWN if reverse else PAGE_UP
        low, high = after, LAST if until is None else until
        left = LAST if limit is None else limit
        while left > 0:
            size = min(PAGE, left)
            page = self._events(sql.format(where=where), [low, high, *values, size])
            yield from page
            if len(page) < size:
                return
            low, high = (low, page[-1].position - 1) if reverse else (page[-1].position, high)
            left -= size

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        """The positions of the events that meet `query`, oldest first.

        Reads in one go: interrupt it when the answer is no longer wanted.
        """
        if (scan := self._scan(query, after, until)) is not None:
            yield from scan.positions()
            return
        where, values = conditions(query)
        db = self._asking.now()
        with said_plainly(db):
            cursor = db.execute(
                POSITIONS.format(where=where), [after, LAST if until is None else until, *values]
            )
            for (position,) in cursor:
                yield position

    def read_stream(
        self,
        stream: str,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        """Events of a stream, those linked into it included, with after < position <= until.

        In position order, newest first with `reverse`. Linked events keep their home stream
        and version. An unknown stream has no events.
        """
        stream_id = self._stream_id(stream)
        if stream_id is None:
            return iter(())
        span = (after, LAST if until is None else until)
        home = self._home(stream, stream_id, *span, limit=limit, reverse=reverse)
        if not self._number(HAS_LINKS, [stream_id]):
            return home
        linked = self._linked(stream_id, *span, reverse=reverse)
        merged = heapq.merge(home, linked, key=attrgetter("position"), reverse=reverse)
        return islice(merged, limit)

    def stream_payloads(
        self, stream: str, *, after: int = 0, until: int | None = None, naming: str | None = None
    ) -> Iterator[Payload]:
        """What the events of a stream say, those linked into it included, oldest first."""
        stream_id = self._stream_id(stream)
        if stream_id is None:
            return iter(())
        span = (after, LAST if until is None else until)
        versions = self._versions(stream_id, *span)
        home = HomePayloads(self._asking, self._types_of, stream, stream_id).each(*versions, naming)
        if not self._number(HAS_LINKS, [stream_id]):
            return home
        linked = map(payload_of, self._linked(stream_id, *span, reverse=False))
        return heapq.merge(home, linked, key=attrgetter("position"))

    def stream_texts(
        self, stream: str, *, after: int, until: int, payloads_only: bool = False
    ) -> Iterator[StreamTexts] | None:
        """As replay needs it to decode many events at once; None of a stream with links."""
        stream_id = self._stream_id(stream)
        if stream_id is None or self._number(HAS_LINKS, [stream_id]):
            return None
        home = HomePayloads(self._asking, self._types_of, stream, stream_id)
        return home.together(*self._versions(stream_id, after, until), payloads_only)

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        """(position, version, occurred-at) of events of a stream; of linked ones version 0."""
        stream_id = self._stream_id(stream)
        if stream_id is None:
            return []
        home = self._rows(STREAM_MOMENTS, [stream_id, self._version_at(stream_id, after)])
        linked = self._rows(LINKED_MOMENTS, [stream_id, stream_id, after])
        return list(heapq.merge(home, linked)) if linked else home

    def stream_version(self, stream: str, *, until: int | None = None) -> int:
        """How many events live in the stream, counting those up to position `until`."""
        stream_id = self._stream_id(stream)
        if stream_id is None:
            return 0
        return self._version_at(stream_id, LAST if until is None else until)

    def positions_before(self, positions: Iterable[int]) -> dict[int, int]:
        """For each of these events that is not the first of its stream: that of the one before."""
        return dict(self._rows(POSITIONS_BEFORE, [json_text.encode(list(positions))]))

    def position_of(self, stream: str, version: int) -> int | None:
        """The position of the event with this version in its home stream, or None."""
        row = self._row(POSITION_OF, [self._stream_id(stream), version])
        return None if row is None else int(row[0])

    def has_stream(self, stream: str) -> bool:
        """Whether an event lives in, or is linked into, a stream of this name."""
        return self._stream_id(stream) is not None

    def has_category(self, category: str) -> bool:
        """Whether there is a stream of this category: its name begins so, and with a dash."""
        return bool(self._number(HAS_CATEGORY, [f"{category}-", f"{category}."]))

    def position_as_of(self, recorded_at_us: int) -> int:
        """The last position whose running maximum of recorded-at is <= the time; 0 if none.

        The running maximum never steps back, so this is a binary search, and the answer is a
        prefix of the log even where imported clocks step back or tie.
        """
        return self._number(POSITION_AS_OF, [recorded_at_us])

    def running_max_us(self, position: int) -> int:
        """The greatest recorded-at of all events up to `position`, in microseconds; one later
        than the event's arrival counts as that."""
        return self._number(RUNNING_MAX, [position])

    def arrived_at_us(self, position: int) -> int | None:
        """When the event came into this log: imported events keep the time at which they were
        recorded elsewhere. None when there is none."""
        row = self._row(ARRIVED, [position] * 3)
        return None if row is None else int(row[0])

    def stream_names(self) -> set[str]:
        """Every stream's name."""
        return {str(name) for (name,) in self._rows("SELECT name FROM streams")}

    def stream_lengths(self) -> list[tuple[str, int]]:
        """(stream, events that live in it), the longest first, those of a length by name."""
        return self._rows(STREAM_LENGTHS)

    def every_nth(self, versions: int, *, after: int, until: int) -> list[tuple[int, str, int]]:
        """(position, stream, version) of the events with after < position <= until whose version
        is a multiple of `versions`, by position."""
        return self._rows(EVERY_NTH, [after + 1, until, versions])

    def type_names(self) -> list[str]:
        """Every event type's name, in the order in which they first appeared."""
        return [str(name) for (name,) in self._rows("SELECT name FROM types ORDER BY id")]

    def type_counts(self) -> dict[str, int]:
        """How many events there are of each type, in the order in which they first appeared."""
        return {str(name): int(count) for name, count in self._rows(TYPE_COUNTS)}

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        """(position, type, running maximum of recorded-at, occurred-at) of the events from
        position `first` to `last`, times in microseconds: what a time axis needs of them."""
        return self._rows(MOMENTS, [first, last])

    def _scan(
        self, query: EventQuery, after: int, until: int | None, *, reverse: bool = False
    ) -> FilterScan | None:
        """What a query with a filter asks; None for one without."""
        if query.where is None:
            return None
        head = self.head()
        until = head if until is None else min(until, head)
        return FilterScan(
            self._rows,
            self.at_positions,
            query,
            query.where,
            after=max(after, 0),
            until=until,
            reverse=reverse,
        )

    def _home(
        self,
        stream: str,
        stream_id: int,
        after: int,
        until: int,
        *,
        limit: int | None,
        reverse: bool,
    ) -> Iterator[RecordedEvent]:
        first, last = self._versions(stream_id, after, until)
        if limit is not None:
            first, last = (
                (max(first, last - limit + 1), last)
                if reverse
                else (first, min(last, first + limit - 1))
            )
        starts = range(first, last + 1, PAGE)
        for start in reversed(starts) if reverse else starts:
            span = [stream_id, start, min(start + PAGE - 1, last)]
            rows = self._rows(HOME, span)
            page = home_events(stream, rows, self._types_of({row[2] for row in rows}))
            yield from reversed(page) if reverse else page

    def _versions(self, stream_id: int, after: int, until: int) -> tuple[int, int]:
        return self._version_at(stream_id, after) + 1, self._version_at(stream_id, until)

    def _linked(
        self, stream_id: int, after: int, until: int, *, reverse: bool
    ) -> Iterator[RecordedEvent]:
        events = self._events(LINKED, [stream_id, stream_id, after + 1, until])
        return iter(events[::-1] if reverse else events)

    def _version_at(self, stream_id: int, position: int) -> int:
        """The stream's version as of `position`."""
        if position <= 0:
            return 0
        if position >= LAST:
            return self._number(STREAM_VERSION, [stream_id])
        return self._number(VERSION_AT, [stream_id, position])

    def _stream_id(self, stream: str) -> int | None:
        row = self._row(STREAM_ID, [stream])
        return None if row is None else int(row[0])

    def _number(self, sql: str, values: Sequence[SqlValue | None] = ()) -> int:
        return int((self._row(sql, values) or (0,))[0])

    def _row(self, sql: str, values: Sequence[SqlValue | None] = ()) -> tuple[Any, ...] | None:
        return next(iter(self._rows(sql, values)), None)

    def _rows(self, sql: str, values: Sequence[SqlValue | None] = ()) -> list[tuple[Any, ...]]:
        return self._asking.rows(sql, values)

    def _events(self, sql: str, values: Sequence[SqlValue | None]) -> list[RecordedEvent]:
        return self._asking.events(sql, values)
