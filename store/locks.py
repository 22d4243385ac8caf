"""A lock on a file that ends with the process that holds it, however that ends."""

from pathlib import Path

from filelock import FileLock, Timeout


class ProcessLock:
    """Held by one process at a time. Its file stays: removing it would let in a second one. May
    be taken on one thread and given back on another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path, thread_local=False)

    def acquire(self) -> bool:
        """Take the lock if nobody has it; never waits. Returns whether it is ours. Raises OSError
        when its folder is not there or cannot be written."""
        if self._lock.is_locked:
            return True
        self._path.parent.stat()  # FileLock would make the folder
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Give the lock back, if it is ours."""
        self._lock.release(force=True)
