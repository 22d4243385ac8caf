"""The bytes that a source lies in, as they are there: a file, or what a process writes."""

import hashlib
import io
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Protocol, cast

from store.errors import UnreadableSource
from store.words import said

CHUNK_BYTES: Final = 256 * 1024

Pulse = Callable[[], None]  # called often meanwhile; may raise


class RawBytes(Protocol):
    """Used from one thread."""

    @property
    def total_bytes(self) -> int:
        """How many there are, as far as it is known by now."""

    @property
    def position(self) -> int:
        """How far reading has come."""

    def start(self, pulse: Pulse) -> io.BufferedReader:
        """The bytes from the first one on; what was handed out before is used no more."""

    def sha256(self, pulse: Pulse) -> str:
        """The hash of all of them."""

    def close(self) -> None:
        """Nothing is read any more."""


class RawFile:
    """A regular file; it is only ever read. Raises UnreadableSource."""

    def __init__(self, path: Path) -> None:
        self._file = _open(path)
        self._size = path.stat().st_size

    @property
    def total_bytes(self) -> int:
        return self._size

    @property
    def position(self) -> int:
        return min(self._file.tell(), self._size)

    def start(self, _pulse: Pulse) -> io.BufferedReader:
        self._file.seek(0)
        return self._file

    def sha256(self, pulse: Pulse) -> str:
        found = hashlib.sha256()
        self._file.seek(0)
        for piece in iter(partial(self._file.read, CHUNK_BYTES), b""):
            pulse()
            found.update(piece)
        return found.hexdigest()

    def close(self) -> None:
        self._file.close()


def _open(path: Path) -> io.BufferedReader:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise UnreadableSource(said("this is a folder, not a file"), path)
        if not stat.S_ISREG(kind):
            raise UnreadableSource(said("this is not a regular file"), path)
        if not path.stat().st_size:
            raise UnreadableSource(said("the file is empty"), path)
        return cast(io.BufferedReader, path.open("rb", buffering=CHUNK_BYTES))
    except FileNotFoundError as error:
        raise UnreadableSource(said("the file does not exist"), path) from error
    except OSError as error:
        raise UnreadableSource(
            said("the file cannot be read ({strerror})", strerror=error.strerror), path
        ) from error
