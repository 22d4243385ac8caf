"""The only code that writes events."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count, repeat
from typing import Final

from msgspec import Struct

from store.beside.interface import BesideWriter
from store.beside.sqlite_beside import SqliteBeside
from store.errors import DuplicateEventId, InvalidEvent, StoreDamaged, StoreError, VersionConflict
from store.events import Appended, NewEvent
from store.sqlite.chain import BEGINNING
from store.sqlite.connect import database_path, raise_told, write_transaction
from store.sqlite.event_rows import EventRows, Head, Row, lone_row
from store.sqlite.reader_sql import ARRIVED, POSITION_AS_OF
from store.times import now_us
from store.words import said

HEAD: Final = """
SELECT position, recorded_max_us, chain FROM events ORDER BY position DESC LIMIT 1
"""
NOTHING: Final[Head] = (0, None, None)  # HEAD of an empty log
VERSION: Final = """
SELECT coalesce(max(version), 0) FROM events
WHERE stream_id = (SELECT id FROM streams WHERE name = ?)
"""
INSERT: Final = """
INSERT INTO events (position, stream_id, version, type_id, id,
                    recorded_at_us, recorded_offset_min, recorded_max_us,
                    occurred_at_us, occurred_offset_min, data, metadata, source, checksum,
                    chain)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
LINK: Final = "INSERT INTO links (stream_id, position) VALUES (?, ?)"
NEWEST: Final = """
SELECT max(coalesce((SELECT position FROM events WHERE stream_id = s.id
                     ORDER BY version DESC LIMIT 1), 0),
           coalesce((SELECT max(position) FROM links WHERE stream_id = s.id), 0))
FROM streams s WHERE name = ?
"""
TOGETHER: Final = 32  # rows that one statement inserts at most
NAMES_KEPT: Final = 20_000  # stream names remembered, so that a long import stays flat
FEW: Final = 8  # names that are asked for one by one
ASKED_AT_ONCE: Final = 500  # names in one question


class Append(Struct, frozen=True, kw_only=True):
    """Events for the end of a stream; `expected` as in `Writer.append`."""

    stream: str
    events: tuple[NewEvent, ...]
    expected: int | None


