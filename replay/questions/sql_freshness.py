"""Which views a question in SQL reads, and how far those are behind what has been recorded.

Look before the question is asked: its answer is then at least as new as what is told of it.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from replay.errors import ViewBehind
from replay.projector.staleness import behind_words
from replay.questions.view_status import list_views
from replay.view_version import KEPT, version_named
from replay.views import checkpoints
from replay.views.outdated import Outdated
from replay.words import said
from store.interface import EventReader

VIEWS: Final = "main"  # the database of a connection that has the views; the log is another
OPENS: Final = ("OpenRead", "ReopenIdx")  # steps of SQLite: root page, number of the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A view that an answer was taken from, and that does not show all of the log."""

    view: str
    checkpoint: int  # what it shows: the events up to here
    behind: int  # events that it lacks
    error: str | None  # why it stands still; None while it goes on
    outdated: Outdated | None  # None: it is what the code of now makes
    stale_since_us: int | None

    def words(self, now_us: int) -> str:
        """For a person."""
        told = behind_words(
            checkpoint=self.checkpoint,
            behind=self.behind,
            stale_since_us=self.stale_since_us,
            now_us=now_us,
        )
        told = said("{view} is {told}", view=self.view, told=told)
        if self.error:
            return said("{told}; it has stopped: {error}", told=told, error=self.error)
        if self.outdated is None:
            return told
        return f"{told}; {self.outdated.words(self.checkpoint + self.behind)}"


def views_read(db: sqlite3.Connection, sql: str) -> frozenset[str]:
    """The views whose tables a statement reads, by name; none for one that SQLite does not
    understand. Nothing of it is run. What it reads of the log beside them is no view."""
    told: set[tuple[str, str]] = set()

    def note(
        action: int, table: str | None, _column: str | None, base: str | None, _inside: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ and table:
            told.add((base or "", table))
        return sqlite3.SQLITE_OK

    db.set_authorizer(note)
    try:
        steps = db.execute(f"EXPLAIN {sql}").fetchall()
    except (sqlite3.Error, sqlite3.Warning, ValueError):
        return frozenset()
    finally:
        db.set_authorizer(None)
    views = checkpoints.read_all(db)
    tables = _opened(db, steps) | {table for base, table in told if base == VIEWS}
    tables |= _virtual(db) & {table.lower() for base, table in told if not base}
    return frozenset(_owner(name, views) for name in tables) - {""}


def stale_ones(
    db: sqlite3.Connection | None, log: EventReader, views: Iterable[str]
) -> tuple[Stale, ...]:
    """Those of the views that do not show everything, or what the code of now would. What is kept
    beside a view stands where it was left, and is not among them."""
    wanted = frozenset(views)
    return tuple(
        Stale(
            view=it.name,
            checkpoint=it.checkpoint,
            behind=it.lag,
            error=it.error,
            outdated=it.outdated,
            stale_since_us=it.stale_since_us,
        )
        for it in list_views(db, log)
        if it.name in wanted and not it.is_kept_beside and (it.lag or it.outdated)
    )


def require_shown(db: sqlite3.Connection, views: Iterable[str], position: int) -> None:
    """Raises ViewBehind when one of the views does not show a position."""
    for view in sorted(views):
        found = checkpoints.read_one(db, view)
        shown = found.checkpoint if found else 0
        if shown < position:
            raise ViewBehind(version_named(view), shown=shown, wanted=position)


def _opened(db: sqlite3.Connection, steps: Iterable[tuple[Any, ...]]) -> set[str]:
    """The tables of the views that a program of SQLite opens: of one whose rows are only counted
    the authorizer does not hear in which database it is."""
    roots = {it[3] for it in steps if it[1] in OPENS and it[4] == 0}
    schema = db.execute(f"SELECT rootpage, tbl_name FROM {VIEWS}.sqlite_schema")
    return {name for root, name in schema if root in roots}


def _virtual(db: sqlite3.Connection) -> set[str]:
    schema = f"SELECT name FROM {VIEWS}.sqlite_schema WHERE type = 'table' AND rootpage = 0"
    return {name for (name,) in db.execute(schema)}


def _owner(table: str, views: Iterable[str]) -> str:
    """The view that a table belongs to: `streams__next` for `streams__next_writes`."""
    of = [it for it in views if table == it or table.startswith(f"{it}_")]
    kept = [it for it in of if version_named(it).slot in KEPT]
    return max(kept or [it for it in of if version_named(it).is_live], key=len, default="")
