"""Rows of a question to SQLite, with its errors in our words."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from msgspec import Struct

from store.errors import Cancelled, StoreDamaged
from store.failure import said_of
from store.query import SqlValue
from store.sqlite.connect import database_path
from store.words import said

S = TypeVar("S", bound=Struct)


def rows(
    db: sqlite3.Connection, sql: str, values: Sequence[SqlValue | None] = ()
) -> list[tuple[Any, ...]]:
    """All rows of the answer. Raises Cancelled when it was interrupted, StoreDamaged."""
    with said_plainly(db):
        return db.execute(sql, values).fetchall()


def made_of(type_: type[S], row: Sequence[Any]) -> S:
    """A struct whose fields are the columns of a row, in their order."""
    return type_(**dict(zip(type_.__struct_fields__, row, strict=True)))


@contextmanager
def said_plainly(db: sqlite3.Connection) -> Iterator[None]:
    """Turn SQLite's words for an interrupt, a damaged file and a disk that fails into ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            raise Cancelled from None
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            reason = said("the store cannot be read ({error})", error=error)
            raise StoreDamaged(reason, database_path(db)) from error
        if (told := said_of(error, database_path(db))) is not None:
            raise told from error
        raise
