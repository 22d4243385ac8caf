"""Snapshots: which there are and are of use; make, check and throw away; how often to save."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.parts import part_words
from gui.viewmodels.snapshot_work import SnapshotWorkViewModel
from gui.viewmodels.snapshots import TITLES, SnapshotsViewModel
from gui.widgets.banner import Banner
from gui.widgets.chart.chart_pair import ChartPair
from gui.widgets.choice_number_row import ChoiceNumberRow
from gui.widgets.disabling import disable
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.keyed_dialog import KeyedDialog
from gui.widgets.progress_row import ProgressRow
from gui.widgets.search_field import SearchField
from gui.widgets.words import Words
from gui.words import counted, said
from gui.work.jobs import Progress

ABOVE: Final = 100
FILES: Final = said("Snapshots (*.jsonl)")
ABOUT: Final = said(
    "A snapshot is a saved state. With it, a long stream need not be folded "
    "from its beginning. Snapshots can be deleted at any time. A snapshot is "
    "ignored if its model has changed or its hash does not match."
)

NO_SNAPSHOTS: Final = said("Snapshots are listed here. Create some with the buttons above.")
NO_STREAMS: Final = said("Streams are listed here once there are events.")


class SnapshotsDialog(KeyedDialog):
    """Everything that changes something runs in a process of its own."""

    def __init__(
        self,
        work: SnapshotWorkViewModel,
        snapshots: SnapshotsViewModel,
        stream: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(said("Snapshots"))
        self.setAccessibleName(said("Snapshots"))
        self.resize(1200, 640)  # every column of the list is in sight
        self._work, self._snapshots = work, snapshots
        self.problem = Banner(said("Snapshot problem"))
        self.summary = Words("dim")
        self.list = TextGrid(said("Snapshots"), empty=NO_SNAPSHOTS)
        self.report = Words()
        self.progress = ProgressRow(said("Snapshots"))
        self.above = QSpinBox()
        self.search = SearchField(said("Filter by stream"), said("filter by stream"))
        self.streams = CountedList(
            said("Streams to save"), is_mono=True, is_multi=True, empty=NO_STREAMS
        )
        self.streams_part = Words("dim")
        self.make_stream = QPushButton()
        self.make_above = QPushButton(said("For all streams above"))
        self.verify = QPushButton(said("Verify all"))
        self.advise = QPushButton(said("Recommend"))
        self.make_all = QPushButton(said("For every stream"))
        self.policy = ChoiceNumberRow(
            said("Automatic"), "every", choice=said("Model"), unit=said("versions")
        )
        self.charts = ChartPair(
            said("Snapshot recommendation"),
            said("Time to replay, by length"),
            said("Streams by length"),
        )
        self.export = QPushButton(said("Export…"))
        self.import_ = QPushButton(said("Import…"))
        self.delete = QPushButton(said("Delete"))
        self.delete_all = QPushButton(said("Delete all"))
        self._lay_out()
        self._connect()
        self.streams.choose([stream] if stream else [])
        self._name_streams()
        snapshots.search("")

    def _lay_out(self) -> None:
        self.above.setRange(1, 10_000_000)
        self.above.setValue(ABOVE)
        self.above.setSuffix(said(" events"))
        self.above.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.above.setAccessibleName(said("Minimum number of events"))
        make = QHBoxLayout()
        make.addWidget(Words(text=said("Create")))
        self.make_all.setToolTip(
            said("Create one for every stream, so that the next start folds only newer events")
        )
        for widget in (self.make_stream, self.make_above, self.above, self.make_all):
            make.addWidget(widget)
        make.addStretch(1)
        buttons = QHBoxLayout()
        for button in (self.verify, self.advise, self.export, self.import_):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.delete, self.delete_all):
            buttons.addWidget(button)
        for button in self._buttons():
            button.setAutoDefault(False)
        rows = QVBoxLayout(self)
        rows.setSpacing(8)
        for part in (
            Words("dim", ABOUT),
            self.problem,
            make,
            self.policy,
            self._lists(),
            self.summary,
            self.report,
            self.charts,
            self.progress,
            buttons,
        ):
            if isinstance(part, QWidget):
                rows.addWidget(part, 1 if self.list in part.findChildren(TextGrid) else 0)
            else:
                rows.addLayout(part)
        self.progress.hide()
        self.charts.hide()

    def _lists(self) -> QWidget:
        """What there is to save beside what is saved."""
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.streams, 1)
        left.addWidget(self.streams_part)
        both = QWidget()
        columns = QHBoxLayout(both)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.addLayout(left, 1)
        columns.addWidget(self.list, 5)
        return both

    def _connect(self) -> None:
        self._snapshots.listed.connect(self._show_list)
        self._work.changed.connect(self._show_work)
        self._work.progressed.connect(self._show_progress)
        self._work.reported.connect(self._show_report)
        self._work.advised.connect(self._draw)
        self._work.failed.connect(self._show_problem)
        self.search.searched.connect(self._snapshots.search)
        self.streams.keys_chosen.connect(self._name_streams)
        self.make_stream.clicked.connect(self._make_of_stream)
        self.make_above.clicked.connect(self._make_above)
        self.make_all.clicked.connect(self._work.make_all)
        self.policy.wanted.connect(self._work.set_policy)
        self.export.clicked.connect(self._choose_export)
        self.import_.clicked.connect(self._choose_import)
        self.verify.clicked.connect(self._work.check)
        self.advise.clicked.connect(self._work.advise)
        self.delete.clicked.connect(self._delete)
        self.delete_all.clicked.connect(self._work.delete_all)
        self.progress.cancel_wanted.connect(self.stop)

    def reject(self) -> None:
        """Closing stops what runs."""
        self.stop()
        super().reject()

    @Slot()
    def stop(self) -> None:
        """Stop what runs; snapshots that are made stay."""
        self._work.cancel()

    @Slot()
    def _make_of_stream(self) -> None:
        self._work.make_of(self.streams.chosen())

    @Slot()
    def _make_above(self) -> None:
        self._work.make_above(self.above.value())

    @Slot()
    def _choose_export(self) -> None:
        file, _ = QFileDialog.getSaveFileName(
            self, said("Export snapshots"), self._work.suggested_file, FILES
        )
        if file:
            self.export_to(Path(file))

    def export_to(self, file: Path) -> None:
        """Write them all into a file that is not there yet."""
        self._work.export_to(file)

    @Slot()
    def _choose_import(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, said("Import snapshots"), "", FILES)
        if file:
            self.import_from(Path(file))

    def import_from(self, file: Path) -> None:
        """Take what fits this log."""
        self._work.import_from(file)

    @Slot()
    def _delete(self) -> None:
        first, last = self.list.grid.selected_range() or (0, -1)
        self._work.delete(range(first, last + 1))

    @Slot()
    def _show_work(self) -> None:
        """A work has begun or ended."""
        is_running = self._work.is_running
        if is_running:
            self.problem.dismiss()
            self.report.say("")
            self.progress.show_progress(None, rate="")
        self.progress.setVisible(is_running)
        self._allow(is_allowed=not is_running)

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        self.progress.show_progress(progress.fraction, rate=progress.text)

    @Slot(str)
    def _show_report(self, words: str) -> None:
        self.report.say(words)

    @Slot()
    def _draw(self) -> None:
        """What folding costs, and how long the streams are."""
        if (advice := self._work.advice) is None:
            return
        lengths, times = [it[0] for it in advice.curve], [it[1] for it in advice.curve]
        self.charts.left.show_line(lengths, times, unit=said("ms"), over=said("events"))
        ends = [f"≤ {it[0]:,}" for it in advice.histogram]
        self.charts.right.show_bars(ends, [it[1] for it in advice.histogram], unit=said("streams"))
        self.charts.show()

    @Slot(str, str)
    def _show_problem(self, what: str, hint: str) -> None:
        self.problem.show_problem(what, to_do=hint)

    @Slot()
    def _show_list(self) -> None:
        found = self._snapshots.found
        self.list.show_rows(TITLES, [TextRow(texts=it, is_warning=bad) for it, bad in found.rows])
        self.streams_part.say(part_words("first", len(found.streams), found.stream_count))
        self.streams.set_items(
            [CountedItem(key=it.name, text=it.name, count=f"{it.count:,}") for it in found.streams]
        )
        self.summary.say(self._snapshots.summary)
        self.policy.learn(found.policy)

    def _allow(self, *, is_allowed: bool) -> None:
        if not is_allowed:
            disable(self._buttons(), keyboard_to=self.list.grid)
            return
        for button in self._buttons():
            button.setEnabled(True)
        self.make_stream.setEnabled(bool(self.streams.chosen()))

    @Slot()
    def _name_streams(self) -> None:
        chosen = self.streams.chosen()
        several = (
            said("For {count}", count=counted("{count:,} stream", "{count:,} streams", len(chosen)))
            if chosen
            else said("For the selected streams")
        )
        self.make_stream.setText(
            said("For {stream}", stream=chosen[0]) if len(chosen) == 1 else several
        )
        self.make_stream.setEnabled(bool(chosen) and self.make_all.isEnabled())

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (
            self.make_stream,
            self.make_above,
            self.make_all,
            self.verify,
            self.advise,
            self.export,
            self.import_,
            self.delete,
            self.delete_all,
            self.policy.set,
        )
