"""Questions in SQL to the views: read-only, one statement, stopped when it takes too long."""

import sqlite3
import time
from dataclasses import dataclass
from typing import Any, Final

from store.errors import StoreError

ROWS: Final = 10_000
SECONDS: Final = 30.0
STEPS: Final = 20_000  # of SQLite's machine between two looks at the clock
_DENIED: Final = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})


class SqlFailed(StoreError):
    """A statement is wrong, writes, or takes too long."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlResult:
    """What a statement gave. `plan` is how SQLite comes by it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    is_cut: bool  # whether there are more rows
    seconds: float
    plan: tuple[str, ...]


def ask(
    db: sqlite3.Connection, sql: str, *, limit: int = ROWS, seconds: float = SECONDS
) -> SqlResult:
    """Run one statement on a connection that was opened read-only. Interrupting the connection
    from another thread stops it. Raises SqlFailed; the connection stays usable."""
    started = time.monotonic()
    db.set_authorizer(_allow)
    db.set_progress_handler(lambda: time.monotonic() - started > seconds, STEPS)
    try:
        cursor = db.execute(sql)
        if cursor.description is None:
            raise SqlFailed("this is no question: it gives no rows", _ONLY_READS)
        rows = cursor.fetchmany(limit + 1)
        columns = tuple(it[0] for it in cursor.description)
        cursor.close()
        plan = tuple(str(it[-1]) for it in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
    except sqlite3.Error as error:
        raise _told(error, time.monotonic() - started, seconds) from error
    finally:
        db.set_progress_handler(None, 0)
        db.set_authorizer(None)
        if db.in_transaction:
            db.rollback()
    return SqlResult(
        columns=columns, rows=tuple(rows[:limit]), is_cut=len(rows) > limit,
        seconds=time.monotonic() - started, plan=plan,
    )  # fmt: skip


_ONLY_READS: Final = "Ask with SELECT. Views are made by projections, never by hand."


def _allow(action: int, *_facts: str | None) -> int:
    return sqlite3.SQLITE_DENY if action in _DENIED else sqlite3.SQLITE_OK


def _told(error: sqlite3.Error, took: float, seconds: float) -> SqlFailed:
    text = str(error)
    if "readonly" in text or "not authorized" in text:
        return SqlFailed(f"this would write, and views are only read: {text}", _ONLY_READS)
    if "interrupted" in text:
        if took >= seconds:
            return SqlFailed(
                f"it was stopped after {seconds:g} seconds", "Ask for less, or by an index."
            )
        return SqlFailed("it was stopped", "")
    return SqlFailed(f"SQLite does not understand it: {text}", "The views and their columns are "
                     "listed by: main.py views STORE")  # fmt: skip
