"""The log and its views go on: all news are shown in one pass, at most thirteen times a second."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.whole_place import WholePlace, WholePlaces
from gui.work.tasks import Tasks
from gui.work.throttle import Throttle
from replay.projector.projector_report import Report

PASS_MS: Final = 75  # between two passes: a fifth of a core less than at 45, and still fluent


class AdvanceViewModel(QObject):
    """Gathers the news of the log and of the projector, and takes the newest of each.

    While the cursor follows, everything there is to show of the newest event is read first, as for
    a step of a drag: then head and cursor move and every panel has what it shows, which makes one
    repaint of it. `reported(report)`, `passed()` at the end of a pass, `failed(error)`.
    """

    reported = Signal(object)
    passed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, places: WholePlaces) -> None:
        super().__init__()
        self._tasks = tasks
        self._selection = selection
        self._places = places
        self._head: int | None = None
        self._report: Report | None = None
        self._pass = Throttle(self._begin, every_ms=PASS_MS, parent=self)

    @Slot(object)
    def learn_head(self, head: int) -> None:
        """The log has grown to `head`."""
        self._head = head
        self._pass.want()

    @Slot(object)
    def learn_report(self, report: Report) -> None:
        """The projector has told how far it is."""
        self._report = report
        self._pass.want_later()  # the log's own news come more often, and take it along

    def close(self) -> None:
        """Show nothing more."""
        self._pass.close()

    def _begin(self) -> None:
        head = self._head
        if head is None or head == self._selection.head or not self._selection.is_following:
            self._finish(head)
        else:
            work = self._places.work_of(head)
            self._tasks.latest("advance", work, done=self._show, failed=self._fail)

    def _show(self, place: WholePlace) -> None:
        if self._selection.is_following:  # still
            self._places.expect(place)
        self._finish(place.position)

    def _fail(self, error: Exception) -> None:
        self.failed.emit(error)
        self._finish(self._head)

    def _finish(self, head: int | None) -> None:
        if head is not None and head >= self._selection.head:
            self._selection.learn_head(head)
        if self._report is not None:
            report, self._report = self._report, None
            self.reported.emit(report)
        self.passed.emit()
