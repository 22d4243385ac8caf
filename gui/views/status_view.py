"""The line at the bottom: cursor, head, lag of the views, jobs, and how long answers take."""

from typing import Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gui.viewmodels.status import StatusViewModel
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.pill import Pill
from gui.words import said
from gui.work.jobs import Jobs

CELL_PX: Final = 20
STREAM_SHARE: Final = 0.25  # of the width, at most: a name of any length hides no figure
JOB_PX: Final = 110  # of what a running job says, also where there is little room
HEIGHT_PX: Final = CELL_PX + 6  # a job that begins moves nothing above


class StatusView(QFrame):
    """Every figure stands at its own place; a running job shows progress and *Cancel*.

    The cells lie in a box without a layout around it: what they say changes many times a second,
    and the window is neither laid out again for it nor made wider.
    """

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setAccessibleName(said("Status"))
        self.setProperty("role", "foot")
        self._jobs = jobs
        self._status: StatusViewModel | None = None
        self._is_of_job = True  # what is said there; else what came of one, which stays
        self.cursor_text, self.head, self.views = QLabel(), QLabel(), QLabel()
        self.branch = Pill(said("Line in view"), tone="branch")
        self.time, self.stream, self.query = ElidedLabel(), ElidedLabel(), QLabel()
        self.job = ElidedLabel()
        self.progress = QProgressBar()
        self.cancel = QToolButton()
        self._cells = QWidget(self)
        self._lay_out()
        jobs.changed.connect(self._show_job)
        self._show_job()

    def show_status_of(self, status: StatusViewModel | None) -> None:
        """Show another store's figures, or none."""
        if self._status is not None:
            self._status.changed.disconnect(self._show)
        self._status = status
        if status is not None:
            status.changed.connect(self._show)
        self._show()

    def show_branch(self, name: str) -> None:
        """The branch in view; nothing of the log."""
        self.branch.set_text(said("branch {name}", name=name) if name else "")
        self.setProperty("line", "branch" if name else "")
        self.update()

    def show_message(self, text: str) -> None:
        """A short word about something that went well; the next job takes its place."""
        self._is_of_job = False
        self.job.set_text(text)
        self.job.show()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT_PX)

    def sizeHint(self) -> QSize:
        return QSize(self._cells.sizeHint().width(), HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stream.setMaximumWidth(round(self.width() * STREAM_SHARE))
        self._cells.setGeometry(self.contentsRect())

    def _lay_out(self) -> None:
        cells = QHBoxLayout(self._cells)
        cells.setContentsMargins(12, 3, 12, 3)
        cells.setSpacing(18)
        cells.addWidget(self.branch)
        for label in (self.cursor_text, self.time, self.head, self.views, self.stream):
            label.setProperty("role", "dim")
            cells.addWidget(label)
        cells.addStretch(1)
        self.progress.setFixedWidth(120)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(said("Progress of the running job"))
        self.cancel.setText(said("Cancel"))
        self.cancel.setAccessibleName(said("Cancel the running job"))
        self.cancel.clicked.connect(self._cancel)
        self.query.setProperty("role", "faint")
        self.cancel.setFixedHeight(CELL_PX)
        self.job.setMinimumWidth(JOB_PX)
        for cut in (self.time, self.stream, self.job):
            cut.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT_PX)
        for widget in (self.job, self.progress, self.cancel, self.query):
            cells.addWidget(widget)

    @Slot()
    def _show(self) -> None:
        status = self._status
        if status is None:
            for label in (self.cursor_text, self.head, self.views, self.query):
                label.clear()
            for cut in (self.time, self.stream):
                cut.set_text("")
            return
        self.cursor_text.setText(said("cursor {cursor:,}", cursor=status.cursor))
        self.time.set_text(status.time_text and f"{status.time_text} UTC")
        self.head.setText(said("head {head:,}", head=status.head))
        self.views.setText(status.views_text)
        self.views.setToolTip(status.held)
        self.stream.set_text(status.stream_text)
        self.query.setText(status.query_text)
        is_well = status.lag == 0 and status.views and not status.held
        self._color_views("ok" if is_well else "warn")

    def _color_views(self, role: str) -> None:
        if self.views.property("role") != role:
            self.views.setProperty("role", role)
            self.views.style().unpolish(self.views)
            self.views.style().polish(self.views)

    @Slot()
    def _show_job(self) -> None:
        """A bar that is in sight paints its window at once when it is given a value, so it is
        given it before."""
        job = self._jobs.newest
        if job is not None:
            self._is_of_job = True
            self.job.set_text(f"{job.title} · {job.progress.text}")
            fraction = job.progress.fraction
            self.progress.setRange(0, 0 if fraction is None else 1_000)
            self.progress.setValue(round((fraction or 0) * 1_000))
        for widget in (self.progress, self.cancel):
            widget.setVisible(job is not None)
        self.job.setVisible(job is not None or not self._is_of_job)

    @Slot()
    def _cancel(self) -> None:
        job = self._jobs.newest
        if job is not None:
            job.cancel()
