"""The rows of a dialog in which it shows its one job: what went wrong, and how far it is."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.widgets.banner import Banner
from gui.widgets.progress_row import ProgressRow


class Progress(Protocol):
    """How far a job is."""

    @property
    def fraction(self) -> float | None:
        """None when nobody knows."""

    @property
    def text(self) -> str:
        """Of the rate, or what it is at."""


class ShownWork(Protocol):
    """A view model that has one job at a time."""

    @property
    def progressed(self) -> SignalInstance:
        """`progressed(Progress)`"""

    @property
    def failed(self) -> SignalInstance:
        """`failed(sentence, hint)`"""

    @property
    def cancelled(self) -> SignalInstance:
        """`cancelled()`"""

    @property
    def is_running(self) -> bool:
        """Whether the job has begun and not ended."""

    def cancel(self) -> None:
        """Stop it."""


class JobRows(QObject):
    """Shows what the job says of itself; that it has come to an end well is the dialog's to say.

    `say` shows a report; after *Cancel* it gets what `cancelled` says. GUI thread.
    """

    def __init__(
        self,
        work: ShownWork,
        title: str,
        *,
        problem: str,
        say: Callable[[str], None],
        cancelled: Callable[[], str],
    ) -> None:
        super().__init__()
        self._work, self._say, self._cancelled = work, say, cancelled
        self.problem = Banner(problem)
        self.progress = ProgressRow(title)
        self.progress.cancel_wanted.connect(work.cancel)
        work.progressed.connect(self._show_progress)
        work.failed.connect(self._show_problem)
        work.cancelled.connect(self._show_cancelled)

    def lay_out(self, rows: QVBoxLayout, report: QWidget, *buttons: QPushButton) -> None:
        """The lower rows of a dialog: problem, report, progress, buttons."""
        rows.addWidget(self.problem)
        rows.addWidget(report)
        rows.addStretch(1)
        self.lay_out_end(rows, *buttons)
        self.progress.hide()

    def lay_out_end(self, rows: QVBoxLayout, *buttons: QPushButton) -> None:
        """The last rows alone: progress and buttons."""
        cells = QHBoxLayout()
        cells.addStretch(1)
        for button in buttons:
            cells.addWidget(button)
        rows.addWidget(self.progress)
        rows.addLayout(cells)

    def begin(self) -> None:
        """Before the job: the problem of an earlier one is gone."""
        self.problem.dismiss()
        self.progress.begin()
        self.progress.show()

    def finish(self) -> None:
        """It has come to an end well."""
        self.progress.finish("done")

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        self.progress.show_progress(progress.fraction, rate=progress.text)

    @Slot(str, str)
    def _show_problem(self, what: str, hint: str) -> None:
        """Of the job; or of something else that was asked for while it runs on."""
        if not self._work.is_running:
            self.progress.hide()
        self.problem.show_problem(what, to_do=hint)

    @Slot()
    def _show_cancelled(self) -> None:
        self.progress.hide()
        self._say(self._cancelled())
