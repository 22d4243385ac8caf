"""The projector: every view with checkpoint, lag, rows, size and error; pause, rebuild, retry."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.viewmodels.kept_views import KeptView, KeptViewsViewModel
from gui.viewmodels.rebuild_words import sentence
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.resting import let_rest
from gui.widgets.step_line import StepLine
from gui.widgets.words import Words
from gui.widgets.wrapping_row import WrappingRow
from gui.work.jobs import Job, Jobs, Progress, sentences

TITLES: Final = (
    "view",
    "checkpoint",
    "lag",
    "old",
    "in/s",
    "out/s",
    "current",
    "rows",
    "writes",
    "bytes",
    "skipped",
    "error",
)
BY_OLDER: Final = "an older code made it, and it stays so until you rebuild it or go back again."
CHOOSE: Final = "Choose a view first."


class KeptViewsView(QWidget):
    """Asks for nothing while it is hidden. `told` says what came of the last wish."""

    def __init__(self, kept: KeptViewsViewModel, jobs: Jobs, store: Path) -> None:
        super().__init__()
        self.setAccessibleName("Projector")
        self._kept, self._jobs, self._store = kept, jobs, store
        self._running: Job | None = None
        self.words = Words("dim")
        self.told = Words()
        self.list = TextGrid("Views and their checkpoints")
        self.gauge = Words("dim")
        self.curve = StepLine("Lag over time")
        self.pause = QPushButton("Pause")
        self.rebuild = QPushButton("Rebuild the chosen view")
        self.beside = QCheckBox("Leave it beside the live one")
        self.hold = QPushButton("Hold it")
        self.cancel = QPushButton("Cancel it")
        self.back = QPushButton("Way back")
        self.reset = QPushButton("Reset")
        self.retry = QPushButton("Retry")
        self.standing = Words("warn")
        self.reason = QLineEdit()
        self.skip = QPushButton("Skip the event")
        self._lay_out()
        self._connect()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._kept.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._kept.want(False)

    def _lay_out(self) -> None:
        self.pause.setToolTip("A paused projector leaves every view where it is; the log goes on")
        self.rebuild.setToolTip("Fold it again, compare with the live one, then switch")
        self.beside.setToolTip("It can be looked at and compared; rebuild again to switch to it")
        self.back.setToolTip("Change places with what the view was before the last switch")
        self.reset.setToolTip("Empty the view; it is folded again while you look on")
        self.retry.setToolTip("The projection was mended: try the event again")
        self.reason.setPlaceholderText("why the view can do without the event")
        self.reason.setAccessibleName("Reason for skipping")
        self.hold.setCheckable(True)
        self.hold.setToolTip("Hold the rebuild; the live view serves meanwhile")
        self.hold.setEnabled(False)
        self.cancel.setEnabled(False)
        self.cancel.setAccessibleName("Cancel the rebuild")
        above, standing = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.words, 1)
        above.addWidget(self.pause)
        foot = WrappingRow(self.rebuild, self.beside, self.hold, self.cancel, self.back, self.reset)
        standing.addWidget(self.retry)
        standing.addWidget(self.reason, 1)
        standing.addWidget(self.skip)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        rows.addLayout(above)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.gauge)
        rows.addWidget(self.curve)
        rows.addWidget(self.standing)
        rows.addLayout(standing)
        rows.addWidget(self.told)
        rows.addLayout(foot)  # lowest: what is told above does not move it under the mouse

    def _connect(self) -> None:
        self._kept.changed.connect(self._show)
        self.list.row_chosen.connect(self._show_gauge)
        self.pause.clicked.connect(self._pause)
        self.rebuild.clicked.connect(self._rebuild)
        self.hold.toggled.connect(self._hold)
        self.cancel.clicked.connect(self._cancel)
        self.back.clicked.connect(self._go_back)
        self.reset.clicked.connect(self._reset)
        self.retry.clicked.connect(self._retry)
        self.skip.clicked.connect(self._skip)

    @Slot()
    def _show(self) -> None:
        kept = self._kept
        self.words.say(kept.words)
        self.standing.say(kept.standing_words)
        self.pause.setText("Resume" if kept.is_paused else "Pause")
        self.list.show_rows(TITLES, [_row(it, kept) for it in kept.views])
        self._show_gauge()
        stands = any(it.status.error for it in kept.views)
        for widget in (self.retry, self.reason, self.skip):
            widget.setVisible(stands)
        is_kept = any(it.status.is_kept_beside for it in kept.views)
        self.back.setEnabled(is_kept and self._running is None)

    @Slot()
    def _show_gauge(self) -> None:
        """Of the chosen view, or of the one that is furthest behind."""
        if not self.isVisible():
            return
        row = self.list.grid.current_row()
        chosen = self.list.text(row, 0) if 0 <= row < self.list.count() else self._kept.slowest
        found = self._kept.gauge(self._kept.view_of(chosen))
        self.gauge.say(found.words, role="warn" if found.is_losing else "dim")
        label = f"{found.lags[-1]:,} behind" if found.lags else ""
        self.curve.show_steps(found.seconds, found.lags, label=label)
        self.curve.setAccessibleDescription(found.words)

    @Slot()
    def _pause(self) -> None:
        if self._kept.is_paused:
            self._kept.resume()
        else:
            self._kept.pause()

    @Slot()
    def _rebuild(self) -> None:
        if not (name := self._chosen()):
            return
        beside = ["--beside"] if self.beside.isChecked() else []
        wish = ["rebuild", str(self._store), name, "--views-only", *beside]
        job = self._begin(f"Rebuild {name}", wish)
        job.succeeded.connect(self._tell_rebuilt)
        job.objected.connect(self._tell_rebuilt)
        job.progressed.connect(self._tell_progress)
        job.held.connect(self._tell_held)
        job.cancelled.connect(self._tell_cancelled)
        self.hold.setEnabled(True)
        self.cancel.setEnabled(True)
        self.told.say(f"{name} is folded again beside the live one…", role="dim")
        self._jobs.start(job)

    @Slot(bool)
    def _hold(self, is_held: bool) -> None:
        if self._running is not None:
            self._running.hold(is_held)
        self.hold.setText("Go on" if is_held else "Hold it")

    @Slot()
    def _cancel(self) -> None:
        if self._running is not None:
            let_rest((self.cancel,), keyboard_to=self.list.grid)
            self._running.cancel()

    @Slot()
    def _go_back(self) -> None:
        if name := self._chosen():
            job = self._begin(f"Put {name} back", ["rebuild", str(self._store), name, "--back"])
            job.succeeded.connect(self._tell_back)
            self._jobs.start(job)

    @Slot()
    def _reset(self) -> None:
        if name := self._chosen():
            job = self._begin(f"Reset {name}", ["rebuild", str(self._store), name, "--reset"])
            self.told.say(f"{name} is emptied and folded again.", role="dim")
            self._jobs.start(job)

    @Slot()
    def _retry(self) -> None:
        self._decide("--retry")

    @Slot()
    def _skip(self) -> None:
        self._decide("--skip", self.reason.text())

    def _decide(self, *wish: str) -> None:
        """Of the chosen view, or the only one that stands still."""
        standing = [it.status.name for it in self._kept.views if it.status.error]
        name = standing[0] if len(standing) == 1 else self._chosen()
        if not name:
            return
        job = self._begin(f"Let {name} go on", ["parked", str(self._store), name, *wish])
        job.succeeded.connect(self._tell_parked)
        job.objected.connect(self._tell_parked)
        self._jobs.start(job)

    def _chosen(self) -> str:
        """The chosen view, by the name of the live one; empty, and told, when there is none."""
        row = self.list.grid.current_row()
        if not 0 <= row < self.list.count():
            self.told.say(CHOOSE, role="warn")
            return ""
        return self._kept.view_of(self.list.text(row, 0))

    def _begin(self, title: str, arguments: list[str]) -> Job:
        job = self._running = Job(title, arguments, self)
        job.failed.connect(self._tell_failed)
        job.ended.connect(self._end)
        resting = (self.rebuild, self.back, self.reset, self.retry, self.skip)
        let_rest(resting, keyboard_to=self.list.grid)
        return job

    @Slot()
    def _end(self) -> None:
        self._running = None
        for button in (self.rebuild, self.reset, self.retry, self.skip):
            button.setEnabled(True)
        self.hold.setChecked(False)
        let_rest((self.hold, self.cancel), keyboard_to=self.list.grid)
        self._kept.refresh()

    @Slot(object)
    def _tell_progress(self, progress: Progress) -> None:
        share = "" if progress.fraction is None else f"{progress.fraction:.0%} · "
        self.told.say(f"{share}{progress.text}", role="dim")

    @Slot(bool)
    def _tell_held(self, is_held: bool) -> None:
        words = "The rebuild is held; the live view serves." if is_held else "The rebuild goes on."
        self.told.say(words, role="dim")

    @Slot()
    def _tell_cancelled(self) -> None:
        self.told.say(
            "The rebuild was cancelled. Nothing was changed, and nothing is left of it.", role="dim"
        )

    @Slot(object)
    def _tell_rebuilt(self, report: Any) -> None:
        (facts,) = report["views"]
        if facts["error"]:
            self.told.say(f"{facts['error']}. The live view still serves.", role="error")
            return
        beside = "" if facts["is_switched"] else f" It is {self._kept.beside(facts['view'])} now."
        role = "warn" if facts["was_different"] else "ok"
        self.told.say(f"{sentence(facts)}{beside}", role=role)

    @Slot(object)
    def _tell_back(self, report: Any) -> None:
        (facts,) = report["views"]
        self.told.say(
            f"{facts['view']} is what it was before, as of {facts['checkpoint']:,}; "
            + (BY_OLDER if facts["is_older"] else f"{facts['lag']:,} events are folded in now."),
            role="ok",
        )

    @Slot(object)
    def _tell_parked(self, report: Any) -> None:
        self.reason.clear()
        if report["parked"]:
            (it, *_) = report["parked"]
            self.told.say(
                f"{it['view']} stands at {it['position']:,} again: {it['error']}", role="error"
            )
        else:
            self.told.say("No view stands still.", role="ok")

    @Slot(str, str)
    def _tell_failed(self, what: str, hint: str) -> None:
        told = sentences(what, hint, "The live view still serves")
        self.told.say(told, role="error")


def _row(it: KeptView, kept: KeptViewsViewModel) -> TextRow:
    status, rates = it.status, kept.rates(it.status.name)
    speed = (f"{rates.coming:,.0f}", f"{rates.folded:,.0f}") if rates else ("", "")
    texts = (
        status.name,
        f"{status.checkpoint:,}",
        f"{status.lag:,}",
        kept.age_words(it),
        *speed,
        rates.words if rates and status.lag else "",
        f"{status.row_count:,}",
        f"{status.write_count:,}",
        "" if it.bytes is None else f"{it.bytes:,}",
        f"{it.skipped:,}" if it.skipped else "",
        status.error or status.standing,
    )
    return TextRow(texts=texts, is_warning=bool(status.error or (rates and rates.is_losing)))


PANEL: Final = TabPanel(
    id="projector",
    title="Projector",
    parent="views",
    order=5,
    make=lambda it: KeptViewsView(it.kept_views, it.jobs, it.path),
)
