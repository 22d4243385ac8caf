"""A look at files that is asked for again and again while a person types: the newest counts."""

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.wishes import Wish


class LatestLook(QObject):
    """One look runs at a time. Of one that is overtaken by a newer one nothing is told.

    `changed()` when one begins or ends, then `seen(draft, report)` or `failed(sentence, hint)`.
    GUI thread.
    """

    changed = Signal()
    progressed = Signal(object)
    seen = Signal(object, object)
    failed = Signal(str, str)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.asked: Any = None  # the draft that is looked at; None when nothing is
        self._next: tuple[Any, Wish] | None = None  # when the look that runs has ended
        self._work = LongWork(jobs)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._learn)
        self._work.failed.connect(self._fail)
        self._work.ended.connect(self._end)

    def look(self, draft: Any, wish: Wish) -> None:
        """Look at what a draft states, in the place of whatever is looked at."""
        self._next = (draft, wish)
        self._work.cancel()
        self._go_on()

    def cancel(self) -> None:
        """Nothing is looked at any more."""
        self._next = None
        self._work.cancel()

    @Slot()
    def _end(self) -> None:
        self.asked = None
        self._go_on()

    def _go_on(self) -> None:
        """A look that has told what it saw ends only behind that."""
        if self.asked is not None:
            return
        if self._next is not None:
            (self.asked, wish), self._next = self._next, None
            self._work.start(wish)
        self.changed.emit()

    @Slot(object)
    def _learn(self, report: Any) -> None:
        if self._next is None and self.asked is not None:
            self.seen.emit(self.asked, report)

    @Slot(str, str)
    def _fail(self, what: str, hint: str) -> None:
        if self._next is None:
            self.failed.emit(what, hint)
