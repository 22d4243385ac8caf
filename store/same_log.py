"""One log, held open for long by several readers: one file, and what became of it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from store.errors import ForeignWal
from store.interface import EventReader
from store.opening import open_reader, set_former_aside, store_id_of
from store.sqlite.same_file import SameFile

State: TypeAlias = Literal[
    "same",  # the file that was opened stands in its place
    "gone",
    "another",  # another log stands there
    "a copy",  # another file with the same log, as when a backup was put back
]


class SameLog:
    """Opens readers of the file that stood at a path when this was made, and of no other. Any
    thread."""

    def __init__(self, path: Path, *, is_heir: bool = False) -> None:
        """`is_heir`: this process had the former file of that name open and has let go of it, so
        what that left beside it may be moved away."""
        self.path = path
        self.is_heir = is_heir
        self.aside: Path | None = None  # where to
        self._setting_aside = threading.Lock()
        self._same = SameFile(path)
        self._store_id = ""

    @property
    def file(self) -> str:
        """Which file it is, for a process that shall open the same; empty when there is none."""
        return "" if self._same.identity is None else "{}:{}".format(*self._same.identity)

    def open(self) -> EventReader:
        """Raises LogReplaced, and what `open_reader` raises."""
        self._same.require()
        try:
            reader = open_reader(self.path)
        except ForeignWal:
            if not self._has_set_aside():
                raise
            reader = open_reader(self.path)
        try:
            self._same.require()
            self._store_id = self._store_id or reader.store_id()
        except BaseException:
            reader.close()
            raise
        return reader

    def _has_set_aside(self) -> bool:
        """Whether what the former file left was moved away, by this thread or by another one that
        opened the log at the same time."""
        with self._setting_aside:
            if self.aside is None and self.is_heir:
                self.aside = set_former_aside(self.path)
        return self.aside is not None

    def require(self) -> None:
        """Raises LogReplaced when another file is there by now, or none."""
        self._same.require()

    def state(self) -> State:
        """What stands at the path now."""
        found = SameFile(self.path).identity
        if found is None:
            return "gone"
        if found == self._same.identity:
            return "same"
        is_copy = bool(self._store_id) and store_id_of(self.path) == self._store_id
        return "a copy" if is_copy else "another"

    def back(self, pause: Callable[[], None]) -> "SameLog":
        """Wait until the file is back, or another copy of the log stands in its place, which is
        what is given then. `pause` is called between two looks; what it raises ends it. For who
        has let go of everything that it had open."""
        while True:
            pause()
            match self.state():
                case "same":
                    return self
                case "a copy":
                    return SameLog(self.path, is_heir=True)
