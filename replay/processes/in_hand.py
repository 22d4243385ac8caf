"""What a dispatcher has in hand, written down before it is tried.

A process that is ended by what it handles (killed, out of memory, a fault in native code) writes
nothing more; so the next one reads here what it was at. The list is a line in a file beside the
log, written and not synced: what ends a process takes nothing from a file, and a loss of power is
no message's doing.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from store.beside.retry_journal import JournalEntry

ENDED: Final = "the process ended while handling it"

Tell: TypeAlias = Callable[[JournalEntry], None]


class _List(Struct, frozen=True, kw_only=True):
    """The whole line."""

    store_id: str
    subjects: tuple[JournalEntry, ...]


class InHand:
    """For one dispatcher, which has the lock of its log. Any thread; close it.

    Without a path nothing is written. What is held `alone` has nothing else in hand beside it, so
    that when the process ends then too, it is known why.
    """

    def __init__(self, path: Path | None = None, *, store_id: str = "") -> None:
        self._path, self._store_id = path, store_id
        self._turn = threading.Condition()
        self._held: dict[int, JournalEntry] = {}
        self._number = 0
        self._waits_alone = 0
        self._is_alone = False
        self._file: int | None = None

    def left(self) -> tuple[JournalEntry, ...]:
        """What another process had in hand when it ended: what it was about, with the number of
        the attempt."""
        if self._path is None:
            return ()
        try:
            line = self._path.read_bytes().partition(b"\n")[0]
            found = msgspec.json.decode(line, type=_List)
        except (OSError, msgspec.MsgspecError):
            return ()
        return found.subjects if found.store_id == self._store_id else ()

    @contextmanager
    def holding(self, subject: JournalEntry, *, alone: bool = False) -> Iterator[Tell]:
        """Within, it is being tried; what is learnt of it on the way is told by what is given."""
        number = self._take(subject, alone=alone)
        try:
            yield partial(self._tell, number)
        finally:
            with self._turn:
                del self._held[number]
                self._is_alone = False
                self._write()
                self._turn.notify_all()

    def close(self) -> None:
        """It was all handled, or failed: nothing is left to be told."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _tell(self, number: int, subject: JournalEntry) -> None:
        with self._turn:
            self._held[number] = subject
            self._write()

    def _take(self, subject: JournalEntry, *, alone: bool) -> int:
        with self._turn:
            if alone:
                self._waits_alone += 1
                self._turn.wait_for(lambda: not self._held)
                self._waits_alone -= 1
                self._is_alone = True
            else:
                self._turn.wait_for(lambda: not (self._is_alone or self._waits_alone))
            self._number += 1
            self._held[self._number] = subject
            self._write()
            return self._number

    def _write(self) -> None:
        """A line in one go, so that it is the old one or the new one."""
        if self._path is None:
            return
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        line = _List(store_id=self._store_id, subjects=tuple(self._held.values()))
        content = msgspec.json.encode(line) + b"\n"
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, content)


def is_suspected(entry: JournalEntry | None) -> bool:
    """Whether a process has ended while it was tried the last time."""
    return entry is not None and entry.status == "failed" and entry.reason == ENDED
