"""Open the two files of a store, and hold the write lock for exactly one decision.

This is the only place that calls sqlite3.connect.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NoReturn
from uuid import uuid4

from store.access import may_write, why_only_read
from store.errors import (
    NotAStore,
    StoreDamaged,
    StoreExists,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
)
from store.failure import said_of, said_of_world, writing_of
from store.sqlite import schema
from store.sqlite.file_connection import FileConnection
from store.sqlite.interruption import heed_signals
from store.sqlite.left_wal import require_own_wal, set_aside
from store.sqlite.looking import alone, looking_at, state_of, uri_of
from store.sqlite.same_file import SameFile
from store.whole_file import Unfinished, remove_leftovers, written_aside
from store.words import said

BUSY_TIMEOUT_S: Final = 10.0
PAGE_BYTES: Final = 4_096  # SQLite's own number
FILE: Final = "SELECT CAST(file AS BLOB) FROM pragma_database_list WHERE name = 'main'"


def create_log(path: Path) -> None:
    """Make a new, empty log, whole or not at all. Raises what `new_log` raises."""
    with new_log(path) as unfinished:
        unfinished.appear()


@contextmanager
def new_log(path: Path) -> Iterator[Unfinished]:
    """An empty log under another name in the folder of `path`. It becomes the log at `path` by
    `appear`, once every connection to it is closed; otherwise it is gone at the end.

    Raises StoreExists, also from `appear`, StoreMissing (no such folder), StoreReadOnly.
    """
    require_free(path)
    with writing_of(path), written_aside(path) as unfinished:
        with empty_log(unfinished.path, store_id=str(uuid4())):
            pass
        yield unfinished


@contextmanager
def empty_log(path: Path, *, store_id: str) -> Iterator[FileConnection]:
    """A new log with this id, to be filled, at a path that is no log's yet. Closed at the end."""
    with closing(connect(path)) as db:
        schema.create(db, store_id=store_id)
        yield db


def require_free(path: Path) -> None:
    """Raises StoreExists, StoreMissing (no such folder), StoreReadOnly when no log can be made
    here. What SQLite kept beside a log that is gone would be mixed into the new one."""
    if path.exists():
        raise StoreExists(path)
    if not path.parent.is_dir():
        raise StoreMissing(path.parent)
    _require_writable_folder(path)
    for suffix in ("-wal", "-journal"):
        remains = path.with_name(path.name + suffix)
        if remains.exists() and remains.stat().st_size:
            error = StoreExists(remains)
            error.hint = said(
                "It holds the last changes of a store that was deleted. Move it away first."
            )
            raise error


def open_log(
    path: Path, *, writable: bool = False, application: int = schema.APPLICATION_ID
) -> FileConnection:
    """A checked connection to a log: read-only unless `writable`. May be used from any thread,
    by one thread at a time. A log of an older schema is read as it is; who writes brings it to
    the newest first, and removes what killed writers have left in the folder. One that may only be
    read is opened so that nothing beside it is made. `application` is what the file states of
    itself: a log, or a branch with its own events.

    Raises StoreMissing, NotAStore, StoreTooNew, StoreDamaged, StoreReadOnly, StoreBusy.
    """
    _require_log_file(path)
    if writable:
        require_writable(path)
    db = _open_checked(path, application)
    db.application = application
    if not writable:
        return db
    is_older, same = schema.version_of(db) < schema.SCHEMA_VERSION, db.same
    db.close()
    with writing_of(path):
        db = _migrated(path) if is_older else connect(path)
    remove_leftovers(path.parent)
    db.same, db.application = same, application
    return db


def require_writable(path: Path) -> None:
    """Raises StoreReadOnly where this account may only read a log."""
    if reason := why_only_read(path):
        raise StoreReadOnly(reason, path)


def set_wal_aside(path: Path) -> Path | None:
    """Move a -wal away that a former file has left; see store.opening.set_former_aside."""
    return set_aside(path, _connected)


