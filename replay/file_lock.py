"""A lock on a file that ends with the process that holds it, however that ends."""

import sys
from pathlib import Path
from typing import IO

from store.sqlite.connect import views_path


def views_lock(log: Path) -> "FileLock":
    """The lock of the one process that keeps the views of a log."""
    views = views_path(log)
    return FileLock(views.with_name(views.name + "-lock"))


def rebuild_lock(log: Path) -> "FileLock":
    """The lock by which a rebuild shows that it still lives."""
    views = views_path(log)
    return FileLock(views.with_name(views.name + "-rebuild-lock"))


class FileLock:
    """Held by one process at a time. Its file stays: removing it would let in a second one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody has it; never waits. Returns whether it is ours."""
        if self._file is None:
            file = self._path.open("ab")
            if not _lock(file):
                file.close()
                return False
            self._file = file
        return True

    def release(self) -> None:
        """Give the lock back, if it is ours."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
