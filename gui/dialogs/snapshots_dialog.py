"""Snapshots: which there are and are of use; make, check and throw away; how often to save."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.viewmodels.counts import counted
from gui.viewmodels.snapshots import TITLES, SnapshotsViewModel
from gui.widgets.banner import Banner
from gui.widgets.chart.chart_pair import ChartPair
from gui.widgets.choice_number_row import ChoiceNumberRow
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.progress_row import ProgressRow
from gui.widgets.resting import let_rest
from gui.widgets.search_field import SearchField
from gui.widgets.words import Words
from gui.work.jobs import Job, Jobs, Progress

ABOVE: Final = 100
MOST_CHOSEN: Final = 1_000  # streams or snapshots that are named one by one
OWN: Final = frozenset(
    {"create", "verify", "advise", "import", "policy"}
)  # what an own model is needed for
FILES: Final = "Snapshots (*.jsonl)"
ABOUT: Final = (
    "A snapshot is a saved state, so that a long stream need not be folded from its beginning. "
    "It can be thrown away at any time. One by other code of its model, or whose hash does not "
    "fit, is never used."
)


class SnapshotsDialog(QDialog):
    """Everything that changes something runs in a process of its own."""

    def __init__(
        self,
        jobs: Jobs,
        store: Path,
        snapshots: SnapshotsViewModel,
        stream: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Snapshots")
        self.setAccessibleName("Snapshots")
        self.resize(1200, 640)  # every column of the list is in sight
        self._jobs, self._store = jobs, store
        self._snapshots = snapshots
        self._job: Job | None = None
        self.problem = Banner("Snapshot problem")
        self.summary = Words("dim")
        self.list = TextGrid("Snapshots")
        self.report = Words()
        self.progress = ProgressRow("Snapshots")
        self.above = QSpinBox()
        self.search = SearchField("Filter by stream", "filter by stream")
        self.streams = CountedList("Streams to save", is_mono=True, is_multi=True)
        self.make_stream = QPushButton()
        self.make_above = QPushButton("Of all streams above")
        self.verify = QPushButton("Verify all")
        self.advise = QPushButton("Advise")
        self.make_all = QPushButton("Of the whole workspace")
        self.policy = ChoiceNumberRow("By itself", "every", choice="Model", unit="versions")
        self.charts = ChartPair(
            "Advice on snapshots", "Time to replay, by length", "Streams by length"
        )
        self.export = QPushButton("Export…")
        self.import_ = QPushButton("Import…")
        self.delete = QPushButton("Delete")
        self.delete_all = QPushButton("Delete all")
        self._lay_out()
        self._connect()
        self.streams.choose([stream] if stream else [])
        self._name_streams()
        snapshots.search("")

    def _lay_out(self) -> None:
        self.above.setRange(1, 10_000_000)
        self.above.setValue(ABOVE)
        self.above.setSuffix(" events")
        self.above.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.above.setAccessibleName("Streams above so many events")
        make = QHBoxLayout()
        make.addWidget(Words(text="Make"))
        self.make_all.setToolTip("Every stream, so that a start tomorrow folds only what comes")
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
        both = QWidget()
        columns = QHBoxLayout(both)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.addLayout(left, 1)
        columns.addWidget(self.list, 5)
        return both

    def _connect(self) -> None:
        self._snapshots.listed.connect(self._show_list)
        self.search.searched.connect(self._snapshots.search)
        self.streams.keys_chosen.connect(self._name_streams)
        self.make_stream.clicked.connect(self._make_of_stream)
        self.make_above.clicked.connect(self._make_above)
        self.make_all.clicked.connect(self._make_all)
        self.policy.wanted.connect(self._set_policy)
        self.export.clicked.connect(self._choose_export)
        self.import_.clicked.connect(self._choose_import)
        self.verify.clicked.connect(self._verify)
        self.advise.clicked.connect(self._advise)
        self.delete.clicked.connect(self._delete)
        self.delete_all.clicked.connect(self._delete_all)
        self.progress.cancel_wanted.connect(self.stop)

    def reject(self) -> None:
        """Closing stops what runs."""
        self.stop()
        super().reject()

    @Slot()
    def stop(self) -> None:
        """Stop what runs; snapshots that are made stay."""
        if self._job is not None and self._job.is_running:
            self._job.cancel()

    @Slot()
    def _make_of_stream(self) -> None:
        chosen = self.streams.chosen()[:MOST_CHOSEN]
        self._run("create", *(part for it in chosen for part in ("--stream", it)))

    @Slot()
    def _make_above(self) -> None:
        self._run("create", "--above", str(self.above.value()))

    @Slot()
    def _make_all(self) -> None:
        self._run("create", "--all")

    @Slot(str, int)
    def _set_policy(self, model: str, every: int) -> None:
        self._run("policy", "--model", model, "--every", str(every or "off"))

    @Slot()
    def _choose_export(self) -> None:
        file, _ = QFileDialog.getSaveFileName(self, "Export snapshots", self._suggested(), FILES)
        if file:
            self.export_to(Path(file))

    def _suggested(self) -> str:
        """Beside the store, named after it."""
        return str(self._store.with_name(f"{self._store.stem}-snapshots.jsonl"))

    def export_to(self, file: Path) -> None:
        """Write them all into a file that is not there yet."""
        self._run("export", "--file", str(file))

    @Slot()
    def _choose_import(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, "Import snapshots", "", FILES)
        if file:
            self.import_from(Path(file))

    def import_from(self, file: Path) -> None:
        """Take what fits this log."""
        self._run("import", "--file", str(file))

    @Slot()
    def _verify(self) -> None:
        self._run("verify")

    @Slot()
    def _advise(self) -> None:
        self._run("advise")

    @Slot()
    def _delete(self) -> None:
        first, last = self.list.grid.selected_range() or (0, -1)
        chosen = self._snapshots.found.infos[first : last + 1][:MOST_CHOSEN]
        one = [("--one", it.model, str(it.position), it.stream) for it in chosen]
        if one:
            self._run("delete", *(part for it in one for part in it))

    @Slot()
    def _delete_all(self) -> None:
        self._run("delete", "--all")

    def _run(self, what: str, *more: str) -> None:
        own = self._snapshots.own_file
        of_own = ["--own", str(own)] if own is not None and what in OWN else []
        job = Job("Snapshots", ["snapshots", what, str(self._store), *more, *of_own], self)
        job.progressed.connect(self._show_progress)
        job.succeeded.connect(self._show_report)
        job.objected.connect(self._show_objection)
        job.failed.connect(self._show_problem)
        job.ended.connect(self._end)
        self._job = job
        self.problem.dismiss()
        self.report.say("")
        self.progress.show_progress(None, rate="")
        self.progress.show()
        self._allow(is_allowed=False)
        self._jobs.start(job)

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        self.progress.show_progress(progress.fraction, rate=progress.text)

    @Slot(object)
    def _show_report(self, report: Mapping[str, Any]) -> None:
        self.report.say(_told(report))
        if "policy" in report:
            self.policy.learn(report["policy"])
        if "curve" in report:
            self._draw(report)

    def _draw(self, report: Mapping[str, Any]) -> None:
        """What folding costs, and how long the streams are."""
        lengths, times = [it[0] for it in report["curve"]], [it[1] for it in report["curve"]]
        self.charts.left.show_line(lengths, times, unit="ms", over="events")
        ends = [f"≤ {it[0]:,}" for it in report["histogram"]]
        self.charts.right.show_bars(ends, [it[1] for it in report["histogram"]], unit="streams")
        self.charts.show()

    @Slot(str, str)
    def _show_problem(self, what: str, hint: str) -> None:
        self.problem.show_problem(what, to_do=hint)

    @Slot(object)
    def _show_objection(self, report: Mapping[str, Any]) -> None:
        if "refused" in report:
            self.problem.show_problem(
                f"{len(report['refused']):,} snapshots of the file are of no use here; "
                f"{report['imported']:,} were added. {report['refused'][0]}",
                to_do="Export them anew from the same log.",
            )
            return
        first = report["bad"][0]
        self.problem.show_problem(
            f"{len(report['bad']):,} of {report['checked']:,} snapshots do not stand; "
            f"the first is of {first['info']['stream']}: {first['difference']}",
            to_do="Delete them; they are made again from the events.",
        )

    @Slot()
    def _end(self) -> None:
        self.progress.hide()
        self._allow(is_allowed=True)
        self._snapshots.refresh()

    @Slot()
    def _show_list(self) -> None:
        found = self._snapshots.found
        self.list.show_rows(TITLES, [TextRow(texts=it, is_warning=bad) for it, bad in found.rows])
        self.streams.set_items(
            [CountedItem(it.name, it.name, f"{it.count:,}") for it in found.streams]
        )
        self.summary.say(self._snapshots.summary)
        self.policy.learn(found.policy)

    def _allow(self, *, is_allowed: bool) -> None:
        if not is_allowed:
            let_rest(self._buttons(), keyboard_to=self.list.grid)
            return
        for button in self._buttons():
            button.setEnabled(True)
        self.make_stream.setEnabled(bool(self.streams.chosen()))

    @Slot()
    def _name_streams(self) -> None:
        chosen = self.streams.chosen()
        several = f"Of {len(chosen):,} streams" if chosen else "Of the chosen streams"
        self.make_stream.setText(f"Of {chosen[0]}" if len(chosen) == 1 else several)
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


def _told(report: Mapping[str, Any]) -> str:
    if "made" in report:
        return (
            f"{counted(report['made'], 'snapshot')} made of {counted(report['streams'], 'stream')}."
        )
    if "deleted" in report:
        return f"{counted(report['deleted'], 'snapshot')} deleted."
    if "checked" in report:
        return (
            f"{counted(report['checked'], 'snapshot')} checked against a full fold; all stand. "
            f"Measured: {report['load_ms']:,.1f} ms to read them, "
            f"{report['fold_ms']:,.1f} ms to fold."
        )
    if "exported" in report:
        return f"{counted(report['exported'], 'snapshot')} written to {report['file']}."
    if "imported" in report:
        added = counted(report["imported"], "snapshot")
        return f"{added} added, {report['there']:,} were there already."
    if "policy" in report:
        return "Set; the projector makes them while it is idle."
    return _advice(report)


def _advice(report: Mapping[str, Any]) -> str:
    words = f"Folding costs {report['us_per_event']:.1f} µs an event here. "
    if not report["is_whole"]:
        words += f"Measured up to {report['curve'][-1][0]:,} events, for time. "
    every = report["every"]
    if every is None:
        return words + "No stream is long enough for snapshots to be felt."
    return words + f"A snapshot every {every:,} events keeps each load at about 10 ms."
