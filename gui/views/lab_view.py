"""The delivery lab: disturb the delivery of the log, and see which views end otherwise."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QRegularExpression, Qt, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.panel import TabPanel
from gui.selection import Selection
from gui.widgets.dropdown import Dropdown
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.scrolled_form import ScrolledForm
from gui.widgets.words import Words
from gui.work.jobs import Job, Jobs, sentences

SHARES: Final = (
    ("duplicate", "Come twice"),
    ("reorder", "Change places"),
    ("drop", "Never come"),
    ("delay", "Come late"),
)
EXACT: Final = (("drop", "Drop just"), ("swap", "Swap with next"))
CRASHES: Final = (
    (("append", "outbox"), "before publish"),
    (("append", "save-then-publish"), "before publish, no outbox"),
    (("publish", ""), "before project"),
    (("project", ""), "before checkpoint"),
)
KEYS: Final = (
    ("stream", "stream"),
    ("type", "type (a wrong key)"),
    ("random", "random (a wrong key)"),
)
GUARDS: Final = (
    ("none", "does nothing about it"),
    ("checkpoint", "ignores what is not behind its checkpoint"),
    ("ids", "ignores what it applied before"),
)
KINDS: Final = {
    "duplicate": "duplicate",
    "gap": "gap",
    "inversion": "inversion",
    "reordering": "between streams",
}
VERDICT_TITLES: Final = (
    "verdict",
    "view",
    "parts at",
    "first difference",
    "twice",
    "gaps",
    "inversions",
    "between streams",
    "never applied",
    "doubled",
)
FINDING_TITLES: Final = ("finding", "position", "expected", "got", "listens", "type", "stream")
ABOUT: Final = (
    "Feeds every view in memory, twice: as the log stands, and as a network might deliver it. "
    "The store is not touched."
)
EMPTY: Final = "Run tells here which views end otherwise."
CHOICE_LETTERS: Final = 19  # room of a choice; its list is as wide as it must be
SHOWN: Final = 5_000  # findings in the list; the command line gives all


class LabView(QWidget):
    """Runs as a job; `told` says the verdict in words. Choosing a view lists what its consumer
    noticed; Enter on a finding or a verdict goes to the event."""

    def __init__(self, jobs: Jobs, selection: Selection, store: Path) -> None:
        super().__init__()
        self.setAccessibleName("Delivery lab")
        self._jobs, self._selection, self._store = jobs, selection, store
        self._verdicts: Sequence[Mapping[str, Any]] = ()
        self._findings: Sequence[Mapping[str, Any]] = ()
        self.shares = {name: QDoubleSpinBox() for name, _ in SHARES}
        self.exact = {name: QLineEdit() for name, _ in EXACT}
        self.crash, self.crash_at = QSpinBox(), Dropdown()
        self.partitions, self.partition_by = QSpinBox(), Dropdown()
        self.guard = Dropdown()
        self.run = QPushButton("Run")
        self.told, self.told_findings = Words("dim", EMPTY), Words("dim")
        self.verdicts, self.findings = TextGrid("Verdicts"), TextGrid("Findings of the consumer")
        self._lay_out()
        self.run.clicked.connect(self.start)
        self.verdicts.row_chosen.connect(self._show_findings)
        self.verdicts.row_activated.connect(self._go_to_difference)
        self.findings.row_activated.connect(self._go_to_finding)

    def arguments(self) -> list[str]:
        """What is set, as the command line has it."""
        found = ["lab", str(self._store), "--findings", str(SHOWN)]
        found += ["--guard", self.guard.currentData()]
        for name, share in self.shares.items():
            found += [f"--{name}", str(share.value())]
        for name, field in self.exact.items():
            if positions := field.text().replace(",", " ").split():
                found += [f"--{name}-at", ",".join(positions)]
        if self.crash.value():
            at, publisher = self.crash_at.currentData()
            found += ["--crash-every", str(self.crash.value()), "--crash-at", at]
            found += ["--publisher", publisher] if publisher else []
        found += ["--partitions", str(self.partitions.value())]
        return [*found, "--partition-by", self.partition_by.currentData()]

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(ScrolledForm("How it is delivered", ABOUT, self._form()), 1)
        left.addWidget(self.run)
        below = QWidget()
        noticed = QVBoxLayout(below)
        noticed.setContentsMargins(0, 0, 0, 0)
        noticed.addWidget(self.told_findings)
        noticed.addWidget(self.findings, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.verdicts)
        split.addWidget(below)
        split.setChildrenCollapsible(False)
        right = QVBoxLayout()
        right.addWidget(self.told)
        right.addWidget(split, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(12, 8, 12, 8)
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addLayout(right, 3)

    def _form(self) -> QFormLayout:
        self._set_up()
        form = QFormLayout()
        for name, title in SHARES:
            form.addRow(title, self.shares[name])
        for name, title in EXACT:
            form.addRow(title, self.exact[name])
        for title, editor in (
            ("Crash every", self.crash),
            ("Crash", self.crash_at),
            ("Partitions", self.partitions),
            ("Partitioned by", self.partition_by),
            ("The consumer", self.guard),
        ):
            editor.setAccessibleName(title)
            form.addRow(title, editor)
        return form

    def _set_up(self) -> None:
        for name, title in SHARES:
            share = self.shares[name]
            share.setRange(0.0, 100.0)
            share.setSuffix(" %")
            share.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
            share.setAccessibleName(title)
        self.shares["duplicate"].setValue(5.0)
        numbers = QRegularExpression("[0-9, ]*")
        for name, title in EXACT:
            self.exact[name].setAccessibleName(title)
            self.exact[name].setPlaceholderText("positions, with commas")
            self.exact[name].setValidator(QRegularExpressionValidator(numbers, self))
        self.crash.setRange(0, 1_000_000)
        self.crash.setSpecialValueText("never")
        self.crash.setSuffix(" events")
        self.partitions.setRange(1, 64)
        for number in (self.crash, self.partitions):
            number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        for choice, known in (
            (self.crash_at, CRASHES),
            (self.partition_by, KEYS),
            (self.guard, GUARDS),
        ):
            for data, words in known:
                choice.addItem(words, data)
            choice.setMinimumContentsLength(CHOICE_LETTERS)
            choice.setSizeAdjustPolicy(
                Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
        self.crash_at.setCurrentIndex(len(CRASHES) - 1)
        self.run.setProperty("primary", True)

    @Slot()
    def start(self) -> None:
        """Run with what is set."""
        job = Job("Delivery lab", self.arguments(), self)
        job.succeeded.connect(self._show)
        job.objected.connect(self._show)
        job.failed.connect(self._show_failed)
        job.cancelled.connect(self._show_cancelled)
        self.run.setEnabled(False)
        self.told.say("Running…", role="dim")
        self._jobs.start(job)

    @Slot(object)
    def _show(self, report: Mapping[str, Any]) -> None:
        self.run.setEnabled(True)
        verdicts = self._verdicts = report["verdicts"]
        same = sum(it["is_same"] for it in verdicts)
        self.told.say(
            f"{same} of {len(verdicts)} views end the same.",
            role="ok" if same == len(verdicts) else "warn",
        )
        self.verdicts.show_rows(VERDICT_TITLES, [_verdict_row(it) for it in verdicts])
        differing = [at for at, it in enumerate(verdicts) if not it["is_same"]]
        chosen = differing[0] if differing else 0
        self.verdicts.go_to_row(chosen)
        self._show_findings(chosen)

    @Slot(int)
    def _show_findings(self, row: int) -> None:
        if not 0 <= row < len(self._verdicts):
            return
        verdict = self._verdicts[row]
        self._findings = verdict["findings"]
        is_cut = verdict["finding_count"] > len(self._findings)
        listed = (
            f" · {SHOWN:,} of {verdict['finding_count']:,} findings are listed" if is_cut else ""
        )
        self.told_findings.say(_consumer_words(verdict, listed))
        self.findings.show_rows(FINDING_TITLES, [_finding_row(it) for it in self._findings])

    @Slot(int)
    def _go_to_difference(self, row: int) -> None:
        if first := self._verdicts[row]["first"]:
            self._selection.seek(first["position"])

    @Slot(int)
    def _go_to_finding(self, row: int) -> None:
        self._selection.seek(self._findings[row]["position"])

    @Slot(str, str)
    def _show_failed(self, what: str, hint: str) -> None:
        self.run.setEnabled(True)
        self.told.say(sentences(what, hint), role="error")

    @Slot()
    def _show_cancelled(self) -> None:
        self.run.setEnabled(True)
        self.told.say("Cancelled.", role="dim")


def _verdict_row(it: Mapping[str, Any]) -> TextRow:
    seen, first = it["seen"], it["first"]
    counts = [seen[f"{kind}_count"] for kind in KINDS] + [it["lost_count"], it["doubled_count"]]
    verdict = "stands still" if it["failure"] else f"{it['differing']:,} differ"
    texts = (
        "same" if it["is_same"] else verdict,
        it["view"],
        f"{first['position']:,}" if first else "",
        _difference(it),
        *(f"{count:,}" if count else "" for count in counts),
    )
    return TextRow(texts=texts, is_warning=not it["is_same"])


def _consumer_words(it: Mapping[str, Any], listed: str) -> str:
    seen = it["seen"]
    late = seen["late_count"]
    counts = [
        f"{seen['delivered']:,} deliveries, {seen['applied']:,} applied",
        *([f"{late:,} published only after a restart, from the outbox"] if late else []),
        f"{it['lost_count']:,} never applied, {it['doubled_count']:,} more than once",
    ]
    difference = "" if it["is_same"] else f"\nFirst difference: {_difference(it)}"
    return f"{it['view']}: " + " · ".join(counts) + listed + difference


def _difference(it: Mapping[str, Any]) -> str:
    """What stopped it, and the first cell that ends otherwise; empty when all is the same."""
    parts, first = ([it["failure"]] if it["failure"] else []), it["first"]
    if first and first["column"]:
        cell = f"{first['key']}, {first['column']}"
        parts.append(f"{cell}: {first['undisturbed']} → {first['disturbed']}")
    elif first:
        is_missing = first["disturbed"] == "no row"
        parts.append(f"{first['key']}: the row {'is missing' if is_missing else 'is too many'}")
    return "; ".join(parts)


def _finding_row(it: Mapping[str, Any]) -> TextRow:
    got = "nothing" if it["got"] is None else f"{it['got']:,}"
    listens = "yes" if it["is_heard"] else "no"
    texts = (
        KINDS[it["kind"]],
        f"{it['position']:,}",
        f"{it['expected']:,}",
        got,
        listens,
        it["type"],
        it["stream"],
    )
    return TextRow(texts=texts, is_warning=it["is_heard"] and it["kind"] != "reordering")


PANEL: Final = TabPanel(
    id="lab",
    title="Delivery lab",
    parent="views",
    order=4,
    make=lambda it: LabView(it.jobs, it.selection, it.path),
)
