"""Small decisions of a person about one log, kept as JSON text in a file beside it.

Not in the log, which holds facts, and not in the views file, which may be thrown away.
"""

import getpass
import os
from collections.abc import Callable, Sized
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from replay.words import said
from store.errors import StoreError
from store.failure import writing_of
from store.place import Place
from store.whole_file import write_whole

T = TypeVar("T", bound=Sized)


class BesideLog(Generic[T]):
    """One kind of file. A file that cannot be read is told by `wrong`, and left as it is."""

    def __init__(
        self,
        suffix: str,
        type_: Any,
        *,
        empty: Callable[[], T],
        what: str,
        wrong: type[StoreError],
    ) -> None:
        self._suffix, self._type, self._empty = suffix, type_, empty
        self._what, self._wrong = what, wrong

    def path(self, place: Place) -> Path:
        """The file of a log."""
        return place.beside(self._suffix)

    def load(self, place: Place) -> T:
        """What it holds; the empty value without a file. Raises `wrong`."""
        path = self.path(place)
        try:
            found: T = msgspec.json.decode(path.read_bytes(), type=self._type)
        except FileNotFoundError:
            return self._empty()
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise self._wrong(
                said(
                    "{what} cannot be read ({error}): {path}",
                    what=self._what,
                    error=error,
                    path=path,
                )
            ) from error
        return found

    def save(self, place: Place, value: T) -> None:
        """Put this in its place, whole or not at all; nothing left takes the file away. Raises
        StoreReadOnly, DiskFull and what else may be in the way of a file."""
        path = self.path(place)
        with writing_of(path):
            self._save(path, value)

    def _save(self, path: Path, value: T) -> None:
        if not value:
            path.unlink(missing_ok=True)
            return
        content = msgspec.json.format(msgspec.json.encode(value), indent=1)
        write_whole(path, content, overwrite=True)

    def stamp(self, place: Place) -> tuple[int, int]:
        """When it was changed, in nanoseconds, and its bytes; zeros without a file."""
        return stamp_of(self.path(place))


def who() -> str:
    """Whoever decides, as the system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "somebody"


def stamp_of(path: Path) -> tuple[int, int]:
    """When a file was changed, in nanoseconds, and its bytes; zeros where there is none."""
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_size
