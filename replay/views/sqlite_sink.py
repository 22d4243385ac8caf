"""The rows of a view in the views file: the first sink. Rows and checkpoint are one savepoint."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, Final

from replay.projection import Column
from replay.view_version import ViewVersion
from replay.views import checkpoints, many_rows
from replay.views.lookup_store import LookupStore
from replay.views.sink import (
    WRITES_PER_EVENT,
    Batch,
    KeyValues,
    Mark,
    RowRefused,
    RowState,
)
from replay.views.view_tables import ViewTables

# What SQLite says of a row that a projection put; everything else it says is the world's fault.
_ROW_REFUSED: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)


class SqliteSink:
    """A Sink over the tables of one version. A write joins the caller's transaction, if one is
    begun, and is one of its own otherwise."""

    def __init__(
        self, db: sqlite3.Connection, version: ViewVersion, columns: Sequence[Column]
    ) -> None:
        self._db = db
        self._version = version
        self._tables = ViewTables(version.name, columns)
        self._lookup = LookupStore(db, version.name)
        self._width = len(self._tables.key)
        self._known: Mark | None = None  # not asked yet

    def checkpoint(self) -> Mark:
        """As the file records it; a version that is only made to be compared has no record."""
        if self._known is None:
            self._known = recorded_mark(self._db, self._version)
        return self._known

    def last_number(self) -> int:
        """The highest number of a row that is, or was."""
        return int(self._db.execute(self._tables.last_row).fetchone()[0])

    def find(self, key: KeyValues) -> RowState | None:
        """By the index over the keys."""
        try:
            if row := self._db.execute(self._tables.find_row, key).fetchone():
                return self._stored(key, row)
            row = self._db.execute(self._tables.find_deleted, key).fetchone()
        except _ROW_REFUSED as error:
            raise RowRefused from error
        return None if row is None else _deleted(key, *row)

    def find_lookup(self, key: str, before: int) -> str | None:
        """By the primary key of the lookup table."""
        return self._lookup.find(key, before)

    def write(self, batch: Batch, until: Mark) -> None:
        """Inside a savepoint, so that a row that is refused takes the whole batch back."""
        if until.position <= self.checkpoint().position:
            return
        with savepoint(self._db):
            with refusing():
                many_rows.insert(self._db, self._tables.add_writes, batch.versions)
                self._write_rows(batch.rows)
                self._lookup.add(batch.lookup)
            note(self._db, self._version, until, rows=batch.growth, writes=len(batch.versions))
        self._known = until

    def forget(self) -> None:
        """Ask the file for the checkpoint again."""
        self._known = None

    def _stored(self, key: KeyValues, row: tuple[Any, ...]) -> RowState:
        *values, position, number, first_position, writes, is_cut = row
        return RowState(
            key=key,
            values=tuple(values[self._width :]),
            number=number,
            write=position * WRITES_PER_EVENT,
            first_position=first_position,
            writes=writes,
            is_cut=bool(is_cut),
            was_stored=True,
        )

    def _write_rows(self, rows: Sequence[RowState]) -> None:
        gone, new, changed = list[RowState](), list[RowState](), list[RowState]()
        for it in rows:
            (gone if it.values is None else changed if it.was_stored else new).append(it)
        changed.sort(key=attrgetter("number"))  # neighbours in the table are written together
        write, tables = self._db.executemany, self._tables
        write(tables.remove_row, [(it.number,) for it in gone if it.was_stored])
        write(tables.add_deleted, [(*it.key, it.writes, it.number) for it in gone])
        write(tables.remove_deleted, [(it.number,) for it in new if it.was_deleted])
        many_rows.insert(self._db, tables.add_rows, [(*it.key, *_columns(it)) for it in new])
        write(tables.change_row, (_columns(it) for it in changed))


def recorded_mark(db: sqlite3.Connection, version: ViewVersion) -> Mark:
    """How far the file says that a version has come."""
    found = checkpoints.read_one(db, version.name)
    if found is None:
        return Mark()
    return Mark(position=found.checkpoint, event_id=found.checkpoint_id)


def note(
    db: sqlite3.Connection, version: ViewVersion, until: Mark, *, rows: int, writes: int
) -> None:
    """Move the checkpoint of a version, if the file has a record of it."""
    checkpoints.advance(
        db,
        version.name,
        position=until.position,
        event_id=until.event_id,
        rows=rows,
        writes=writes,
    )


@contextmanager
def savepoint(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, inside a transaction or as one."""
    db.execute("SAVEPOINT view")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # a full disk has taken the whole transaction back already
            db.execute("ROLLBACK TO view")
            db.execute("RELEASE view")
        raise
    db.execute("RELEASE view")


@contextmanager
def refusing() -> Iterator[None]:
    """What SQLite objects to is what a projection has put."""
    try:
        yield
    except _ROW_REFUSED as error:
        raise RowRefused from error


def _deleted(key: KeyValues, number: int, writes: int) -> RowState:
    return RowState(
        key=key,
        values=None,
        number=number,
        write=0,  # it is not stored; the rows are never ahead of the checkpoint here
        first_position=0,
        writes=writes,
        is_cut=False,
        was_deleted=True,
    )


def _columns(it: RowState) -> tuple[Any, ...]:
    """The columns of the table of rows, but for the key."""
    return (
        *(it.values or ()),
        it.write // WRITES_PER_EVENT,
        it.first_position,
        it.writes,
        it.is_cut,
        it.number,
    )
