"""The connection through which a log is asked: as long as the file is what it was, always the same
one."""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import starmap
from typing import Any, Final, TypeVar

from store import json_text
from store.errors import Cancelled, StoreDamaged
from store.events import RecordedEvent
from store.place import Place
from store.query import SqlValue
from store.sqlite.connect import open_log
from store.sqlite.file_connection import application_of, is_outdated, same_of
from store.sqlite.reader_sql import BY_POSITION, NAMES_OF_TYPES, SPAN, STREAM_NAMES
from store.sqlite.rows import rows, said_plainly
from store.sqlite.wide_rows import NotTaken, WideRows

T = TypeVar("T")

LONG_SPAN: Final = 1_000  # events for which it pays to ask for the names by themselves


class Asking:
    """Of one log, from one thread at a time; `interrupt` may be called from any thread."""

    def __init__(self, db: sqlite3.Connection, place: Place) -> None:
        self._db = db
        self._place = place
        self._wide = WideRows(db)
        self._same = same_of(db)
        self.renewals = 0  # how often it was another connection

    def now(self) -> sqlite3.Connection:
        """The connection to ask; another one when the file was changed that is only looked at.
        Raises LogReplaced."""
        if self._same is not None:
            self._same.require_now_and_then()
        if is_outdated(self._db):
            old, self._db = self._db, self._opened_again()
            old.close()
            self._wide = WideRows(self._db)
            self.renewals += 1
        return self._db

    def _opened_again(self) -> sqlite3.Connection:
        """Of the very file that was opened. Raises what `open_log` raises."""
        db = open_log(self._place.named, application=application_of(self._db))
        if (
            self._same is not None
            and db.same is not None
            and db.same.identity != self._same.identity
        ):
            db.close()
            self._same.require()
        return db

    def rows(self, sql: str, values: Sequence[SqlValue | None] = ()) -> list[tuple[Any, ...]]:
        """All rows of the answer. Raises Cancelled when it was interrupted, StoreDamaged."""
        return self._asked(lambda db: rows(db, sql, values))

    def wide(self, sql: str, values: Sequence[SqlValue]) -> list[tuple[Any, ...]]:
        """The same of a plain `SELECT columns FROM …` with many rows, in any order."""

        def ask(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
            try:
                with said_plainly(db):
                    return self._wide.of(sql, values)
            except NotTaken:
                found = rows(db, sql, values)  # which says what is wrong with a row
                if is_outdated(db):
                    return found  # and is asked again
                raise Cancelled from None  # nothing is wrong: a signal has stopped it

        return self._asked(ask)

    def events(self, sql: str, values: Sequence[SqlValue | None]) -> list[RecordedEvent]:
        """The same of a question for the columns of an event."""
        return self._asked(lambda db: _events(db, sql, values))

    def span(self, first: int, last: int) -> list[RecordedEvent]:
        """The events from position `first` to `last`, oldest first."""
        if last - first < LONG_SPAN:
            return self.events(BY_POSITION, [first, last])
        return self._asked(lambda db: _span(db, self._wide, first, last))

    def interrupt(self) -> None:
        """Stop the question that is running now."""
        self._db.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def _asked(self, ask: Callable[[sqlite3.Connection], list[T]]) -> list[T]:
        """What was read while a file changed that is only looked at counts for nothing: it is
        asked again."""
        while True:
            db = self.now()
            try:
                found = ask(db)
            except StoreDamaged:
                if not is_outdated(db):
                    raise
            else:
                if not is_outdated(db):
                    return found


def _events(
    db: sqlite3.Connection, sql: str, values: Sequence[SqlValue | None]
) -> list[RecordedEvent]:
    with said_plainly(db):
        return list(starmap(RecordedEvent, db.execute(sql, values)))


def _span(db: sqlite3.Connection, wide: WideRows, first: int, last: int) -> list[RecordedEvent]:
    """As BY_POSITION gives it, but each name is read once, and one object for all its events."""
    try:
        with said_plainly(db):
            found = wide.of(SPAN, [first, last])
    except NotTaken:
        events = _events(db, BY_POSITION, [first, last])  # which says what is wrong with a row
        if is_outdated(db):
            return events  # and is asked again
        raise Cancelled from None  # nothing is wrong: a signal has stopped it
    found.sort()  # by position; it is so already, which takes one pass to see
    stream_ids, type_ids = {it[1] for it in found}, {it[3] for it in found}
    streams, types = _named(db, STREAM_NAMES, stream_ids), _named(db, NAMES_OF_TYPES, type_ids)
    if len(streams) < len(stream_ids) or len(types) < len(type_ids):
        return _events(db, BY_POSITION, [first, last])  # damaged: without those without a name
    return [
        RecordedEvent(
            position,
            streams[stream_id],
            version,
            types[type_id],
            id_,
            recorded_us,
            recorded_min,
            occurred_us,
            occurred_min,
            data,
            metadata,
            source,
        )
        for (
            position,
            stream_id,
            version,
            type_id,
            id_,
            recorded_us,
            recorded_min,
            occurred_us,
            occurred_min,
            data,
            metadata,
            source,
        ) in found
    ]


def _named(db: sqlite3.Connection, sql: str, ids: set[int]) -> dict[int, str]:
    return dict(rows(db, sql, [json_text.encode(list(ids))]))