def id_in_file(path: Path) -> str | None:
    """The store id that the file states by itself; None when it is no log, or gone."""
    try:
        with closing(_connected(alone(path))) as db:
            row = db.execute("SELECT value FROM store_facts WHERE key = 'store_id'").fetchone()
    except sqlite3.DatabaseError:
        return None
    return None if row is None else str(row[0])


def _migrated(path: Path) -> FileConnection:
    db = connect(path)
    try:
        schema.migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def connect(path: Path, *, read_only: bool = False, page_bytes: int = PAGE_BYTES) -> FileConnection:
    """A connection in autocommit mode, WAL and synchronous=FULL when it can write. On the main
    thread Ctrl+C ends a statement, however long it takes.

    Closing the last one leaves one whole file. One that only reads holds the file so that it can
    do this too; SQLite refuses every change through it. A file that this account may only read
    is looked at: nothing beside it is made or changed. `page_bytes` is for a file that is made.
    """
    if read_only and not may_write(path):
        return look_into(path)
    db = _connected(uri_of(path, f"mode={'rw' if read_only else 'rwc'}"))
    try:
        if read_only:
            db.execute("PRAGMA query_only = ON")
        else:
            db.execute(f"PRAGMA page_size = {page_bytes}")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    db.closes(path, _open_and_close)
    return db


def connect_alone(path: Path) -> FileConnection:
    """A connection to a file that nobody else knows of yet. It keeps no journal and waits for no
    disk: what fails is of no use any more, and who makes the file known writes it out first."""
    db = _connected(uri_of(path, "mode=rwc"))
    db.file = path  # SQLite knows nothing any more when the disk was full
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    return db


def look_into(path: Path) -> FileConnection:
    """A connection to a file that may be anybody's, or damaged: it, and what is beside it, stays
    as it is. Raises StoreBusy, StoreReadOnly."""
    try:
        looking = looking_at(path)
    except OSError as error:
        raise StoreReadOnly(
            said("the file cannot be read ({strerror})", strerror=error.strerror), path
        ) from error
    db = _connected(looking.uri)
    db.looks_at(path, looking)
    return db


def _connected(uri: str) -> FileConnection:
    db = sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        factory=FileConnection,
    )
    heed_signals(db)
    return db


def _open_and_close(path: Path) -> None:
    with closing(_connected(uri_of(path, "mode=rw"))) as db:
        db.execute("PRAGMA schema_version").fetchone()


@contextmanager
def temporary_objects(db: sqlite3.Connection) -> Iterator[None]:
    """Let a connection that only reads make temporary tables and views inside the block, which
    writes nothing else."""
    (only_reads,) = db.execute("PRAGMA query_only").fetchone()
    db.execute("PRAGMA query_only = OFF")
    try:
        yield
    finally:
        db.execute(f"PRAGMA query_only = {only_reads}")


@contextmanager
def write_transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Take the write lock now. Commit at the end, or leave no trace.

    Raises StoreBusy when another process keeps the lock, StoreReadOnly when the file cannot
    be written, DiskFull and what else of the world is in the way (store.failure).
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise_told(error, db)
    finally:
        if db.in_transaction:
            db.rollback()


def raise_told(error: sqlite3.OperationalError, db: sqlite3.Connection) -> NoReturn:
    """Raise in our words what of the world is in the way; anything else as it is."""
    told = said_of_world(error, database_path(db))
    if told is None:
        raise error
    raise told from error


def attach_log(db: sqlite3.Connection, path: Path, *, name: str = "log") -> None:
    """Let a connection to another file ask a log too, read-only, as `NAME.event_log`. A log that
    lies in no file of its own cannot be asked so: then there is no such table."""
    if not path.is_file() or not isinstance(db, FileConnection):
        return
    if may_write(path):
        db.execute(f"ATTACH DATABASE ? AS {name}", [uri_of(path, "mode=rw")])
        db.closes(path, _open_and_close)
        return
    looking = looking_at(path)
    db.frees(looking)
    db.execute(f"ATTACH DATABASE ? AS {name}", [looking.uri])


