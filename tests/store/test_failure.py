"""Each way in which a file cannot be used has a sentence of its own, and only damage is damage."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

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
from store.failure import said_of, said_of_world, writing_of

PATH = Path("/shelf/log.foldline")
OF_SQLITE = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: DiskFails,
    sqlite3.SQLITE_IOERR_WRITE: DiskFails,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_READONLY_DBMOVED: StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: CannotOpen,
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_BUSY_SNAPSHOT: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_NOMEM: OutOfMemory,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: NotAStore,
}
OF_SYSTEM = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EFBIG: TooBig,
    errno.EIO: DiskFails,
    errno.EACCES: StoreReadOnly,
    errno.EROFS: StoreReadOnly,
    errno.ENOENT: StoreMissing,
    errno.EMFILE: CannotOpen,
    errno.ENOMEM: OutOfMemory,
}


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("code", OF_SQLITE)
def test_what_sqlite_says_is_told_by_its_code(code: int) -> None:
    told = said_of(of_sqlite(code), PATH)

    assert type(told) is OF_SQLITE[code]
    assert isinstance(told, StoreError)
    assert told.hint
    assert "None" not in str(told)
    assert ("backup" in told.hint) == isinstance(told, StoreDamaged)


@pytest.mark.parametrize("number", OF_SYSTEM)
@pytest.mark.parametrize("name", [None, "/elsewhere/file"])
def test_what_the_system_says_is_told_by_its_number(number: int, name: str | None) -> None:
    error = OSError(number, os.strerror(number), name)

    told = said_of(error, PATH)

    assert type(told) is OF_SYSTEM[number]
    assert ("/elsewhere" if name else "/shelf") in str(told)
    assert "None" not in str(told)


def test_what_is_not_about_the_file_is_left_as_it_is() -> None:
    for code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CONSTRAINT):
        assert said_of(of_sqlite(code), PATH) is None
        with pytest.raises(sqlite3.OperationalError), writing_of(PATH):
            raise of_sqlite(code)
    assert said_of_world(of_sqlite(sqlite3.SQLITE_CORRUPT), PATH) is None
    with pytest.raises(StoreError), writing_of(PATH):
        raise of_sqlite(sqlite3.SQLITE_FULL)


def test_an_error_of_input_on_a_disk_without_room_is_the_lack_of_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says so of its index, which it cannot make bigger."""
    real = os.statvfs(tmp_path)
    none_left = os.statvfs_result((*real[:3], 0, 0, *real[5:]))
    monkeypatch.setattr(os, "statvfs", lambda _path: none_left)

    told = said_of(of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), tmp_path / "log.foldline")

    assert isinstance(told, DiskFull)
    assert told.path == tmp_path
