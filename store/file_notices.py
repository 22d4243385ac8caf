"""The system's own notices of what happens to a file or in a folder, so that nobody has to look."""

import ctypes
import os
import sys
from contextlib import suppress
from typing import Final

IN_NONBLOCK: Final = os.O_NONBLOCK
IN_CLOEXEC: Final = getattr(os, "O_CLOEXEC", 0)
IN_MODIFY, IN_DELETE_SELF, IN_MOVE_SELF = 0x2, 0x400, 0x800  # of sys/inotify.h
IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE = 0x8, 0x40, 0x80, 0x100, 0x200
OF_A_FILE: Final = IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF
IN_A_FOLDER: Final = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE
BUFFER: Final = 1 << 16


class FileNotices:
    """Of one file or folder, by inotify. Wait until `fileno` can be read, then `drain` it."""

    def __init__(self, path: str, *, mask: int = OF_A_FILE) -> None:
        """Raises OSError when the system gives none: too many are in use, or no such file."""
        system = ctypes.CDLL(None, use_errno=True)
        self._file = _checked(system.inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
        try:
            _checked(system.inotify_add_watch(self._file, os.fsencode(path), mask))
        except OSError:
            os.close(self._file)
            raise

    def fileno(self) -> int:
        """The file that can be read when there is a notice."""
        return self._file

    def drain(self) -> None:
        """Forget the notices that have come."""
        with suppress(BlockingIOError):
            while os.read(self._file, BUFFER):
                continue

    def close(self) -> None:
        """Free the file."""
        os.close(self._file)


def notices_of(path: str) -> FileNotices | None:
    """Of what is written to a file. None where the system gives no notices; then one has to
    look."""
    return _notices(path, OF_A_FILE)


def notices_in(folder: str) -> FileNotices | None:
    """Of files in a folder that are made, replaced, taken away, or closed after they were written
    to; not of single writes. None where the system gives no notices."""
    return _notices(folder, IN_A_FOLDER | IN_DELETE_SELF | IN_MOVE_SELF)


def _notices(path: str, mask: int) -> FileNotices | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return FileNotices(path, mask=mask)
    except OSError:
        return None


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
