"""News of the log: its head, whoever wrote to it, at most twenty times a second, and what becomes
of its file, and of what people decide about it."""

import threading
from contextlib import closing, suppress
from typing import Final

from PySide6.QtCore import QObject, Signal

from store.errors import HistoryEdited, LogReplaced, StoreError
from store.interface import EventReader
from store.place import Place
from store.same_log import SameLog
from store.wake_event import WakeEvent

LEAST_S: Final = 1 / 20  # between two pieces of news
LOOK_S: Final = 1.0  # between two looks at whether the file is still the same


class Feed(QObject):
    """One thread that asks the file whether any process has committed.

    `advanced(head)` is delivered on the thread this object lives in; it carries a number,
    never data. `committed()` after every commit, of commands without events too. `lost(error)`
    when the log can no longer be read. `replaced(error)` when another file, or none, stands in
    its place; then `returned()` when it is back, or `copied()` when another copy of the same log
    was put there, after which there are no more news. `edited(head)` when the history of a branch
    was edited: positions mean other events now. `decided(kinds)` when the files of these kinds of
    definitions have changed, whoever changed them.
    """

    advanced = Signal(object)
    committed = Signal()
    lost = Signal(object)
    replaced = Signal(object)
    returned = Signal()
    copied = Signal()
    edited = Signal(object)
    decided = Signal(object)

    def __init__(self, log: SameLog) -> None:
        super().__init__()
        self._log = log
        self._place = Place(log.path)
        self.stamps: dict[str, tuple[int, int]] = {}  # of definitions; none before the first look
        self._closing = WakeEvent()
        self._thread = threading.Thread(target=self._watch, name="feed")

    def start(self) -> None:
        """Begin; the first `advanced` tells the head as it is now."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._closing.close()

    def _watch(self) -> None:
        try:
            reader = self._log.open()
        except StoreError as error:
            self.lost.emit(error)
            return
        try:
            while not self._closing.is_set():
                try:
                    self._follow(reader)
                except HistoryEdited:
                    reader = self._opened_again(reader)
                    self.edited.emit(reader.head())
                except LogReplaced as error:
                    self.replaced.emit(error)
                    if not self._is_back(error):
                        return
                    self.returned.emit()
        except Exception as error:  # the edge: problems.py shows it
            self.lost.emit(error)
        finally:
            reader.close()

    def _follow(self, reader: EventReader) -> None:
        seen_head = -1
        with closing(reader.commits()) as commits:
            while not self._closing.is_set():
                is_news = commits.wait(LOOK_S, woken=self._closing)
                self._log.require()
                self._look_beside()
                if is_news:
                    self.committed.emit()
                    head = reader.head()
                    if head != seen_head:
                        seen_head = head
                        self.advanced.emit(head)
                    self._closing.wait(LEAST_S)

    def _look_beside(self) -> None:
        """What people decide stands in files beside the log."""
        from replay.definitions.kinds import stamps  # late: a window is there without it

        with suppress(OSError):  # of a folder that cannot be read nothing is told
            before, self.stamps = self.stamps, stamps(self._place)
            if others := frozenset(kind for kind in before if before[kind] != self.stamps[kind]):
                self.decided.emit(others)

    def _opened_again(self, former: EventReader) -> EventReader:
        """A reader of the history as it is now."""
        reader = self._log.open()
        former.close()
        return reader

    def _is_back(self, told: LogReplaced) -> bool:
        """Wait for the file. False at the end, and when another copy of the log came instead."""
        while not self._closing.wait(LOOK_S):
            state = self._log.state()
            if state == "same":
                return True
            if state == "a copy":
                self.copied.emit()
                return False
            if told.is_gone != (state == "gone"):
                told = LogReplaced(self._log.path, is_gone=state == "gone")
                self.replaced.emit(told)
        return False
