"""The log that an import writes to: one that is there, or a new one that appears when full."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from store.failure import writing_of
from store.sqlite.bulk_log import BulkLog, new_bulk_log
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer
from store.transfer.bulk_known import BulkKnown, GrowingKnown
from store.transfer.incoming_ids import NONE, Hashes, IncomingIds
from store.transfer.recording import Recording
from store.transfer.repeated_ids import RepeatedIds

# Of pages, so that memory does not grow with the file. As large as what random ids change in the
# indexes of ten million events: what does not fit is written again and again.
CACHE_KIB: Final = 768 * 1024


class Target(Protocol):
    """A log that an import writes to, in one transaction."""

    db: sqlite3.Connection

    def recording(self, format_name: str) -> Recording:
        """What writes to it."""

    def settle(self, step: Callable[[float], None]) -> None:
        """At the end of what is read, inside the transaction; tells how much of it is done, from 0
        to 1. Raises AskedUnseen when it has to be read once more, into a new target."""

    def keep(self) -> None:
        """Behind the transaction: let what was recorded be seen. Raises StoreExists."""


class OpenedTarget:
    """A log that is there."""

    def __init__(self, db: sqlite3.Connection, ids: IncomingIds, looked_up: Hashes) -> None:
        self.db = db
        self._ids = ids
        self._looked_up = looked_up
        self._known: GrowingKnown | None = None

    def recording(self, format_name: str) -> Recording:
        return Recording(self.db, format_name=format_name, known=self._know)

    def settle(self, step: Callable[[float], None]) -> None:
        if self._known is not None:
            self._known.settle(step)

    def keep(self) -> None:
        """It was seen with the commit."""

    def _know(self, db: sqlite3.Connection, _writer: Writer) -> GrowingKnown:
        repeated = RepeatedIds(db, self._ids, looked_up=self._looked_up)
        self._known = GrowingKnown(db, repeated, is_bulk=bool(self._looked_up.size))
        return self._known


class NewTarget:
    """A log that is made."""

    def __init__(self, log: BulkLog, ids: IncomingIds, looked_up: Hashes) -> None:
        self.db: sqlite3.Connection = log.db
        self._log = log
        self._repeated = RepeatedIds(log.db, ids, looked_up=looked_up)

    def recording(self, format_name: str) -> Recording:
        return Recording(self.db, format_name=format_name, known=self._know)

    def settle(self, step: Callable[[float], None]) -> None:
        self._repeated.require_seen()
        self._log.complete(step)

    def keep(self) -> None:
        self._log.appear()

    def _know(self, db: sqlite3.Connection, writer: Writer) -> BulkKnown:
        return BulkKnown(db, writer, self._repeated)


@contextmanager
def open_target(path: Path, *, looked_up: Hashes = NONE) -> Iterator[OpenedTarget]:
    """The log at `path`; `looked_up` as at RepeatedIds. Raises what `open_log` raises, and what
    `writing_of` tells."""
    with (
        writing_of(path),
        closing(open_log(path, writable=True)) as db,
        _scratch_in(path.parent) as file,
    ):
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("PRAGMA secure_delete = OFF")  # what is given up is made again, and no secret
        yield OpenedTarget(db, IncomingIds(file), looked_up)
        _shrink_wal(db)


@contextmanager
def new_target(path: Path, *, looked_up: Hashes, is_dry_run: bool) -> Iterator[NewTarget]:
    """A log that appears at `path` when it is kept, and otherwise is gone; for a dry run it is in
    a temporary folder. `looked_up` as at RepeatedIds. Raises what `new_bulk_log` raises, and what
    `writing_of` tells."""
    with (
        writing_of(path),
        _folder_of(path, is_dry_run=is_dry_run) as folder,
        new_bulk_log(folder / path.name) as log,
        _scratch_in(folder) as file,
    ):
        yield NewTarget(log, IncomingIds(file), looked_up)


@contextmanager
def _folder_of(path: Path, *, is_dry_run: bool) -> Iterator[Path]:
    if not is_dry_run:
        yield path.parent
        return
    with tempfile.TemporaryDirectory(prefix="foldline-dry-run-") as folder:
        yield Path(folder)


@contextmanager
def _scratch_in(folder: Path) -> Iterator[BinaryIO]:
    """A file without a name, on the disk of the store: if that is full, it is told as such."""
    with tempfile.TemporaryFile(prefix="foldline-ids-", dir=folder) as file:
        yield file


def _shrink_wal(db: sqlite3.Connection) -> None:
    """A long import leaves a long -wal; give the space back, unless someone is reading it."""
    db.execute("PRAGMA busy_timeout = 0")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
