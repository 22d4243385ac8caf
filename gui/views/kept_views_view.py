"""The projector: every view with checkpoint, lag, rows, size and error; pause, resume, rebuild."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.jobs import Job, Jobs
from gui.viewmodels.kept_views import KeptViewsViewModel
from gui.widgets.text_grid import TextGrid
from gui.widgets.text_rows import TextRow
from gui.widgets.words import Words

TITLES: Final = ("view", "checkpoint", "lag", "rows", "writes", "bytes", "error")


class KeptViewsView(QWidget):
    """Asks for nothing while it is hidden."""

    def __init__(self, kept: KeptViewsViewModel, jobs: Jobs, store: Path) -> None:
        super().__init__()
        self.setAccessibleName("Projector")
        self._kept, self._jobs, self._store = kept, jobs, store
        self.words = Words("dim")
        self.told = Words()
        self.list = TextGrid("Views and their checkpoints")
        self.pause = QPushButton("Pause")
        self.rebuild = QPushButton("Rebuild the chosen view")
        self._lay_out()
        kept.changed.connect(self._show)
        self.pause.clicked.connect(self._pause)
        self.rebuild.clicked.connect(self._rebuild)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._kept.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._kept.want(False)

    def _lay_out(self) -> None:
        self.pause.setToolTip("A paused projector leaves every view where it is; the log goes on")
        self.rebuild.setToolTip("Fold it again beside the live one, compare, then switch")
        foot = QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.words)
        rows.addWidget(self.list, 1)
        rows.addLayout(foot)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.rebuild)
        foot.addWidget(self.pause)

    @Slot()
    def _show(self) -> None:
        kept = self._kept
        self.words.say(kept.words)
        self.pause.setText("Resume" if kept.is_paused else "Pause")
        rows = []
        for it in kept.views:
            status = it.status
            numbers = (status.checkpoint, status.lag, status.row_count, status.write_count)
            size = "" if it.bytes is None else f"{it.bytes:,}"
            texts = (status.name, *(f"{n:,}" for n in numbers), size, status.error or "")
            rows.append(TextRow(texts=texts, is_warning=bool(status.error)))
        self.list.show_rows(TITLES, rows)

    @Slot()
    def _pause(self) -> None:
        if self._kept.is_paused:
            self._kept.resume()
        else:
            self._kept.pause()

    @Slot()
    def _rebuild(self) -> None:
        row = self.list.grid.current_row()
        if not 0 <= row < self.list.count():
            self.told.say("Choose a view first.", role="warn")
            return
        name = self.list.text(row, 0)
        job = Job(f"Rebuild {name}", ["rebuild", str(self._store), name], self)
        job.succeeded.connect(self._tell_rebuilt)
        job.failed.connect(self._tell_failed)
        self.rebuild.setEnabled(False)
        self.told.say(f"{name} is folded again beside the live one…", role="dim")
        self._jobs.start(job)

    @Slot(object)
    def _tell_rebuilt(self, report: Any) -> None:
        (facts,) = report["views"]
        verdict = "it was different" if facts["was_different"] else "it was as the log says"
        self.rebuild.setEnabled(True)
        self.told.say(
            f"{facts['view']} rebuilt from {facts['events']:,} events in "
            f"{facts['seconds']:.1f} s: {verdict}.",
            role="warn" if facts["was_different"] else "ok",
        )
        self._kept.refresh()

    @Slot(str, str)
    def _tell_failed(self, what: str, hint: str) -> None:
        self.rebuild.setEnabled(True)
        self.told.say(f"{what} {hint} The live view still serves.".strip(), role="error")
