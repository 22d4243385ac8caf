"""Folding every view of a store again, by a job, and showing what it has found."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from gui.dialogs.rebuild_report_dialog import RebuildReportDialog
from gui.viewmodels.rebuild_words import summary
from gui.words import said
from gui.work.jobs import Job, Jobs
from gui.work.reports import Rebuilt
from gui.work.wishes import RebuildViews
from store.place import Place

ShowProblem = Callable[[str, str], None]


class Rebuilding(QObject):
    """`show_message(words)` with what came of it in a word, `show_problem(what, to_do)` when
    nothing did. GUI thread."""

    def __init__(
        self,
        jobs: Jobs,
        show_message: Callable[[str], None],
        show_problem: ShowProblem,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._show_message, self._show_problem = jobs, show_message, show_problem
        self._window = parent

    def run(self, store: Place) -> None:
        """Beside the live views, then switch; a report is shown at the end."""
        job = Job(RebuildViews(store=store), self)
        job.succeeded.connect(self._show)
        job.objected.connect(self._show)
        job.failed.connect(self._pass_problem)
        self._jobs.start(job)

    @Slot(object)
    def _show(self, report: Rebuilt) -> None:
        self._show_message(said("Rebuild: {views}", views=summary(report.views)))
        dialog = RebuildReportDialog(report, self._window)
        QTimer.singleShot(0, dialog, dialog.show)  # made and shown each hold the window a while

    @Slot(str, str)
    def _pass_problem(self, what: str, hint: str) -> None:
        self._show_problem(what, hint)
