"""Rows of many columns, taken in by a function of ours that SQLite calls with all of a row at once.

Fetching a row, Python's sqlite3 lets other threads run once a column and locks the connection two
or three times a column: with twelve of them that is more than half of the time. The arguments of
a function cost it one such step a row.
Source: CPython's Modules/_sqlite/cursor.c (_pysqlite_fetch_one_row), connection.c (step_callback).
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final

from store.query import SqlValue

NAME: Final = "wide_row"


class NotTaken(Exception):
    """A row could not be taken: one of its texts is no UTF-8, or a signal came. Asking for the
    rows in the usual way tells which."""


class WideRows:
    """Of one connection, from one thread at a time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._taking = _Taking()  # which does not know the connection: that one holds it
        db.create_aggregate(NAME, -1, self._taking.begin)

    def of(self, sql: str, values: Sequence[SqlValue]) -> list[tuple[Any, ...]]:
        """All rows of a plain `SELECT columns FROM …`, in the order in which SQLite comes upon
        them: a function over many rows is promised none. Raises NotTaken, sqlite3.DatabaseError."""
        columns, rest = sql.split("SELECT ", 1)[1].split("FROM ", 1)
        self._taking.rows = found = list[tuple[Any, ...]]()
        try:
            self._db.execute(f"SELECT {NAME}({columns}) FROM {rest}", values).fetchone()
        except (UnicodeDecodeError, SystemError) as error:  # SQLite was not told of it
            raise NotTaken from error
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise NotTaken from error
            raise
        finally:
            self._taking.rows = []
        return found


class _Taking:
    """Where the rows go."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def begin(self) -> "_Step":
        return _Step(self.rows.append)


class _Step:
    """One run over the rows."""

    def __init__(self, add: Callable[[tuple[Any, ...]], None]) -> None:
        def step(*row: Any) -> None:
            add(row)

        self.step: Callable[..., None] = step

    def finalize(self) -> int:
        """No value of its own: the rows are the answer."""
        return 0
