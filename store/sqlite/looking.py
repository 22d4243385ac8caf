"""How a SQLite file is opened that is only looked at: nothing beside it is made or changed.

A file that nobody writes to is opened as immutable, one that somebody has open through the files
that they have beside it, and one with a -wal that a crash has left through a copy. A connection
as immutable takes no locks and closes its file through SQLite, so other connections of this
process keep theirs. Sources: sqlite.org/uri.html, sqlite.org/walformat.html.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from store.errors import StoreBusy

WAL_HEADER: Final = 32  # bytes
TRIES: Final = 5  # to copy a file that is being written to

Stamp: TypeAlias = tuple[int, int, int]  # of a file: which one, its bytes, when changed in ns


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a file and its -wal were when it was opened."""

    file: Stamp | None
    wal: Stamp | None  # None also for one without changes
    is_shared: bool = False  # through the files of who has it open: SQLite itself sees changes

    def is_still(self, path: Path) -> bool:
        """Whether what a connection says that was opened then is what the file says now."""
        now = state_of(path)
        if not self.is_shared:
            return (now.file, now.wal) == (self.file, self.wal)
        return _which(now.file) == _which(self.file) and _which(now.wal) == _which(self.wal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Where to open a file to look at it. `folder` holds the copy; it goes with the connection."""

    uri: str
    state: State
    folder: "tempfile.TemporaryDirectory[str] | None" = None


def uri_of(path: Path, query: str) -> str:
    """The name by which SQLite opens a file."""
    return f"{path.absolute().as_uri()}?{query}"


def alone(path: Path) -> str:
    """The name for the file without anything beside it, as if nobody wrote to it."""
    return uri_of(path, "mode=ro&immutable=1")


def looking_at(path: Path) -> Looking:
    """How to open a file so that it, and the folder, stay as they are. Raises StoreBusy when it
    would have to be copied and is being written to all the time, OSError."""
    state = state_of(path)
    if state.wal is None and state_of_journal(path) is None:
        return Looking(uri=alone(path), state=state)
    if state.wal is not None and _stamp(_beside(path, "-shm")) is not None:
        shared = State(file=state.file, wal=state.wal, is_shared=True)
        return Looking(uri=uri_of(path, "mode=ro&readonly_shm=1"), state=shared)
    return _copied(path)


def state_of(path: Path) -> State:
    """What the file and its -wal are now."""
    wal = _stamp(_beside(path, "-wal"))
    return State(file=_stamp(path), wal=wal if wal and wal[1] > WAL_HEADER else None)


def state_of_journal(path: Path) -> Stamp | None:
    """A journal of the older kind that a crash has left; None without one."""
    found = _stamp(_beside(path, "-journal"))
    return found if found and found[1] else None


def _copied(path: Path) -> Looking:
    """A copy with what a crash has left beside it: SQLite may put it in order there."""
    folder = tempfile.TemporaryDirectory(prefix="foldline-look-")
    try:
        for _ in range(TRIES):
            before, journal = state_of(path), state_of_journal(path)
            copy = Path(folder.name) / "log.sqlite"
            for suffix in ("", "-wal", "-journal"):
                _copy_beside(path, copy, suffix)
            if (state_of(path), state_of_journal(path)) == (before, journal):
                return Looking(uri=uri_of(copy, "mode=rw"), state=before, folder=folder)
        raise StoreBusy(path)
    except BaseException:
        folder.cleanup()
        raise


def _copy_beside(path: Path, copy: Path, suffix: str) -> None:
    target = _beside(copy, suffix)
    target.unlink(missing_ok=True)
    with suppress(FileNotFoundError):  # also when whoever closes the file last takes it away now
        shutil.copyfile(_beside(path, suffix), target)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _stamp(path: Path) -> Stamp | None:
    try:
        it = os.stat(path)
    except OSError:
        return None
    return it.st_ino, it.st_size, it.st_mtime_ns


def _which(stamp: Stamp | None) -> int | None:
    return None if stamp is None else stamp[0]
