"""A new log that rows are written to in bulk: aside, without a journal, indexes and guards last.

Rows are appended to the file in order, so a row costs the same however many there are. It is all
or nothing, since nobody knows of the file before it is complete and on the disk.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from store.errors import DiskFull
from store.sqlite import schema
from store.sqlite.connect import connect_alone, require_free
from store.sqlite.file_connection import FileConnection
from store.whole_file import Unfinished, written_aside

CACHE_KIB: Final = 32 * 1024  # of pages: the names of streams are looked up
SORTING_KIB: Final = 4 * 1024  # of what is sorted at once, for each thread
SORTERS: Final = 1  # threads that sort beside the one that reads, while an index is made


class BulkLog:
    """A log on its way; used from one thread."""

    def __init__(self, db: FileConnection, unfinished: Unfinished) -> None:
        self.db = db
        self._unfinished = unfinished

    def complete(self, step: Callable[[float], None]) -> None:
        """Make what is made last; tells before each step how much of it is done, from 0 to 1.
        Raises sqlite3.IntegrityError when two rows contradict each other."""
        statements = schema.last()
        self.db.execute(f"PRAGMA cache_size = -{SORTING_KIB}")
        for done, sql in enumerate(statements):
            step(done / len(statements))
            self.db.execute(sql)

    def appear(self) -> None:
        """Close the log, which becomes the one at its path. Raises StoreExists, DiskFull."""
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.close()
        wal = self._unfinished.path.with_name(self._unfinished.path.name + "-wal")
        if wal.exists() and wal.stat().st_size:  # closing says nothing of a full disk
            raise DiskFull(wal.parent)
        self._unfinished.appear()


@contextmanager
def new_bulk_log(path: Path) -> Iterator[BulkLog]:
    """A log that becomes the one at `path` by `appear`, and is gone at the end otherwise.

    Raises StoreExists, also from `appear`, StoreMissing (no such folder), StoreReadOnly.
    """
    require_free(path)
    with (
        written_aside(path) as unfinished,
        closing(connect_alone(unfinished.path)) as db,
    ):
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("PRAGMA secure_delete = OFF")
        db.execute(f"PRAGMA threads = {SORTERS}")
        schema.create(db, store_id=str(uuid4()), is_bare=True)
        yield BulkLog(db, unfinished)
