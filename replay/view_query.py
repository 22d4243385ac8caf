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
from typing import Any, Final

from replay import checkpoints
from replay.checkpoints import Checkpoint, ProjectionError
from replay.errors import NoRows, NotKept, UnknownKey, UnknownView
from replay.left_out import LeftOut
from replay.own_projections import names_of
from replay.projection import Column
from replay.row_history import NO_END, KeyValues, RowHistory, Write
from replay.search_view import SEARCH
from replay.timeline_view import TIMELINE
from replay.view import View
from replay.view_answers import RowChange as RowChange
from replay.view_answers import ViewChanges as ViewChanges
from replay.view_answers import ViewPage as ViewPage
from replay.view_answers import ViewRow as ViewRow
from replay.view_answers import ViewStatus as ViewStatus
from replay.view_tables import ViewTables, live_name
from replay.views import views_without_code
from replay.way_back import kept_versions, recorded, version_of
from store.connect import connect_memory
from store.reader import LogReader

_ELSEWHERE: Final = {  # what to ask instead of an index
    SEARCH.name: "Search it with: main.py search STORE WORDS",
    TIMELINE.name: "The events themselves are listed by: main.py log STORE",
}
SIZE: Final = """
SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN (
    SELECT name FROM sqlite_schema
    WHERE tbl_name IN (?1, ?1 || '_writes', ?1 || '_deleted') OR tbl_name GLOB ?2)
"""


def list_views(db: sqlite3.Connection | None, log: LogReader) -> tuple[ViewStatus, ...]:
    """Every view that this program knows, by name, each with what is kept beside it."""
    head, views = log.head(), views_without_code(log.path)
    found = {} if db is None else checkpoints.read_all(db)
    failed = {} if db is None else checkpoints.errors(db)
    own = tuple(recorded(found[it]) for it in names_of(log.path) if it in found)
    kept = () if db is None else kept_versions(db, (*views, *own))
    return tuple(
        _status(it, found.get(it.name), failed.get(it.name), head)
        for it in sorted((*views, *own, *kept), key=lambda it: it.name)
    )


def page(
    db: sqlite3.Connection | None,
    log: LogReader,
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
    log: LogReader,
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
    log: LogReader,
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


def changed(
    db: sqlite3.Connection | None,
    log: LogReader,
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


def size_of(db: sqlite3.Connection, view: str) -> int | None:
    """The bytes of the view's tables and indexes. None where SQLite cannot tell.

    Reads every page of the view: not for a GUI thread.
    """
    try:
        more = f"{view}_[^_]*" if view in (TIMELINE.name, SEARCH.name) else ""
        return int(db.execute(SIZE, [view, more]).fetchone()[0])
    except sqlite3.OperationalError:
        return None


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
    log: LogReader,
    name: str,
    at: int | None,
    *,
    key: KeyValues | None,
) -> Iterator[_Opened]:
    view = _known(name, log, db)
    tables = ViewTables(name, view.columns)
    if key is not None and len(key) != len(tables.key):
        raise UnknownKey(name, expected=tables.key)
    views = db or connect_memory()
    views.execute("BEGIN")
    try:
        found = _checkpoint(views, view) if db else None
        head, checkpoint = log.head(), found.checkpoint if found else 0
        now = head if live_name(name) == name else checkpoint
        yield _Opened(
            view=name,
            columns=view.columns,
            history=RowHistory(views, name, view.columns),
            left_out=LeftOut(view.projection, tables, log),
            wanted=now if at is None else at,
            checkpoint=checkpoint,
            head=head,
            is_indexed=bool(found and found.is_indexed),
        )
    finally:
        views.execute("ROLLBACK")
        if db is None:
            views.close()


def _known(name: str, log: LogReader, db: sqlite3.Connection | None) -> View:
    """A view of rows, or a version that is kept beside one. Raises UnknownView, NoRows."""
    live = live_name(name)
    found = checkpoints.read_one(db, name) if db else None
    view = next((it for it in views_without_code(log.path) if it.name == live), None)
    if view is None and found is not None and live in names_of(log.path):
        return recorded(found)
    if view is None:
        raise UnknownView(name)
    if view.projection is None:
        raise NoRows(name, hint=_ELSEWHERE.get(live, ""))
    if name == live:
        return view
    if found is None:
        raise UnknownView(name)
    return version_of(view, found)


def _checkpoint(db: sqlite3.Connection, view: View) -> Checkpoint | None:
    """None for a view that was made by another definition: it is about to be built anew."""
    found = checkpoints.read_one(db, view.name)
    return found if found and found.definition == view.definition else None


def _status(
    view: View, found: Checkpoint | None, failed: ProjectionError | None, head: int
) -> ViewStatus:
    made = found if found and found.definition == view.definition else None
    return ViewStatus(
        name=view.name,
        title=view.title,
        columns=view.columns,
        checkpoint=made.checkpoint if made else 0,
        lag=head - (made.checkpoint if made else 0),
        row_count=made.row_count if made else 0,
        write_count=made.write_count if made else 0,
        is_indexed=bool(made and made.is_indexed),
        error=failed.message if failed else None,
        error_position=failed.position if failed else None,
    )
