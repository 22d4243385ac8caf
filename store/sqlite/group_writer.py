"""Record what waits together in one transaction, each request whole or not at all."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from store.errors import LogReplaced, StoreError
from store.sqlite.file_connection import FileConnection
from store.sqlite.write_requests import Work
from store.sqlite.writer import Append, Writer


class GroupWriter:
    """The connection that writes. One thread at a time. It is opened with the first group; what
    cannot be opened, or was replaced, is opened again for the next."""

    def __init__(self, open_db: Callable[[], FileConnection]) -> None:
        self._open_db = open_db
        self._opened: tuple[FileConnection, Writer] | None = None

    def record(self, group: Sequence[Append | Work]) -> list[Any]:
        """Commit a group; it is on the disk then. Returns what each one gives, or the exception
        that it failed with: a request that fails leaves the others alone, a commit that fails
        is everybody's. What was committed to a file that is no longer the log counts for nothing.
        """
        if not group:
            return []
        try:
            return _recorded(*(self._opened or self._open()), group)
        except BaseException as error:  # the edge: whoever waits hears of it
            return [self._told(error)] * len(group)

    def record_alone(self, append: Append) -> Any:
        """The same for one append that nobody waits beside; mostly it costs one statement."""
        if self._opened is None:
            return self.record([append])[0]
        db, writer = self._opened
        try:
            _require_same(db)
            appended = writer.append_alone(append)
            if appended is not None:
                _require_same(db)
        except BaseException as error:  # the edge, as above
            return self._told(error)
        return appended or self.record([append])[0]

    def _told(self, error: BaseException) -> BaseException:
        """What is told of an error; the next group looks for the right file again."""
        if isinstance(error, LogReplaced):
            self.close()
        return error

    def close(self) -> None:
        """Close the connection, if there is one."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened[0].close()

    def _open(self) -> tuple[FileConnection, Writer]:
        db = self._open_db()
        self._opened = db, Writer(db)
        return self._opened


class _Refused(Exception):
    """Of several appends one cannot be written."""


def _recorded(db: FileConnection, writer: Writer, group: Sequence[Append | Work]) -> list[Any]:
    """One request alone is undone with its transaction. Appends alone are written by few
    statements for all; if the file refuses one of them, and beside other work, each gets a
    savepoint of its own."""
    appends = [it for it in group if isinstance(it, Append)]
    try:
        with writer.transaction():
            _require_same(db)
            if len(appends) == len(group):
                outcomes: list[Any] = _at_once(writer, appends)
            elif len(group) == 1:
                outcomes = [_done(writer, group[0])]
            else:
                outcomes = [_attempt(db, writer, it) for it in group]
    except _Refused:
        with writer.transaction():
            _require_same(db)
            outcomes = [_attempt(db, writer, it) for it in group]
    _require_same(db)
    return outcomes


def _at_once(writer: Writer, appends: Sequence[Append]) -> list[Any]:
    try:
        return writer.append_each(appends)
    except Exception as error:
        if len(appends) == 1 or not _is_of_one(error):
            raise
        raise _Refused from error


def _require_same(db: FileConnection) -> None:
    if db.same is not None:
        db.same.require()


def _attempt(db: sqlite3.Connection, writer: Writer, what: Append | Work) -> Any:
    """Do one request inside the group's transaction, or undo just this one."""
    db.execute("SAVEPOINT request")
    try:
        return _done(writer, what)
    except Exception as error:
        is_own = isinstance(error, StoreError) or (isinstance(what, Append) and _is_of_one(error))
        if not is_own:
            raise
        db.execute("ROLLBACK TO request")
        writer.forget_names()
        return error
    finally:
        db.execute("RELEASE request")


def _done(writer: Writer, what: Append | Work) -> Any:
    if isinstance(what, Append):
        return writer.append_inside(what.stream, what.events, expected=what.expected)
    return what(writer)


def _is_of_one(error: Exception) -> bool:
    """Whether an append is at fault, as with a text that no file can hold; not the file."""
    return not isinstance(error, sqlite3.Error) or isinstance(
        error, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.ProgrammingError
    )
