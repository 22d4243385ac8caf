"""What SQLite and the system say when a file cannot be used, in our words: one place for all.

A full disk, a file that may not be written, a disk that fails, a lock and damage are five things,
and each has its own next step. Only damage is damage.
"""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from store.errors import (
    CannotOpen,
    DiskFails,
    DiskFull,
    NotAStore,
    OutOfMemory,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreReadOnly,
    TooBig,
)
from store.words import said

Raised: TypeAlias = sqlite3.Error | OSError

ROOM_BYTES: Final = 64 * 1024  # less is no room: SQLite writes pages, and its index in 32 KiB
LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
# Our own statements are right: a log that lacks what they name is not what it says it is.
_LACKING: Final = ("no such table: ", "no such column: ", "malformed database schema")
_NO_TEXT: Final = "Could not decode to UTF-8"  # of Python's module: it has no code
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
REFUSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
CLOSED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.EISDIR, errno.ENOTDIR, errno.ELOOP})


def said_of(error: Raised, path: Path) -> StoreError | None:
    """The error for a person about the file at `path`; None when it is not about the file, as a
    statement that is wrong or was stopped is not."""
    if isinstance(error, OSError):
        return _of_system(error, path)
    return _of_sqlite(error, path)


@contextmanager
def writing_of(path: Path) -> Iterator[None]:
    """What fails while a file is written, or a store is worked on, in our words."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        told = said_of(error, path)
        if told is None:
            raise
        raise told from error


def said_of_world(error: sqlite3.Error, path: Path) -> StoreError | None:
    """The same, but None also when the file is damaged: that is for who can tell more of it."""
    told = said_of(error, path)
    return None if isinstance(told, StoreDamaged | NotAStore) else told


def _of_sqlite(error: sqlite3.Error, path: Path) -> StoreError | None:
    code, reason = _code(error), str(error)
    if code in LOCKED:
        return StoreBusy(path)
    if reason.startswith(_NO_TEXT):
        return StoreDamaged(said("the store cannot be read (a text is not UTF-8)"), path)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _crowded(path)):
        return DiskFull(_crowded(path) or path.parent)
    match code:
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreReadOnly(said("the file cannot be written"), path)
        case sqlite3.SQLITE_CANTOPEN:
            return CannotOpen(path)
        case sqlite3.SQLITE_IOERR:
            return DiskFails(reason, path)
        case sqlite3.SQLITE_NOMEM:
            return OutOfMemory(path)
        case sqlite3.SQLITE_CORRUPT:
            return StoreDamaged(said("the store cannot be read ({reason})", reason=reason), path)
        case sqlite3.SQLITE_ERROR if reason.startswith(_LACKING):
            return StoreDamaged(said("the store cannot be read ({reason})", reason=reason), path)
        case sqlite3.SQLITE_NOTADB:
            return NotAStore(said("this is not a Foldline store"), path)
    return None


def _of_system(error: OSError, path: Path) -> StoreError | None:
    where = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else path
    if error.errno in FULL:
        return DiskFull(where.parent if error.filename else _crowded(path) or path.parent)
    if error.errno in REFUSED:
        return StoreReadOnly(said("this account has no access to it"), where)
    if error.errno in CLOSED:
        return CannotOpen(where)
    match error.errno:
        case errno.ENOENT:
            return StoreMissing(where)
        case errno.EFBIG:
            return TooBig(where)
        case errno.EIO:
            return DiskFails(error.strerror or said("an input or output operation failed"), where)
        case errno.ENOMEM:
            return OutOfMemory(where)
    return None


def _crowded(path: Path) -> Path | None:
    """The folder without room: that of the file, or the one for what is kept for a moment."""
    for folder in (path.parent, Path(tempfile.gettempdir())):
        try:
            room = os.statvfs(folder)
        except (OSError, AttributeError):  # it is gone, or the system does not tell
            continue
        if room.f_bavail * room.f_frsize < ROOM_BYTES:
            return folder
    return None


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