def connect_memory() -> sqlite3.Connection:
    """A connection to an empty database in memory. May be used from any thread, by one thread at
    a time."""
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def database_path(db: sqlite3.Connection) -> Path:
    """The file behind a connection: that which a person means, not a copy of it."""
    if isinstance(db, FileConnection) and db.file is not None:
        return db.file
    (name,) = db.execute(FILE).fetchone()
    return Path(os.fsdecode(name))


def remove_files(path: Path) -> None:
    """Delete a SQLite file with its -wal and -shm, where they exist."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _require_log_file(path: Path) -> None:
    if path.is_dir():
        raise NotAStore(said("this is a folder, not a store"), path)
    if not path.exists():
        raise StoreMissing(path)
    if not os.access(path, os.R_OK):
        raise StoreReadOnly(said("the file cannot be read"), path)
    if not path.stat().st_size:
        raise NotAStore(said("the file is empty"), path)


def _require_writable_folder(path: Path) -> None:
    """SQLite keeps the -wal beside the file, and the views lie there too."""
    if not os.access(path.parent, os.W_OK):
        raise StoreReadOnly(said("the folder cannot be written"), path.parent)


def _open_checked(path: Path, application: int) -> FileConnection:
    """Look at the file through SQLite, so that a foreign file is left as it is.

    Never through a file handle of our own: closing one drops every lock that this process has
    on the file, and then another process may delete the -wal that our writer still writes to.
    """
    same = SameFile(path)
    _require_ours(path, application)
    require_own_wal(path, _connected)
    try:
        db = connect(path, read_only=True)
    except sqlite3.DatabaseError as error:
        raise _not_read(error, path) from error
    db.same = same
    try:
        _check_log(db, path, application)
        same.require()  # it may have been replaced while it was opened
    except BaseException:
        db.close()
        raise
    return db


def _require_ours(path: Path, wanted: int) -> None:
    """Tell a foreign file without leaving anything beside it. Raises NotAStore, StoreDamaged."""
    try:
        application = _application_of(path)
    except sqlite3.DatabaseError as error:
        raise _not_read(error, path) from error
    if application is None:
        with closing(look_into(path)) as db:
            _check_log(db, path, wanted)
    elif application != wanted:
        raise _not_ours(application, path)


def _application_of(path: Path) -> int | None:
    """What the file alone states; None when only its -wal might tell, as of a file into which a
    checkpoint was folding it when it was killed."""
    has_wal = state_of(path).wal is not None
    try:
        with closing(_connected(alone(path))) as db:
            application = int(db.execute("PRAGMA application_id").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if has_wal and error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT:
            return None
        raise
    return None if not application and has_wal else application


def _check_log(db: sqlite3.Connection, path: Path, wanted: int) -> None:
    try:
        application: int = db.execute("PRAGMA application_id").fetchone()[0]
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if application == wanted and version <= schema.SCHEMA_VERSION:
            db.execute("SELECT max(position) FROM events").fetchone()
    except sqlite3.DatabaseError as error:
        raise _not_read(error, path) from error
    except UnicodeDecodeError as error:  # of what SQLite says of a damaged schema
        raise StoreDamaged(said("the store cannot be read (a text is not UTF-8)"), path) from error
    if application != wanted:
        raise _not_ours(application, path)
    if version > schema.SCHEMA_VERSION:
        raise StoreTooNew(path, found=version, known=schema.SCHEMA_VERSION)


def _not_ours(application: int, path: Path) -> NotAStore:
    if application == schema.BRANCH_ID:
        return NotAStore(said("this is a branch of a log, and only the log itself will do"), path)
    return NotAStore(said("this SQLite file is not a Foldline store"), path)


def _not_read(error: sqlite3.DatabaseError, path: Path) -> Exception:
    return said_of(error, path) or StoreDamaged(
        said("the store cannot be read ({error})", error=error), path
    )
