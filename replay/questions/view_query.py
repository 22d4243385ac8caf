"""What views answer: a page, a row, its history, what changed; now or as of any position.

Every answer says how far the view had come. Asked for a position that the view has not seen it
answers as of its checkpoint, and says so; it never guesses. `db` is a connection that
read_store.open_views_to_read gave, or None while there are no views; then every view is empty
and as of position 0.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from replay.errors import NotKept, UnknownColumn, UnknownKey
from replay.projection import Column
from replay.questions.known_view import code_of, known_view
from replay.questions.view_answers import RowChange as RowChange
from replay.questions.view_answers import ViewChanges as ViewChanges
from replay.questions.view_answers import ViewPage as ViewPage
from replay.questions.view_answers import ViewRow as ViewRow
from replay.questions.view_answers import ViewStatus as ViewStatus
from replay.view_version import version_named
from replay.views import checkpoints
from replay.views.left_out import LeftOut
from replay.views.outdated import Outdated, outdated_views
from replay.views.row_history import NO_END, RowHistory, Write
from replay.views.sink import KeyValues
from replay.views.view_tables import ViewTables
from store.interface import EventReader
from store.sqlite.connect import connect_memory


def page(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    *,
    at: int | None = None,
    after: KeyValues | None = None,
    limit: int = 100,
) -> ViewPage:
    """Rows by key, those behind the key `after`; as they are now, or as of a position.

    A version that is kept beside a view is now where it was left. Raises UnknownView, NoRows,
    UnknownKey, NotKept.
    """
    with _opened(db, log, view, at, key=after) as it:
        if it.is_now:
            rows = [it.shown_now(row) for row in it.history.rows_now(after=after, limit=limit)]
        elif it.is_ready:
            writes = it.history.rows_at(it.as_of, after=after, limit=limit)
            rows = [it.shown(write) for write in writes]
        else:
            rows = []
        return it.page(rows)


def row(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    key: KeyValues,
    *,
    at: int | None = None,
    may_lack: bool = False,
) -> ViewPage:
    """The row with a key, as a page of one row or none; with `may_lack` even where values of it
    were not kept. Raises UnknownView, NoRows, UnknownKey, NotKept."""
    with _opened(db, log, view, at, key=key) as it:
        if it.is_now:
            found = it.history.row_now(key)
            return it.page([] if found is None else [it.shown_now(found)])
        number = it.history.row_number(key) if it.is_ready else None
        write = None if number is None else it.history.version(number, it.as_of, key)
        if write is None or write.is_deleted:
            return it.page([])
        return it.page([it.shown(write, may_lack=may_lack)])


def history(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    key: KeyValues,
    *,
    before: int = NO_END,
    limit: int = 100,
) -> ViewPage:
    """The versions of one row that were written before a position, the latest first: each names
    the event that wrote it. Raises UnknownView, UnknownKey."""
    with _opened(db, log, view, None, key=key) as it:
        number = it.history.row_number(key) if it.is_ready else None
        if number is None:
            return it.page([])
        end = min(before, it.as_of + 1)
        writes = it.history.versions(number, key, before=end, limit=limit)
        return it.page([it.shown(write, may_lack=True) for write in writes])


@dataclass(frozen=True, slots=True, kw_only=True)
class CellWrite:
    """The write that gave a column of a row the value it has, and that value as stored."""

    column: Column
    before: Any  # None too where the row was not there
    after: Any
    position: int  # of the event
    is_first: bool  # the row was not there before


def cell(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    key: KeyValues,
    column: str,
    *,
    at: int | None = None,
) -> CellWrite | None:
    """What gave a cell its value as of a position; None where there is no such row. Looks back as
    far as it must, in one question. Raises UnknownView, UnknownKey, UnknownColumn."""
    with _opened(db, log, view, at, key=key) as it:
        found = next((one for one in it.columns if one.name == column), None)
        if found is None:
            raise UnknownColumn(column, view)
        number = it.history.row_number(key) if it.is_ready else None
        now = None if number is None else it.history.version(number, it.as_of, key)
        if now is None or now.is_deleted:
            return None
        first, before = it.history.first_of_value(column, now)
        at_ = [one.name for one in it.columns].index(column)
        return CellWrite(
            column=found,
            before=None if before is None else (*key, *before.rest)[at_],
            after=(*key, *now.rest)[at_],
            position=first.position,
            is_first=before is None,
        )


def changed(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    *,
    after: int,
    until: int,
    after_row: int = 0,
    limit: int = 100,
) -> ViewChanges:
    """The rows written behind position `after` and up to `until`, as they were at both.

    A row that was there at neither is left out. Raises UnknownView.
    """
    with _opened(db, log, view, until, key=None) as it:
        numbers = (
            it.history.changed(after, it.as_of, after_row=after_row, limit=limit)
            if it.is_ready
            else []
        )
        changes = [it.change(number, after) for number in numbers]
        return ViewChanges(
            view=view,
            columns=it.columns,
            changes=tuple(one for one in changes if one.before or one.after),
            after=after,
            until=it.as_of,
            is_ready=it.is_ready,
            next_row=numbers[-1] if len(numbers) == limit else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """One view inside a read transaction."""

    view: str
    columns: tuple[Column, ...]
    history: RowHistory
    left_out: LeftOut
    wanted: int
    checkpoint: int
    head: int
    is_indexed: bool
    outdated: Outdated | None
    stale_since_us: int | None

    @property
    def as_of(self) -> int:
        return min(self.wanted, self.checkpoint)

    @property
    def is_now(self) -> bool:
        return 0 < self.checkpoint <= self.wanted

    @property
    def is_ready(self) -> bool:
        return self.is_indexed

    def page(self, rows: Sequence[ViewRow]) -> ViewPage:
        return ViewPage(
            view=self.view,
            columns=self.columns,
            rows=tuple(rows),
            wanted=self.wanted,
            as_of=self.as_of,
            checkpoint=self.checkpoint,
            head=self.head,
            is_ready=self.is_now or self.is_ready,
            has_past=self.is_indexed,
            outdated=self.outdated,
            stale_since_us=self.stale_since_us,
        )

    def shown_now(self, found: tuple[Any, ...]) -> ViewRow:
        key_size = sum(column.is_key for column in self.columns)
        return ViewRow(key=found[:key_size], values=found[:-1], position=found[-1])

    def shown(self, write: Write, *, may_lack: bool = False) -> ViewRow:
        try:
            whole = self.left_out.complete(self.history, write)
        except NotKept:
            if not may_lack:
                raise
            whole = write
        return ViewRow(
            key=whole.key,
            values=(*whole.key, *whole.rest),
            position=whole.position,
            is_deleted=whole.is_deleted,
        )

    def change(self, number: int, after: int) -> RowChange:
        key = self.history.key_of(number)
        before, now = (self._at(number, position, key) for position in (after, self.as_of))
        return RowChange(row=number, key=key, before=before, after=now)

    def _at(self, number: int, position: int, key: KeyValues) -> ViewRow | None:
        write = self.history.version(number, position, key)
        return None if write is None or write.is_deleted else self.shown(write, may_lack=True)


@contextmanager
def _opened(
    db: sqlite3.Connection | None,
    log: EventReader,
    name: str,
    at: int | None,
    *,
    key: KeyValues | None,
) -> Iterator[_Opened]:
    views = db or connect_memory()
    views.execute("BEGIN")  # the columns, and who made the rows, are those of this very moment
    try:
        view = known_view(name, log, db)
        tables = ViewTables(name, view.columns)
        if key is not None and len(key) != len(tables.key):
            raise UnknownKey(name, expected=tables.key)
        found = checkpoints.read_one(views, view.name) if db else None
        head, checkpoint = log.head(), found.checkpoint if found else 0
        now = head if version_named(name).is_live else checkpoint
        wanted = now if at is None else at
        is_behind = checkpoint < min(wanted, head)
        code = code_of(name, log) or view
        outdated = outdated_views(views, {name: found}, (code,)).get(name) if found else None
        yield _Opened(
            view=name,
            columns=view.columns,
            history=RowHistory(views, name, view.columns),
            left_out=LeftOut(view.projection, tables, log),
            wanted=wanted,
            checkpoint=checkpoint,
            head=head,
            is_indexed=bool(found and found.is_indexed),
            outdated=outdated,
            stale_since_us=log.arrived_at_us(checkpoint + 1) if is_behind else None,
        )
    finally:
        views.execute("ROLLBACK")
        if db is None:
            views.close()