class Writer:
    """Appends events. Use it from one thread at a time."""

    def __init__(self, db: sqlite3.Connection, *, clock_us: Callable[[], int] = now_us) -> None:
        self._db = db
        self._clock_us = clock_us
        self.beside: BesideWriter = SqliteBeside(db)  # in the transaction that the writer holds
        self._type_ids: dict[str, int] = {}
        self._stream_ids: dict[str, int] = {}
        self._versions: dict[str, int] = {}
        self._known: Head = NOTHING  # the newest event as of which they are

    def append(self, stream: str, events: Sequence[NewEvent], *, expected: int | None) -> Appended:
        """Record `events` in order, all or none.

        `expected` is the version the decision was based on: a number, NEW_STREAM or
        ANY_VERSION. Raises VersionConflict when the stream has moved on, DuplicateEventId,
        InvalidEvent, StoreBusy.
        """
        with self.transaction():
            return self.append_inside(stream, events, expected=expected)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock; everything appended inside is recorded together or not at all.

        Raises StoreBusy, StoreReadOnly.
        """
        try:
            with write_transaction(self._db):
                yield
        except BaseException:
            self.forget_names()
            raise

    def append_inside(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> Appended:
        """Like `append`, inside a transaction that the caller holds."""
        asked = Append(stream=stream, events=tuple(events), expected=expected)
        (outcome,) = self.append_each([asked])
        if isinstance(outcome, StoreError):
            raise outcome
        return outcome

    def append_alone(self, asked: Append) -> Appended | None:
        """Record one event in a transaction of its own, as `append` does, by one statement that
        is refused if the log has grown since. Returns None, and leaves no trace, where that will
        not do: more is to be recorded than one row, or the writer does not know the stream, or
        the append is refused, which `append` then says why.

        Raises StoreBusy, StoreReadOnly and what else of the world is in the way.
        """
        row = self._lone_row(asked)
        if row is None:
            return None
        try:
            self._db.execute(_INSERT_AFTER, (*row, self._known[2]))
        except sqlite3.OperationalError as error:
            raise_told(error, self._db)
        except (sqlite3.Error, UnicodeError, OverflowError):
            return None
        self._known = row[0], row[7], row[14]
        self._versions[asked.stream] = row[2]
        return Appended(version=row[2], position=row[0])

    def append_each(self, appends: Sequence[Append]) -> list[Appended | StoreError]:
        """Record what several ask for as if one after the other, inside a transaction.

        Returns for each where it ended, or why it is refused, which leaves no trace. Where the
        file itself refuses an event, as of an id that is there already, this is raised, and
        nothing of all may be kept.
        """
        head, ended = self._head(), dict[str, int]()
        placed: list[tuple[str, int, NewEvent]] = []
        outcomes: list[Appended | StoreError] = []
        for it in appends:
            version = ended.get(it.stream)
            if version is None:
                version = self._version(it.stream)
            refusal = _refused(it, version)
            if refusal is not None:
                outcomes.append(refusal)
                continue
            placed.extend(zip(repeat(it.stream), count(version + 1), it.events))
            ended[it.stream] = version = version + len(it.events)
            outcomes.append(Appended(version=version, position=head[0] + len(placed)))
        if placed:
            insert = self._insert_together if len(appends) > 1 else self._insert
            self._known = self._record(head, placed, insert)
            self._versions.update(ended)
        return outcomes

    def newest(self, stream: str) -> int:
        """The position of the last event that is in a stream or linked into it; 0 without one."""
        row = self._db.execute(NEWEST, [stream]).fetchone()
        return int(row[0]) if row else 0

    def record(self, placed: Iterable[tuple[str, int, NewEvent]]) -> int:
        """Write events whose stream and version are known; returns the new head.

        Inside a transaction. An event without a recorded-at gets the clock's, held back so
        that it never runs backwards. One with a recorded-at later than the clock keeps it, and
        counts as recorded now: a clock elsewhere never moves ours.
        """
        head: Head = self._db.execute(HEAD).fetchone() or NOTHING
        events = list(placed)
        self._number_streams(stream for stream, _, _ in events)
        return self._record(head, events, self._insert)[0]

    def stream_id(self, name: str) -> int:
        """The number of a stream; a new name gets the next one."""
        if len(self._stream_ids) > NAMES_KEPT:
            self._stream_ids.clear()
        return self._numbered("streams", name, self._stream_ids)

    def type_id(self, name: str) -> int:
        """The number of an event type; a new name gets the next one."""
        if not name:
            raise InvalidEvent(said("an event needs a type"))
        return self._numbered("types", name, self._type_ids)

    def forget_names(self) -> None:
        """Drop remembered numbers: a transaction that was rolled back took them away."""
        self._stream_ids.clear()
        self._type_ids.clear()

    def _head(self) -> Head:
        """The newest event. Versions are remembered as long as it is the one that we know: a log
        only grows, and its chain tells it from every other one of this length."""
        head: Head = self._db.execute(HEAD).fetchone() or NOTHING
        if head != self._known or len(self._versions) > NAMES_KEPT:
            self._known = head
            self._versions.clear()
        return head

    def _lone_row(self, asked: Append) -> Row | None:
        """The row of an append of one event, made from what is known of the log; None where that
        is not enough."""
        if len(asked.events) != 1 or asked.events[0].links:
            return None
        (event,), stream, latest_us = asked.events, asked.stream, self._known[1]
        version, stream_id = self._versions.get(stream), self._stream_ids.get(stream)
        type_id, now_us = self._type_ids.get(event.type), self._clock_us()
        if version is None or stream_id is None or type_id is None:
            return None
        if asked.expected not in (None, version) or (latest_us is not None and latest_us > now_us):
            return None
        return lone_row(
            event,
            self._known,
            stream=(stream, stream_id),
            version=version + 1,
            type_id=type_id,
            now_us=now_us,
        )

    def _record(
        self,
        head: Head,
        placed: Iterable[tuple[str, int, NewEvent]],
        insert: Callable[[Iterator[Row]], None],
    ) -> Head:
        """Write them behind the head; returns the new one."""
        position, latest_us, before = head
        now_us = self._clock_us()
        held_us = self._held_us(latest_us, now_us)
        batch = EventRows(position, latest_us, before or BEGINNING, now_us, held_us=held_us)
        try:
            insert(batch.rows(placed, self.stream_id, self.type_id))
        except sqlite3.IntegrityError as error:
            raise self._refusal(error, batch.last) from error
        if batch.links:
            self._link(batch.links)
        return batch.position, batch.latest_us, batch.chain

    def _insert(self, rows: Iterator[Row]) -> None:
        """Row by row: what is refused is the last that was asked for."""
        self._db.executemany(INSERT, rows)

    def _insert_together(self, rows: Iterator[Row]) -> None:
        """Many rows a statement. SQLite runs one without the interpreter's lock: what other
        threads want of it meanwhile they get without a fight at every row."""
        left = list(rows)
        while left:
            many = min(1 << len(left).bit_length() - 1, TOGETHER)
            self._db.execute(_INSERTS[many], list(chain.from_iterable(left[:many])))
            del left[:many]

    def _held_us(self, latest_us: int | None, now_us: int) -> int:
        """The clock, not before what was recorded here. The running maximum is later than now
        where our clock was put back; or where an older program took over a time that lay in the
        future, and then the moment at which that came counts."""
        if latest_us is None or latest_us <= now_us:
            return now_us
        (before,) = self._db.execute(POSITION_AS_OF, [latest_us - 1]).fetchone()
        (arrived_us,) = self._db.execute(ARRIVED, [before + 1] * 3).fetchone()
        return max(min(int(arrived_us), latest_us), now_us)

    def _refusal(self, error: sqlite3.IntegrityError, event: NewEvent | None) -> Exception:
        """Say in our words what a constraint or trigger of the file refused."""
        reason = str(error)
        if event is None:
            return error
        if "id is already recorded" in reason or "events.id" in reason:
            return DuplicateEventId(event.id)
        if "CHECK" in reason or "NOT NULL" in reason or "cannot store" in reason:
            return InvalidEvent(
                said(
                    "the event is not valid JSON or lacks a value ({reason}): {id}",
                    reason=reason,
                    id=event.id,
                )
            )
        return StoreDamaged(
            said("the store rejected the next event ({reason})", reason=reason),
            database_path(self._db),
        )

    def _version(self, stream: str) -> int:
        """Without giving a new name its number."""
        version = self._versions.get(stream)
        if version is None:
            row = self._db.execute(VERSION, [stream]).fetchone()
            version = self._versions[stream] = int(row[0])
        return version

    def _link(self, links: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        """Streams into which events are linked, each once, by the positions of these."""
        names = dict.fromkeys(name for _, streams in links for name in streams)
        self._number_streams(names)
        ids = {name: self.stream_id(name) for name in names}
        self._db.executemany(LINK, [(ids[it], at) for at, streams in links for it in streams])

    def _number_streams(self, names: Iterable[str]) -> None:
        """Have the numbers of many streams at hand; new names get the next ones, in order."""
        known = self._stream_ids
        missing = [name for name in dict.fromkeys(names) if name not in known]
        if len(missing) < FEW:
            return
        if len(known) > NAMES_KEPT:
            known.clear()
        for at in range(0, len(missing), ASKED_AT_ONCE):
            part = missing[at : at + ASKED_AT_ONCE]
            known.update(self._db.execute(_FIND_STREAMS.format(", ".join("?" * len(part))), part))
        for name in missing:
            if name not in known:
                known[name] = int(self._db.execute(_ADD["streams"], [name]).lastrowid or 0)

    def _numbered(self, table: str, name: str, known: dict[str, int]) -> int:
        number = known.get(name)
        if number is None:
            row = self._db.execute(_FIND[table], [name]).fetchone()
            number = row[0] if row else self._db.execute(_ADD[table], [name]).lastrowid
            known[name] = number = int(number or 0)
        return number


def _refused(append: Append, version: int) -> StoreError | None:
    """Why an append to a stream at this version is not to be recorded, if there is a reason."""
    if not append.stream:
        return InvalidEvent(said("an event needs a stream"))
    if append.expected is not None and append.expected != version:
        return VersionConflict(append.stream, expected=append.expected, actual=version)
    return None


_FIND: Final = {
    "streams": "SELECT id FROM streams WHERE name = ?",
    "types": "SELECT id FROM types WHERE name = ?",
}
_FIND_STREAMS: Final = "SELECT name, id FROM streams WHERE name IN ({})"
_ADD: Final = {
    "streams": "INSERT INTO streams (name) VALUES (?)",
    "types": "INSERT INTO types (name) VALUES (?)",
}
_ROW: Final = INSERT[INSERT.rindex("(") :].strip()
_INSERTS: Final = {
    many: INSERT.replace(_ROW, ", ".join([_ROW] * many))
    for many in (1 << n for n in range(TOGETHER.bit_length()))
}
# The same, if the event before is the one that this is chained to: else it gets no version.
_INSERT_AFTER: Final = INSERT.replace(
    _ROW,
    "(?1, ?2, CASE WHEN (SELECT chain FROM events WHERE position = ?1 - 1) IS ?16 THEN ?3 END, "
    f"{', '.join(map('?{}'.format, range(4, 16)))})",
)
