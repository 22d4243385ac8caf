"""A file that appears under its name whole, or not at all.

It is written under another name in the same folder, and takes its own in one step that either
never replaces a file or always does. What a killed process has left is told by its lock, which
nobody holds any more, and removed by the next writer in the folder.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from store.errors import StoreExists
from store.locks import ProcessLock
from store.take_name import take_free_name
from store.unfinished_names import lock_of, name_beside, of_lock

_OF_SQLITE: Final = ("", "-journal", "-wal", "-shm")


class Unfinished:
    """A file on its way to its name; `written_aside` makes it, and removes what is left of it."""

    def __init__(self, target: Path, path: Path) -> None:
        self._target = target
        self.path = path  # where it is written; closed before it appears

    def appear(self) -> None:
        """Take the name, durably. Raises StoreExists when there is a file of that name by now."""
        _sync(self.path)
        try:
            take_free_name(self.path, self._target)
        except FileExistsError as error:
            raise StoreExists(self._target) from error
        _sync_folder(self._target.parent)

    def replace(self) -> None:
        """Take the name, durably, also from a file that has it; its permissions stay."""
        with suppress(OSError):  # there is none, or it is somebody else's
            shutil.copymode(self._target, self.path)
        _sync(self.path)
        os.replace(self.path, self._target)
        _sync_folder(self._target.parent)

    def take_name(self, *, overwrite: bool) -> None:
        """Appear, or with `overwrite` replace."""
        if overwrite:
            self.replace()
        else:
            self.appear()


@contextmanager
def written_aside(target: Path) -> Iterator[Unfinished]:
    """Write a file to `path` of what is given, then let it appear. Without that nothing is left.

    A link is followed: the file appears where it points to. Raises OSError when the folder
    cannot be written.
    """
    real = Path(os.path.realpath(target))
    with name_for_a_moment(real) as path:
        yield Unfinished(real, path)


@contextmanager
def name_for_a_moment(path: Path) -> Iterator[Path]:
    """Another name in the folder of `path`, for a file that is gone at the end, with what SQLite
    keeps beside it. Raises OSError when the folder cannot be written."""
    remove_leftovers(path.parent)
    lock, name = _reserved(path)
    try:
        yield name
    finally:
        _remove(name, lock)


def write_whole(target: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a small file. Raises StoreExists when it may not be replaced, OSError."""
    with written_aside(target) as unfinished:
        unfinished.path.write_bytes(content)
        unfinished.take_name(overwrite=overwrite)


def remove_leftovers(folder: Path) -> None:
    """Remove what killed writers have left in a folder; what is being written stays."""
    try:
        names = [name for it in folder.iterdir() if (name := of_lock(it)) is not None]
    except OSError:  # it may be written and not listed
        return
    for name in names:
        lock = ProcessLock(lock_of(name))
        with suppress(OSError):  # somebody else's, or gone meanwhile
            if lock.acquire():
                _remove(name, lock)


def _reserved(target: Path) -> tuple[ProcessLock, Path]:
    """A name of our own, and its lock, which is there before the file and until after it."""
    while True:
        path = name_beside(target)
        lock = ProcessLock(lock_of(path))
        if lock.acquire():
            if lock_of(path).exists():
                return lock, path
            lock.release()  # taken for a leftover before it was locked


def _remove(path: Path, lock: ProcessLock) -> None:
    for suffix in _OF_SQLITE:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with suppress(PermissionError):  # some systems keep what is open
        lock_of(path).unlink(missing_ok=True)
    lock.release()
    lock_of(path).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Without it a crash of the machine may take the new name away."""
    if sys.platform == "win32":  # there a folder cannot be opened
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems know no such thing
            os.fsync(number)
    finally:
        os.close(number)
