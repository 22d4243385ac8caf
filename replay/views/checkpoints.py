"""How far each view has come: its checkpoint, what it was defined as, and where it failed."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from replay.view_version import ViewVersion, version_named
from store.interface import EventReader
from store.times import now_us

TABLES: Final = (
    """
CREATE TABLE projections (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    columns TEXT NOT NULL,
    generation INTEGER NOT NULL,
    checkpoint INTEGER NOT NULL,
    checkpoint_id TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    write_count INTEGER NOT NULL,
    is_indexed INTEGER NOT NULL
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE projection_errors (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    message TEXT NOT NULL,
    traceback TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    failed_at_us INTEGER NOT NULL,
    definition TEXT NOT NULL
) STRICT, WITHOUT ROWID
""",
)
ALL: Final = """
SELECT name, title, version, definition, columns, generation, checkpoint, checkpoint_id,
       row_count, write_count, is_indexed
FROM projections ORDER BY name
"""
ONE: Final = ALL.replace("ORDER BY name", "WHERE name = ?")
PUT: Final = "INSERT OR REPLACE INTO projections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
ADVANCE: Final = """
UPDATE projections SET checkpoint = ?, checkpoint_id = ?, row_count = row_count + ?,
    write_count = write_count + ?
WHERE name = ?
"""
PARK: Final = """
INSERT INTO projection_errors VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    attempts = excluded.attempts + CASE position WHEN excluded.position THEN attempts ELSE 0 END,
    position = excluded.position, message = excluded.message, traceback = excluded.traceback,
    failed_at_us = excluded.failed_at_us, definition = excluded.definition
"""
NOWHERE: Final = 0  # the position of an error that no event has brought about
ERRORS: Final = """
SELECT name, position, message, traceback, attempts, failed_at_us, definition
FROM projection_errors
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the views file says of one view."""

    name: str  # of the version
    title: str
    version: int
    definition: str
    columns_json: str
    generation: int  # how many times it was built
    checkpoint: int  # the last position whose event is in the rows
    checkpoint_id: str  # that event's id; empty at 0
    row_count: int
    write_count: int
    is_indexed: bool  # its history can be asked; not so while a long log is folded

    @property
    def of(self) -> ViewVersion:
        """The version of a view that it is the checkpoint of."""
        return version_named(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionError:
    """The event at which a projection failed. Its view stays as it was before that event."""

    name: str
    position: int
    message: str
    traceback: str
    attempts: int
    failed_at_us: int
    definition: str  # that failed; a view that is defined otherwise by now is tried anew


FORK: Final = "fork_views"  # the name by which the log's views are asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Of one view. The log's views are attached as FORK, and only read."""

    of: ViewVersion
    generation: int
    until: int  # the last position whose event is taken over
    checkpoint: int  # how far the log's view has come; not before `until`
    branch: EventReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the tables hold then."""

    rows: int
    writes: int
    is_indexed: bool = False  # the history can be asked


# Fills the empty tables of a view as they were at a fork, in a transaction; None: it was better
# to leave them empty. Every table is named with its file: a bare name would be looked for in both.
FromFork: TypeAlias = Callable[[sqlite3.Connection, Fork], Begun | None]


def read_all(db: sqlite3.Connection) -> dict[str, Checkpoint]:
    """Every view of the file, by name."""
    return {row[0]: _checkpoint(row) for row in db.execute(ALL)}


def read_one(db: sqlite3.Connection, name: str) -> Checkpoint | None:
    """One view, or None when the file does not have it."""
    row = db.execute(ONE, [name]).fetchone()
    return None if row is None else _checkpoint(row)


def put(db: sqlite3.Connection, it: Checkpoint) -> None:
    """Add or replace what is known of a view. Inside a transaction."""
    db.execute(PUT, [getattr(it, name) for name in Checkpoint.__slots__])


def advance(
    db: sqlite3.Connection, name: str, *, position: int, event_id: str, rows: int, writes: int
) -> None:
    """Move the checkpoint, in the transaction that writes the rows."""
    db.execute(ADVANCE, [position, event_id, rows, writes, name])


def remove(db: sqlite3.Connection, name: str) -> None:
    """Forget a view. Inside a transaction."""
    db.execute("DELETE FROM projections WHERE name = ?", [name])


def set_indexed(db: sqlite3.Connection, name: str) -> None:
    """Say that the history of a view can be asked. In the transaction that makes its index."""
    db.execute("UPDATE projections SET is_indexed = 1 WHERE name = ?", [name])


def park(
    db: sqlite3.Connection,
    name: str,
    *,
    position: int,
    message: str,
    trace: str,
    attempts: int,
    definition: str,
) -> None:
    """Remember where a projection failed, and how often. Inside a transaction."""
    db.execute(PARK, [name, position, message, trace, attempts, now_us(), definition])


def tell(db: sqlite3.Connection, name: str, problem: str) -> None:
    """Remember why a view stands still that failed at no event. Inside a transaction."""
    db.execute(PARK, [name, NOWHERE, problem, "", 0, now_us(), ""])


def unpark(db: sqlite3.Connection, name: str) -> None:
    """Forget the error of a view. Inside a transaction."""
    db.execute("DELETE FROM projection_errors WHERE name = ?", [name])


def errors(db: sqlite3.Connection) -> dict[str, ProjectionError]:
    """The views that failed, by name."""
    return {row[0]: _error(row) for row in db.execute(ERRORS)}


def _checkpoint(row: tuple[Any, ...]) -> Checkpoint:
    *facts, is_indexed = row
    return Checkpoint(**dict(zip(_FACTS, facts, strict=True)), is_indexed=bool(is_indexed))


def _error(row: tuple[Any, ...]) -> ProjectionError:
    return ProjectionError(**dict(zip(ProjectionError.__slots__, row, strict=True)))


_FACTS: Final = Checkpoint.__slots__[:-1]
