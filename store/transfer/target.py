"""The log that an import writes to: opened, or made aside to appear with its events."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from store.errors import StoreReadOnly
from store.sqlite.connect import create_log, new_log, open_log

CACHE_KIB: Final = 32 * 1024  # so that memory does not grow with the file
_WORLD_AT_FAULT: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})


@contextmanager
def open_target(path: Path, *, is_dry_run: bool) -> Iterator[sqlite3.Connection]:
    """A connection that may write to the log at `path`.

    A log that is not there appears at the end of the block, when events are in it; for a dry run
    it is in a temporary folder. Raises what `open_log` and `new_log` raise, at the end too:
    StoreExists when somebody else has made one meanwhile. StoreReadOnly when the disk is full.
    """
    if path.exists():
        with _opened(path) as db:
            yield db
    elif is_dry_run:
        with tempfile.TemporaryDirectory(prefix="foldline-dry-run-") as folder:
            create_log(Path(folder) / path.name)
            with _opened(Path(folder) / path.name) as db:
                yield db
    else:
        with _made(path) as db:
            yield db


@contextmanager
def _made(path: Path) -> Iterator[sqlite3.Connection]:
    with new_log(path) as unfinished:
        with _opened(unfinished.path) as db:
            yield db
            is_wanted = db.execute("SELECT EXISTS (SELECT 1 FROM events)").fetchone()[0] == 1
        if is_wanted:
            _require_whole(unfinished.path)
            unfinished.appear()


def _require_whole(path: Path) -> None:
    """Closing says nothing when the disk is too full to take over what the -wal holds."""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise StoreReadOnly("the log cannot be written", path)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_log(path, writable=True)) as db:
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        try:
            yield db
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _WORLD_AT_FAULT:
                raise StoreReadOnly(f"the log cannot be written ({error})", path) from error
            raise
        _shrink_wal(db)


def _shrink_wal(db: sqlite3.Connection) -> None:
    """A long import leaves a long -wal; give the space back, unless someone is reading it."""
    db.execute("PRAGMA busy_timeout = 0")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
