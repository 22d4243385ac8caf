"""A lock on a file that ends with the process that holds it, however that ends."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from store.access import make_folder_of_ours
from store.errors import LockClosed

if sys.platform == "win32":  # pragma: no cover
    from filelock import FileLock, Timeout
else:
    import fcntl

# flock needs no right to write, so a file that another account has made is of use. O_CREAT is
# left out then: in a shared folder the system refuses it for the files of others.
WAYS: Final = (os.O_RDWR | os.O_CREAT, os.O_RDWR, os.O_RDONLY)
REFUSALS: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
MODE: Final = 0o644  # whatever the umask: another account that may write the log has to open it


class ProcessLock:
    """Held by one process at a time. Its file stays: removing it would let in a second one, so
    whoever holds it for long asks `is_held` now and then. May be taken on one thread and given
    back on another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._give_back: Callable[[], None] | None = None
        self._identity: tuple[int, int] | None = None  # of the file that is locked

    def acquire(self) -> bool:
        """Take the lock if nobody has it; never waits. Returns whether it is ours. Raises
        LockClosed, and OSError when its folder is not there."""
        if self.is_held():
            return True
        self.release()
        make_folder_of_ours(self._path)
        self._path.parent.stat()  # a folder that is gone stays so
        while self._take():
            if self.is_held():  # nobody took the file away between its opening and the lock
                return True
            self.release()
        return False

    def is_held(self) -> bool:
        """Whether it is ours, and its file is still the one that others would lock."""
        return self._give_back is not None and self._identity == _identity(self._path)

    def release(self) -> None:
        """Give the lock back, if it is ours."""
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()

    def _take(self) -> bool:
        if sys.platform == "win32":  # pragma: no cover
            lock = FileLock(self._path, thread_local=False)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                return False
            self._give_back = partial(lock.release, force=True)
            self._identity = _identity(self._path)
            return True
        file = _opened(self._path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        except BaseException:
            os.close(file)
            raise
        facts = os.fstat(file)
        self._give_back, self._identity = partial(os.close, file), (facts.st_dev, facts.st_ino)
        return True


def _opened(path: Path) -> int:
    """Raises LockClosed when this account may neither make nor open it."""
    refused: OSError | None = None
    for way in WAYS:
        try:
            file = os.open(path, way, MODE)
        except OSError as error:
            if error.errno not in REFUSALS and refused is None:
                raise
            refused = refused or error
        else:
            with suppress(OSError):  # it is another account's, which has done so
                os.chmod(file, MODE)
            return file
    raise LockClosed(path) from refused


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
