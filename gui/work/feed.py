"""News of the log: its head, whoever wrote to it, at most twenty times a second."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from store.errors import StoreError
from store.interface import EventReader
from store.opening import open_reader
from store.wake_event import WakeEvent

LEAST_S: Final = 1 / 20  # between two pieces of news
REST_S: Final = 3_600.0  # one wait for news


class Feed(QObject):
    """One thread that asks the file whether any process has committed.

    `advanced(head)` is delivered on the thread this object lives in; it carries a number,
    never data. `committed()` after every commit, of commands without events too. `lost(error)`
    when the log can no longer be read.
    """

    advanced = Signal(object)
    committed = Signal()
    lost = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
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
            reader = open_reader(self._path)
        except StoreError as error:
            self.lost.emit(error)
            return
        try:
            self._follow(reader)
        except Exception as error:  # the edge: problems.py shows it
            self.lost.emit(error)
        finally:
            reader.close()

    def _follow(self, reader: EventReader) -> None:
        seen_head = -1
        with closing(reader.commits()) as commits:
            while not self._closing.is_set():
                if commits.wait(REST_S, woken=self._closing):
                    self.committed.emit()
                    head = reader.head()
                    if head != seen_head:
                        seen_head = head
                        self.advanced.emit(head)
                    self._closing.wait(LEAST_S)
