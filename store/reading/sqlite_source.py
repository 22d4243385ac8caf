"""A foreign SQLite file: copied with its -wal, and only the copy is opened.

Opening it in place would leave a -shm beside it, or fold the -wal into it; opening it as
immutable would miss the rows that are still in the -wal.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from store.errors import SourceBusy, StoreError, UnreadableSource
from store.failure import said_of_world
from store.reading.copied_content import Pulse, blaming_the_copy, copy_bytes
from store.sqlite.connect import connect
from store.words import said

SQLITE_MAGIC: Final = b"SQLite format 3\0"
COMPANIONS: Final = ("-wal", "-journal")
TRIES: Final = 3  # to copy a file that is being written to

State: TypeAlias = tuple[tuple[int, int, int], ...]


@contextmanager
def copied_database(
    path: Path, *, unpacked: BinaryIO | None = None, pulse: Pulse = lambda: None
) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of the file, or of what `unpacked` gives; both are gone afterwards.

    Raises UnreadableSource, and what `pulse` raises.
    """
    with tempfile.TemporaryDirectory(prefix="foldline-import-") as folder:
        copy = Path(folder) / "copy.sqlite"
        with blaming_the_copy(copy):
            _copy(path, copy, unpacked, pulse)
        db = _open(copy, path)
        try:
            yield db
        finally:
            db.close()


@contextmanager
def scratch_database() -> Iterator[sqlite3.Connection]:
    """An empty database that is gone afterwards; nothing in it is safe from a crash."""
    with tempfile.TemporaryDirectory(prefix="foldline-scratch-") as folder:
        db = connect(Path(folder) / "scratch.sqlite")
        db.execute("PRAGMA journal_mode = OFF").fetchone()
        db.execute("PRAGMA synchronous = OFF")
        try:
            yield db
        finally:
            db.close()


def tables_of(db: sqlite3.Connection, path: Path) -> Mapping[str, frozenset[str]]:
    """Each table with the names of its columns."""
    try:
        from sqlite_utils import Database  # late: few files are databases

        plain = [it for it in Database(db).tables if it.virtual_table_using is None]
        return {table.name: frozenset(table.columns_dict) for table in plain}
    except sqlite3.DatabaseError as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    """The error to raise for a SQLite file that cannot be read: the copy of it, to be exact, so a
    disk without room is that of the copy."""
    if (told := said_of_world(error, Path(tempfile.gettempdir()) / path.name)) is not None:
        return told
    return UnreadableSource(said("the SQLite file is damaged ({error})", error=error), path)


def _copy(path: Path, copy: Path, unpacked: BinaryIO | None, pulse: Pulse) -> None:
    if unpacked is not None:
        copy_bytes(unpacked, copy, pulse)
        return
    for _ in range(TRIES):
        before = state_of(path)
        for suffix in ("", *COMPANIONS):
            _copy_beside(path, copy, suffix, pulse)
        if state_of(path) == before:
            return
    raise SourceBusy(said("the file is constantly being written to"), path)


def _copy_beside(path: Path, copy: Path, suffix: str, pulse: Pulse) -> None:
    origin = path.with_name(path.name + suffix)
    target = copy.with_name(copy.name + suffix)
    target.unlink(missing_ok=True)
    if origin.exists():
        with origin.open("rb") as file:
            copy_bytes(file, target, pulse)


def state_of(path: Path) -> State:
    """Which file it is, its size and time of change, and those of the files that belong to it;
    empty where there is none."""
    return tuple(found) if (found := list(_facts(path))) and path.exists() else ()


def _facts(path: Path) -> Iterator[tuple[int, int, int]]:
    for suffix in ("", *COMPANIONS):
        with suppress(OSError):
            facts = path.with_name(path.name + suffix).stat()
            yield facts.st_ino, facts.st_size, facts.st_mtime_ns


def _open(copy: Path, path: Path) -> sqlite3.Connection:
    try:
        db = connect(copy)
    except sqlite3.DatabaseError as error:
        raise damaged(path, error) from error
    db.text_factory = _text
    return db


def _text(value: bytes) -> str:
    """TEXT of a foreign file need not be valid UTF-8; what is not shows as lone surrogates."""
    return value.decode("utf-8", "surrogateescape")
