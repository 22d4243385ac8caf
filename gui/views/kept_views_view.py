"""The projector: every view with checkpoint, lag, rows, size and error; pause, rebuild, retry."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.viewmodels.kept_views import KeptView, KeptViewsViewModel
from gui.viewmodels.things import Thing, ViewThing
from gui.viewmodels.view_work import ViewWorkViewModel
from gui.widgets.disabling import disable
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.step_line import StepLine
from gui.widgets.words import Words
from gui.widgets.wrapping_row import WrappingRow
from gui.words import said

TITLES: Final = (
    said("view"),
    said("checkpoint"),
    said("lag"),
    said("stale for"),
    said("error"),
    said("in/s"),
    said("out/s"),
    said("current"),
    said("rows"),
    said("writes"),
    said("bytes"),
    said("skipped"),  # only where an event was
)
CHOOSE: Final = said("Select a view first.")


class KeptViewsView(QWidget):
    """Asks for nothing while it is hidden. `message` says what came of the last wish."""

    def __init__(self, kept: KeptViewsViewModel, work: ViewWorkViewModel) -> None:
        super().__init__()
        self.setAccessibleName(said("Projector"))
        self._kept, self._work = kept, work
        self.words = Words("dim")
        self.message = Words()
        self.list = TextGrid(
            said("Views and their checkpoints"),
            empty=said("Views and their checkpoints are listed here."),
        )
        self.gauge = Words("dim")
        self.curve = StepLine(said("Lag over time"))
        self.pause = QPushButton(said("Pause"))
        self.rebuild = QPushButton(said("Rebuild"))
        self.beside = QCheckBox(said("Do not switch after rebuilding"))
        self.hold = QPushButton(said("Pause rebuild"))
        self.cancel = QPushButton(said("Cancel rebuild"))
        self.back = QPushButton(said("Switch back"))
        self.reset = QPushButton(said("Reset"))
        self.retry = QPushButton(said("Retry"))
        self.standing = Words("warn")
        self.reason = QLineEdit()
        self.skip = QPushButton(said("Skip the event"))
        self._lay_out()
        self._connect()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._kept.want(True)

    @Slot()
    def refresh(self) -> None:
        """Ask for the list again."""
        self._kept.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._kept.want(False)

    def spots(self) -> list[Spot]:
        """The views."""
        return [cells_spot(self.list.grid, self._things)]

    def _things(self, row: int, _column: int) -> list[Thing]:
        views = self._kept.views
        return [ViewThing(name=views[row].status.name)] if 0 <= row < len(views) else []

    def _lay_out(self) -> None:
        self.pause.setToolTip(said("Stop updating the views. New events are still recorded"))
        self.rebuild.setToolTip(
            said("Build it again from the log, compare it with the live view, then switch")
        )
        self.beside.setToolTip(
            said("Leaves the new version beside the live view. Rebuild again to switch to it")
        )
        self.back.setToolTip(said("Switch to the version that was in use before the last switch"))
        self.reset.setToolTip(said("Empty the view and build it again in place"))
        self.retry.setToolTip(said("Try the event again after fixing the projection"))
        self.reason.setPlaceholderText(said("reason for skipping the event"))
        self.reason.setAccessibleName(said("Reason for skipping"))
        self.hold.setCheckable(True)
        self.hold.setToolTip(said("Pause the rebuild. The live view stays in use"))
        self.hold.setEnabled(False)
        self.cancel.setEnabled(False)
        self.cancel.setAccessibleName(said("Cancel the rebuild"))
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
        rows.addWidget(self.message)
        rows.addLayout(foot)  # lowest: what is told above does not move it under the mouse

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show_work()

    def _connect(self) -> None:
        self._kept.changed.connect(self._show)
        self._work.changed.connect(self._show_work)
        self._work.ended.connect(self.refresh)
        self._work.let_go_on.connect(self.reason.clear)
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
        self.pause.setText(said("Resume") if kept.is_paused else said("Pause"))
        has_skipped = any(it.skipped for it in kept.views)
        titles = TITLES if has_skipped else TITLES[:-1]
        self.list.show_rows(titles, [_row(it, kept, len(titles)) for it in kept.views])
        self._show_gauge()
        stands = any(it.status.error for it in kept.views)
        for widget in (self.retry, self.reason, self.skip):
            widget.setVisible(stands)
        self._show_way_back()

    @Slot()
    def _show_gauge(self) -> None:
        """Of the chosen view, or of the one that is furthest behind."""
        if not self.isVisible():
            return
        row = self.list.grid.current_row()
        chosen = self.list.text(row, 0) if 0 <= row < self.list.count() else self._kept.slowest
        found = self._kept.gauge(self._kept.view_of(chosen))
        self.gauge.say(found.words, role="warn" if found.is_losing else "dim")
        label = said("{lags:,} behind", lags=found.lags[-1]) if found.lags else ""
        self.curve.show_steps(found.seconds, found.lags, label=label)
        self.curve.setAccessibleDescription(found.words)

    @Slot()
    def _pause(self) -> None:
        if self._kept.is_paused:
            self._kept.resume()
        else:
            self._kept.pause()

    def _show_way_back(self) -> None:
        is_kept = any(it.status.is_kept_beside for it in self._kept.views)
        self.back.setEnabled(is_kept and not self._work.is_running)

    @Slot()
    def _show_work(self) -> None:
        """What runs, what came of it, and what can be asked for meanwhile."""
        work = self._work
        self.message.say(work.said.text, role=work.said.role)
        resting = (self.rebuild, self.reset, self.retry, self.skip)
        if work.is_running:
            disable((*resting, self.back), keyboard_to=self.list.grid)
        for button in resting if not work.is_running else ():
            button.setEnabled(True)
        self._show_way_back()
        if not work.is_rebuilding:
            disable((self.hold, self.cancel), keyboard_to=self.list.grid)
        else:
            self.hold.setEnabled(True)
            self.cancel.setEnabled(not work.is_cancelling)
        self.hold.setChecked(work.is_held)
        self.hold.setText(said("Resume rebuild") if work.is_held else said("Pause rebuild"))

    @Slot()
    def _rebuild(self) -> None:
        if name := self._chosen():
            self._work.rebuild(name, is_beside=self.beside.isChecked())

    @Slot(bool)
    def _hold(self, is_held: bool) -> None:
        if self._work.is_rebuilding and is_held != self._work.is_held:
            self._work.hold(is_held)

    @Slot()
    def _cancel(self) -> None:
        disable((self.cancel,), keyboard_to=self.list.grid)
        self._work.cancel()

    @Slot()
    def _go_back(self) -> None:
        if name := self._chosen():
            self._work.put_back(name)

    @Slot()
    def _reset(self) -> None:
        if name := self._chosen():
            self._work.reset(name)

    @Slot()
    def _retry(self) -> None:
        if name := self._standing():
            self._work.retry(name)

    @Slot()
    def _skip(self) -> None:
        if name := self._standing():
            self._work.skip(name, self.reason.text())

    def _standing(self) -> str:
        """The only view that stands still, else the chosen one."""
        standing = [it.status.name for it in self._kept.views if it.status.error]
        return standing[0] if len(standing) == 1 else self._chosen()

    def _chosen(self) -> str:
        """The chosen view, by the name of the live one; empty, and told, when there is none."""
        row = self.list.grid.current_row()
        if not 0 <= row < self.list.count():
            self.message.say(CHOOSE, role="warn")
            return ""
        return self._kept.view_of(self.list.text(row, 0))


def _row(it: KeptView, kept: KeptViewsViewModel, columns: int) -> TextRow:
    status, rates = it.status, kept.rates(it.status.name)
    speed = (f"{rates.coming:,.0f}", f"{rates.folded:,.0f}") if rates else ("", "")
    texts = (
        status.name,
        f"{status.checkpoint:,}",
        f"{status.lag:,}",
        kept.age_words(it),
        status.error or status.standing,
        *speed,
        rates.words if rates and status.lag else "",
        f"{status.row_count:,}",
        f"{status.write_count:,}",
        "" if it.bytes is None else f"{it.bytes:,}",
        f"{it.skipped:,}" if it.skipped else "",
    )[:columns]
    return TextRow(texts=texts, is_warning=bool(status.error or (rates and rates.is_losing)))


PANEL: Final = TabPanel(
    id="projector",
    title=said("Projector"),
    parent="views",
    order=5,
    make=lambda it: KeptViewsView(it.kept_views, it.view_work),
)
