"""Questions in SQL to the views and the log: read-only, one statement, stopped when it takes too
long or holds too much."""

import re
import sqlite3
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from replay.questions.misnamed import meant_instead
from replay.questions.own_columns import from_stars
from replay.questions.sql_numbers import cover
from replay.views.read_store import open_views_to_read
from replay.words import said
from store.errors import StoreError
from store.failure import said_of_world
from store.interface import EventReader
from store.lenient_text import lenient_text
from store.sqlite.asked_log import attach_events
from store.stopwatch import Stopwatch

ROWS: Final = 10_000
SECONDS: Final = 30.0
BYTES: Final = 64 * 2**20  # of a whole answer
VALUE_BYTES: Final = 16 * 2**20  # of one value, in the answer or on the way to it
STEPS: Final = 20_000  # of SQLite's machine between two looks at the clock

# What SQLite itself does not refuse on a connection that only reads.
_DENIED: Final = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }
)
_SETTINGS_READ: Final = frozenset(
    {
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "database_list",
        "collation_list",
        "function_list",
        "module_list",
        "compile_options",
        "data_version",
    }
)


class SqlFailed(StoreError):
    """A statement is wrong, writes, takes too long, or holds too much."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlResult:
    """What a statement gave. `plan` is how SQLite comes by it; empty for one that is a plan."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut_at: str  # "10,000 rows" or "64 MB" when there are more; empty when these are all
    seconds: float
    plan: tuple[str, ...]
    truths: str = ""  # a sentence, where true and 1, or false and 0, may share a group

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows."""
        return bool(self.cut_at)


def open_to_ask(log: EventReader) -> sqlite3.Connection | None:
    """A connection for `ask`: the views, and beside them the log (`event_log`), both read-only.
    None while there are no views."""
    db = open_views_to_read(log)
    if db is not None:
        attach_events(db, log.place.path)
        db.text_factory = lenient_text
    return db


def ask(
    db: sqlite3.Connection, sql: str, *, limit: int = ROWS, seconds: float = SECONDS
) -> SqlResult:
    """Run one statement on a connection that `open_to_ask` gave. Interrupting the connection
    from another thread stops it. Raises SqlFailed; the connection stays usable."""
    started, watch = time.monotonic(), Stopwatch()
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES)
    db.execute("BEGIN")
    try:
        truths = cover(db, sql)
        db.set_authorizer(_allow)
        db.set_progress_handler(lambda: time.monotonic() - started > seconds, STEPS)
        columns, rows, cut_at = _answered(db, sql, limit)
        if _ASKS_PLAN.match(sql):
            rows = tuple((*row[:-1], _table_names(str(row[-1]))) for row in rows)
        plan = _plan(db, sql)
    except (sqlite3.Error, sqlite3.Warning, ValueError, MemoryError) as error:
        took = time.monotonic() - started
        raise _told(db, error, sql, took=took, seconds=seconds) from error
    finally:
        db.set_progress_handler(None, 0)
        db.set_authorizer(None)
        db.rollback()
    return SqlResult(
        columns=columns,
        rows=rows,
        cut_at=cut_at,
        seconds=watch.seconds(len(rows)),
        plan=plan,
        truths=truths.words,
    )


def _answered(
    db: sqlite3.Connection, sql: str, limit: int
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...], str]:
    """Columns, rows, and where they were cut."""
    cursor = db.execute(sql)
    if cursor.description is None:
        raise SqlFailed(said("this statement returns no rows"), _ONLY_READS)
    names = [it[0] for it in cursor.description]
    left_out = from_stars(sql, names)
    kept = [n for n in range(len(names)) if n not in left_out]
    rows: list[tuple[Any, ...]] = []
    size, cut_at = 0, ""
    for row in cursor:
        size += sum(len(it) for it in row if isinstance(it, str | bytes))
        if len(rows) == limit or size > BYTES:
            cut_at = (
                said("{limit:,} rows", limit=limit)
                if len(rows) == limit
                else said("{bytes} MB", bytes=BYTES >> 20)
            )
            break
        rows.append(tuple(row[n] for n in kept) if left_out else row)
    cursor.close()
    return tuple(names[n] for n in kept), tuple(rows), cut_at


def _plan(db: sqlite3.Connection, sql: str) -> tuple[str, ...]:
    """How SQLite comes by a statement that has run."""
    with suppress(sqlite3.OperationalError):  # it asks for a plan itself
        steps = db.execute(f"EXPLAIN QUERY PLAN {sql}")
        return tuple(_table_names(str(it[-1])) for it in steps)
    return ()


def _table_names(step: str) -> str:
    """A step of a plan, with the tables named as a question names them."""
    return step.replace(" main.", " ")


_ASKS_PLAN: Final = re.compile(r"\s*explain\s+query\s+plan\b", re.IGNORECASE)
_ONLY_READS: Final = said("Use SELECT. Views are written by projections only.")
_WRITES: Final = (
    said("this statement would write or change a setting; the store is read-only here"),
    _ONLY_READS,
)
_WRITING: Final = re.compile(
    r"(\s|--.*?(\n|$)|/\*.*?\*/)*"
    r"(insert|update|delete|replace|create|drop|alter|attach|detach|vacuum|reindex|analyze"
    r"|begin|commit|end|rollback|savepoint|release)\b",
    re.IGNORECASE | re.DOTALL,
)


def _allow(action: int, *facts: str | None) -> int:
    is_denied = action in _DENIED
    if action == sqlite3.SQLITE_PRAGMA:
        is_denied = facts[0] not in _SETTINGS_READ
    if action == sqlite3.SQLITE_INSERT:
        is_denied = facts[0] == "sqlite_temp_master"
    return sqlite3.SQLITE_DENY if is_denied else sqlite3.SQLITE_OK


def _told(
    db: sqlite3.Connection, error: Exception, sql: str, *, took: float, seconds: float
) -> SqlFailed:
    text, code = str(error), getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY) or _WRITING.match(sql):
        return SqlFailed(*_WRITES)
    if code == sqlite3.SQLITE_INTERRUPT:
        if took >= seconds:
            return SqlFailed(
                said("the query was stopped after {seconds:g} seconds", seconds=seconds),
                said("Select fewer rows, or use an index."),
            )
        return SqlFailed(said("the query was stopped"), "")
    if code == sqlite3.SQLITE_TOOBIG or isinstance(error, MemoryError):
        return SqlFailed(
            said("a single value is larger than {value_bytes} MB", value_bytes=VALUE_BYTES >> 20),
            said("Select a part of it: substr(…)."),
        )
    sorting = Path(tempfile.gettempdir()) / "sorting"  # where a big answer is kept for a moment
    world = said_of_world(error, sorting) if isinstance(error, sqlite3.Error) else None
    if world is not None:
        return SqlFailed(str(world), world.hint)
    return SqlFailed(
        said("SQLite rejected the query: {text}", text=text),
        meant_instead(db, text, sql),
    )
