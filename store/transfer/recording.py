"""Bring records into a log batch by batch, through one planner and one writer.

A file is one transaction over all its batches; a source without an end is one transaction a
batch. What is remembered of the log is dropped when somebody else has written meanwhile, or when
a transaction failed.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from store.reading.format import Incoming, Record, Rejected
from store.reading.remarks import Skipped
from store.sqlite.writer import Writer
from store.transfer.known import Known, by_indexes
from store.transfer.lookup import Lookup
from store.transfer.plan import Planner
from store.transfer.report import Tally
from store.words import said

_STORABLE: Final = """
SELECT json_valid(?1) AND json_valid(?2) AND json_type(?2) = 'object'
   AND (?3 IS NULL OR json_valid(?3) AND json_type(?3) = 'object')
"""


class Recording:
    """Records of one format on their way into one log; used from one thread."""

    def __init__(
        self,
        db: sqlite3.Connection,
        *,
        format_name: str,
        known: Callable[[sqlite3.Connection, Writer], Known] = by_indexes,
    ) -> None:
        self._db = db
        self._writer = Writer(db)
        self._known = known(db, self._writer)
        self._lookup = Lookup(db, self._known)
        self._planner = Planner(self._lookup, format_name=format_name)
        self._is_stale = True
        self.first_position = 1  # that the transaction under way gives
        self.tally = Tally()  # of the transaction under way, or the last one

    @property
    def has_other_versions(self) -> bool:
        """Whether the transaction recorded events that came with another version than they have."""
        return self._planner.has_other_versions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock: everything taken inside is recorded, or nothing.

        Raises StoreBusy, StoreReadOnly.
        """
        try:
            with self._writer.transaction():
                self._begin()
                yield
        except BaseException:
            self._is_stale = True
            raise

    def take(self, records: Sequence[Record], *, is_careful: bool = False) -> None:
        """Place and record a batch, inside the transaction; what is no event is counted.

        `is_careful` asks SQLite about every event first. A format's reader has looked already,
        so this is for the rare JSON that our reader accepts and SQLite does not: without it such
        an event raises InvalidEvent or UnicodeEncodeError.
        """
        self.tally.add("read", sum(not isinstance(it, Skipped) for it in records))
        if is_careful:
            records = [_checked(record, self._db) for record in records]
        events = [record for record in records if isinstance(record, Incoming)]
        if len(events) < len(records):
            self.tally.reject(record for record in records if isinstance(record, Rejected))
            self.tally.skip(record for record in records if isinstance(record, Skipped))
        for it in records:
            if it.file and not isinstance(it, Skipped):
                self.tally.count_in(it.file, "read")
        placed = self._planner.place(events)
        head = self._writer.record(placed)
        self._known.recorded(placed, first=head - len(placed) + 1)

    def extent(self) -> tuple[int, int]:
        """In how many streams the events of the transaction live, and of how many types."""
        return self._known.extent(self.first_position)

    def _begin(self) -> None:
        head = self._lookup.head()
        if self._is_stale or head != self._planner.head:
            self._lookup.forget()
        self._lookup.make_room()
        self.tally = Tally()
        self._planner.begin(self.tally)
        self.first_position, self._is_stale = head + 1, False


def _checked(record: Record, db: sqlite3.Connection) -> Record:
    if not isinstance(record, Incoming) or _is_storable(record, db):
        return record
    reason = said("the event's JSON is nested too deeply, or damaged")
    return Rejected(line=record.line, offset=record.offset, reason=reason)


def _is_storable(incoming: Incoming, db: sqlite3.Connection) -> bool:
    event = incoming.event
    if not (incoming.stream and event.type and event.id):
        return False
    try:
        for name in (incoming.stream, event.type, event.id, *event.links):
            name.encode()
        payloads = [event.data_json, event.metadata_json, event.source_json]
        return bool(db.execute(_STORABLE, payloads).fetchone()[0])
    except UnicodeEncodeError:
        return False
