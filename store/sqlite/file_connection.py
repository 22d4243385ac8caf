"""A connection that knows which files it has open, and what is to be done when it is closed."""

import sqlite3
import tempfile
from pathlib import Path

from store.sqlite.last_closer import Fold, Identity, identity_of, leave_whole
from store.sqlite.looking import Looking, State
from store.sqlite.same_file import SameFile
from store.sqlite.schema import APPLICATION_ID


class FileConnection(sqlite3.Connection):
    """What `store.sqlite.connect` opens. It leaves its files whole when it is the last one to be
    closed, and removes the copies that it reads."""

    same: SameFile | None = None  # as the file that was opened
    file: Path | None = None  # as it was named, where SQLite cannot be asked for it
    application: int | None = None  # what of ours the file has to be: a log, or a branch
    state: State | None = None  # what that was when it was opened
    _files: tuple[tuple[Path, Identity | None, Fold], ...] = ()
    _folders: "tuple[tempfile.TemporaryDirectory[str], ...]" = ()

    def closes(self, path: Path, fold: Fold) -> None:
        """This connection holds the file at `path`, and may fold its -wal in."""
        self._files = (*self._files, (path.absolute(), identity_of(path), fold))

    def looks_at(self, path: Path, looking: Looking) -> None:
        """It was opened as `looking` says, not to disturb the file."""
        self.file, self.state = path, looking.state
        self.frees(looking)

    def frees(self, looking: Looking) -> None:
        """Its copy is needed until the connection is closed."""
        if looking.folder is not None:
            self._folders = (*self._folders, looking.folder)

    def close(self) -> None:
        """Close it. Twice is once."""
        files, self._files = self._files, ()
        folders, self._folders = self._folders, ()
        super().close()
        for path, identity, fold in files:
            leave_whole(path, identity, fold)
        for folder in folders:
            folder.cleanup()


def is_outdated(db: sqlite3.Connection) -> bool:
    """Whether somebody has changed a file that the connection only looks at: what was asked since
    may be neither old nor new, and is to be asked again on another connection."""
    if not isinstance(db, FileConnection) or db.file is None or db.state is None:
        return False
    return not db.state.is_still(db.file)


def same_of(db: sqlite3.Connection) -> SameFile | None:
    """Which file a connection to a log has open; None of one that is not to a log."""
    return db.same if isinstance(db, FileConnection) else None


def application_of(db: sqlite3.Connection) -> int:
    """What of ours a file has to be that is opened in the place of a connection's."""
    known = db.application if isinstance(db, FileConnection) else None
    return APPLICATION_ID if known is None else known
