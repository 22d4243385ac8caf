"""Give a file another name in one step that never replaces a file, whatever the file system.

A hard link does so nearly everywhere. Where there are none (FAT, some network and cloud drives)
the system's own exclusive renaming does, and where that is missing too, a look and a renaming
under a lock on the folder: exact among processes of this program, not against others.
"""

import ctypes
import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_HERE: Final = -100  # AT_FDCWD
_NOREPLACE: Final = 1  # RENAME_NOREPLACE of Linux
_NOT_OFFERED: Final = frozenset(
    {
        *(errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.EMLINK),
        *(errno.EACCES, errno.EXDEV),
    }
)


def take_free_name(path: Path, name: Path) -> None:
    """Rename `path` to `name` in the same folder. Raises FileExistsError when that is there."""
    if sys.platform == "win32":
        os.rename(path, name)  # refuses there what is taken
        return
    for way in (_by_link, _by_exclusive_rename):
        try:
            way(path, name)
        except OSError as error:
            if error.errno not in _NOT_OFFERED:
                raise
        else:
            return
    _under_lock(path, name)


def _by_link(path: Path, name: Path) -> None:
    os.link(path, name)
    path.unlink()


def _by_exclusive_rename(path: Path, name: Path) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    try:
        rename = library.renameat2
    except AttributeError:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(name)) from None
    if rename(_HERE, os.fsencode(path), _HERE, os.fsencode(name), ctypes.c_uint(_NOREPLACE)):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(name))


def _under_lock(path: Path, name: Path) -> None:
    import fcntl  # not on every system, and rarely needed

    folder = os.open(name.parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # no locks either
            fcntl.flock(folder, fcntl.LOCK_EX)
        if os.path.lexists(name):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(name))
        os.rename(path, name)
    finally:
        os.close(folder)
