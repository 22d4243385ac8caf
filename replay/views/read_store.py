"""The second file, name.foldline-views: disposable, so whatever is wrong with it is thrown away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from replay.snapshots import snapshots
from replay.views import checkpoints
from replay.views.checkpoints import Checkpoint
from replay.views.noted_use import note_log, note_use, noted_log
from replay.words import said
from store.access import make_folder_of_ours
from store.commits import CommitWatcher
from store.errors import CannotOpen, StoreError, StoreReadOnly
from store.failure import said_of, said_of_world, writing_of
from store.interface import EventReader
from store.opening import reading
from store.place import Place
from store.sqlite.connect import attach_log, connect, remove_files, write_transaction

APPLICATION_ID: Final = 0x464F4C56  # "FOLV"
SCHEMA_VERSION: Final = 4
CHECKED_BYTES: Final = 256 * 2**20  # a bigger file is not read from end to end at every start
CACHE_KIB: Final = 65_536
# Twice what SQLite takes: a long fold writes half as many pages, each of them twice (to the -wal
# and from there), for 3 % less time; with still bigger ones a commit of one event takes longer.
PAGE_BYTES: Final = 8_192
WAL_PAGES: Final = 2_000  # between two copies of the -wal into the file
ATTEMPTS: Final = 5  # another process may be throwing the same file away

FACTS: Final = """
CREATE TABLE view_facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID
"""


class ReadStore:
    """A writable connection to the views of one log. Use it from one thread.

    Its rows are no truth of their own, so a commit need not reach the disk before it counts:
    after a power cut some are folded again.
    """

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.db = db
        self.path = path
        self._identity = _identity(path)

    def is_in_place(self) -> bool:
        """Whether the file at the path is still the one that this connection has open."""
        return self._identity is not None and _identity(self.path) == self._identity

    def commits(self) -> CommitWatcher:
        """Notices what other connections write to the views. For the thread of this object."""
        return CommitWatcher(self._data_version, self.path)

    def _data_version(self) -> int:
        return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the connection."""
        self.db.close()


def open_views(log: EventReader) -> ReadStore:
    """Open the views of a log for writing; make the file when there is none.

    A file of another log, another schema version, one that is damaged or no SQLite file at
    all, and one that holds what the log does not, is removed and begun anew. Raises
    StoreReadOnly when that cannot be done, StoreBusy.
    """
    path = log.place.views
    make_folder_of_ours(path)
    for _ in range(ATTEMPTS):
        db = _connect(path)
        if db is not None and _is_usable(db, log):
            note_use(path)
            note_log(db, path, log.place)
            return ReadStore(db, path)
        _remove(db, path)
    raise StoreReadOnly(said("the views cannot be written"), path)


def open_views_to_read(log: EventReader) -> sqlite3.Connection | None:
    """A read-only connection to the views of a log; None while there are none of it."""
    path = log.place.views
    if not path.is_file():
        return None
    with writing_of(path):
        db = connect(path, read_only=True)
    try:
        if belongs_to(db, log):
            note_use(path)
            return db
    except sqlite3.DatabaseError as error:
        if (told := said_of_world(error, path)) is not None:
            db.close()
            raise told from error
    db.close()
    return None


def attach_views(db: sqlite3.Connection, path: Path, *, name: str) -> None:
    """Let a connection to other views ask the views in a file too, read-only, as `NAME.…`. Raises
    sqlite3.DatabaseError."""
    attach_log(db, path, name=name)


def log_of_views(path: Path) -> str:
    """The text of the place of the log that a views file says it is of; empty where it says none,
    or cannot be read."""
    try:
        with closing(connect(path, read_only=True)) as db:
            return noted_log(db)
    except (sqlite3.Error, StoreError, OSError):
        return ""


@contextmanager
def reading_views(log: EventReader) -> Iterator[sqlite3.Connection | None]:
    """What `open_views_to_read` gives, closed at the end of the block."""
    db = open_views_to_read(log)
    try:
        yield db
    finally:
        if db is not None:
            db.close()


def leave_whole(place: Place) -> None:
    """Fold in what a process that was killed has left beside a log and its views, unless somebody
    has them open: whoever closes them last does it."""
    with suppress(StoreError), reading(place.path) as log, reading_views(log):
        pass


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is to blame, and not the disk, a lock or a wish to stop."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NOT_THE_FILE


def discard(log: EventReader) -> None:
    """Remove the views file. Always safe: a projector makes it again."""
    remove_files(log.place.views)


def _connect(path: Path) -> sqlite3.Connection | None:
    try:
        db = connect(path, page_bytes=PAGE_BYTES)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return None
        told = said_of(error, path)
        if told is None or isinstance(told, CannotOpen):
            told = StoreReadOnly(said("the views cannot be opened"), path)
        raise told from error
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    return db


def _is_usable(db: sqlite3.Connection, log: EventReader) -> bool:
    try:
        _create_if_empty(db, log.store_id())
        return is_sound(db) and belongs_to(db, log)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        db.close()
        raise


def _create_if_empty(db: sqlite3.Connection, store_id: str) -> None:
    with write_transaction(db):
        if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            return
        for statement in (FACTS, *checkpoints.TABLES, snapshots.TABLE):
            db.execute(statement)
        db.execute("INSERT INTO view_facts VALUES ('store_id', ?)", [store_id])
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def is_sound(db: sqlite3.Connection) -> bool:
    """Whether the structure of the file holds. A big file is left to be found out in use."""
    pages, size = (db.execute(f"PRAGMA {it}").fetchone()[0] for it in ("page_count", "page_size"))
    if pages * size > CHECKED_BYTES:
        return True
    return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def belongs_to(db: sqlite3.Connection, log: EventReader) -> bool:
    """Whether the file was made from this very log, as far as it goes."""
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return False
    if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        return False
    row = db.execute("SELECT value FROM view_facts WHERE key = 'store_id'").fetchone()
    if row is None or row[0] != log.store_id():
        return False
    return all(_is_of(log, it) for it in checkpoints.read_all(db).values())


def _is_of(log: EventReader, view: Checkpoint) -> bool:
    """Whether the log holds, at the view's checkpoint, the event that the view saw there.

    It does not when an older copy of the log was put back in its place.
    """
    if view.checkpoint == 0:
        return True
    event = log.event(view.checkpoint)
    return event is not None and event.id == view.checkpoint_id


def _remove(db: sqlite3.Connection | None, path: Path) -> None:
    if db is not None:
        db.close()
    try:
        remove_files(path)
    except OSError as error:
        told = said_of(error, path)
        raise told or StoreReadOnly(said("the views cannot be removed"), path) from error


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


_NOT_THE_FILE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
    }
)
