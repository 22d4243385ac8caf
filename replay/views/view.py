"""A view as the runner sees it: tables that are folded from the log, whatever their form."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from replay.projection import Column, Projection, columns, definition
from replay.view_version import Slot, ViewVersion, version_named
from replay.views import lookup_store, view_tables
from replay.views.checkpoints import Begun, Fork, FromFork
from replay.views.failure import Failure
from replay.views.hearing import definition_heard
from replay.views.row_buffer import RowBuffer
from replay.views.sink import Flushed, Mark
from replay.views.sqlite_sink import SqliteSink
from replay.views.view_tables import ViewTables
from store.events import RecordedEvent

EVENTS_PER_TAKE: Final = 50_000


class ViewWriter(Protocol):
    """Folds events into the tables of one view. One thread."""

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in, in memory; returns the position it has come to: the last one's, or an
        earlier one when that much is to be written first. Raises whatever the projection raises."""

    @property
    def has_failed(self) -> bool:
        """Whether the next `take` raises, if it goes on where the last one has stopped."""

    def failure(self, error: Exception) -> Failure:
        """What `take` has raised, and at which event, as far as that is known."""

    def end_when(self, is_cancelled: Callable[[], bool]) -> None:
        """From now on `take` raises Cancelled when this is so, if it may take long."""

    def flush(self, until: Mark) -> Flushed:
        """Write what was folded with the checkpoint, both or neither. Raises RowRefused."""

    def forget(self) -> None:
        """Drop everything that is not in the tables."""

    def close(self) -> None:
        """End what it has started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a view: the view's name and `suffix`."""

    suffix: str
    key: tuple[str, ...]  # orders the rows, and names one
    is_derived: bool = False  # made by `describe` from the others: never renamed
    is_private: bool = False  # for its own code alone: what another definition made may lack it


_LOOKUP: Final = Table(suffix=lookup_store.LOOKUP, key=lookup_store.KEY, is_private=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is folded, and how the tables of its versions are made."""

    name: str
    title: str
    version: int
    definition: str  # a hash: another one needs a rebuild
    columns: tuple[Column, ...]
    projection: Projection[Any] | None  # None: its tables are no rows with a history
    tables: tuple[Table, ...]  # the first one holds the rows as they are now
    create: Callable[[sqlite3.Connection, ViewVersion], None]
    index: Callable[[sqlite3.Connection, ViewVersion, int], None]  # the last: a generation
    writer: Callable[[sqlite3.Connection, ViewVersion], ViewWriter]
    describe: Callable[[sqlite3.Connection], None]  # what people with a plain sqlite3 get
    readable: frozenset[str] = frozenset()  # older definitions, whose tables are read like today's
    is_apart: bool = False  # folded in another process: an event may take any time
    reads_texts: bool = False  # and mostly no whole event: see replay.views.text_page
    events_per_take: int = EVENTS_PER_TAKE  # no more are folded before a commit
    any_category: frozenset[str] = frozenset()  # of streams: without one of them nothing is folded
    from_fork: FromFork | None = None  # in a branch; None: there it is folded from the beginning

    @property
    def of(self) -> ViewVersion:
        """The version that it is: mostly the live one."""
        return version_named(self.name)

    def can_serve(self, definition: str) -> bool:
        """Whether tables made by a definition can be shown: of projections all, since their
        columns stand beside them; of others those in the form that their readers know."""
        return self.projection is not None or definition in {self.definition, *self.readable}


def view_of(projection: Projection[Any]) -> View:
    """The view that a projection makes."""
    made_of = columns(projection)

    def create(db: sqlite3.Connection, version: ViewVersion) -> None:
        ViewTables(version.name, made_of).create(db)
        if projection.keeps_lookup:
            lookup_store.create(db, version.name)

    def index(db: sqlite3.Connection, version: ViewVersion, generation: int) -> None:
        ViewTables(version.name, made_of).index(db, generation=generation)

    def begin(db: sqlite3.Connection, fork: Fork) -> Begun:
        from replay.views.fork_rows import ForkRows  # only a branch needs it

        return ForkRows(projection, made_of)(db, fork)

    def describe(db: sqlite3.Connection) -> None:
        ViewTables(projection.name, made_of).create_history(db)

    return View(
        name=projection.name,
        title=projection.title,
        version=projection.version,
        definition=definition_heard(
            definition(projection), projection.listens, projection.payloads
        ),
        columns=made_of,
        projection=projection,
        tables=_tables(projection),
        create=create,
        index=index,
        writer=lambda db, version: RowBuffer(SqliteSink(db, version, made_of), projection),
        describe=describe,
        from_fork=begin,
    )


def is_whole(
    db: sqlite3.Connection, view: View, slot: Slot = Slot.LIVE, *, is_folded: bool = False
) -> bool:
    """Whether all tables of a version of the view are there that are read; with `is_folded` also
    those that its code needs to fold on, which only what it has made itself is sure to have."""
    return _needed(view, slot, is_folded=is_folded) <= _there(db)


def are_whole(db: sqlite3.Connection, versions: Iterable[tuple[View, Slot, bool]]) -> bool:
    """Whether all tables of all these versions are there; each with whether it is folded."""
    found = _there(db)
    return all(_needed(it, slot, is_folded=folded) <= found for it, slot, folded in versions)


def drop(db: sqlite3.Connection, view: View, slot: Slot) -> None:
    """Remove the tables of a version, where they exist. Inside a transaction."""
    base = ViewVersion(view.name, slot).name
    db.execute(f'DROP VIEW IF EXISTS "{base}_history"')
    for table in _possible(view):
        db.execute(f'DROP TABLE IF EXISTS "{base}{table.suffix}"')


def create(db: sqlite3.Connection, view: View) -> None:
    """Make the view's tables in place of those that are there, empty. Inside a transaction."""
    drop(db, view, Slot.LIVE)
    view.create(db, ViewVersion(view.name))
    view.describe(db)


def rename(db: sqlite3.Connection, view: View, before: Slot, after: Slot) -> None:
    """Move a version to another slot, in place of what is there. Inside a transaction."""
    drop(db, view, after)
    old, new = (ViewVersion(view.name, it).name for it in (before, after))
    found = _there(db)
    db.execute(f'DROP VIEW IF EXISTS "{old}_history"')
    for table in _possible(view):
        if table.is_derived:
            db.execute(f'DROP TABLE IF EXISTS "{old}{table.suffix}"')
            continue
        if table.is_private and f"{old}{table.suffix}" not in found:
            continue
        db.execute(f'ALTER TABLE "{old}{table.suffix}" RENAME TO "{new}{table.suffix}"')


def _tables(projection: Projection[Any]) -> tuple[Table, ...]:
    return (
        Table(suffix="", key=projection.key),
        Table(suffix=view_tables.WRITES, key=("_write",)),
        Table(suffix=view_tables.DELETED, key=("_row",)),
        *([_LOOKUP] if projection.keeps_lookup else []),
    )


def _possible(view: View) -> tuple[Table, ...]:
    """The tables that a version may have: older code may have kept a lookup table."""
    has_lookup = view.projection is None or view.projection.keeps_lookup
    return view.tables if has_lookup else (*view.tables, _LOOKUP)


def _needed(view: View, slot: Slot, *, is_folded: bool) -> set[str]:
    base = ViewVersion(view.name, slot).name
    has_history = view.projection is not None and slot is Slot.LIVE
    wanted = (it for it in view.tables if is_folded or not it.is_private)
    tables = {base + it.suffix for it in wanted}
    return tables | {f"{base}_history"} if has_history else tables


def _there(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
