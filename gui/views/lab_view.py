"""The delivery lab: disturb the delivery of the log, and see which views end otherwise."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.jobs import Job, Jobs
from gui.widgets.dropdown import Dropdown
from gui.widgets.text_grid import TextGrid
from gui.widgets.text_rows import TextRow
from gui.widgets.words import Words

SHARES: Final = (
    ("duplicate", "Come twice"), ("reorder", "Change places"), ("drop", "Never come"),
    ("delay", "Come late"),
)  # fmt: skip
GUARDS: Final = (
    ("none", "does nothing about it"),
    ("checkpoint", "ignores what is not behind its checkpoint"),
    ("ids", "ignores what it applied before"),
)
ABOUT: Final = (
    "Feeds every view in memory, twice: as the log stands, and as a network might deliver it. "
    "The store is not touched."
)


class LabView(QWidget):
    """Runs as a job; `told` says the verdict in words."""

    def __init__(self, jobs: Jobs, store: Path) -> None:
        super().__init__()
        self.setAccessibleName("Delivery lab")
        self._jobs, self._store = jobs, store
        self.shares = {name: QDoubleSpinBox() for name, _ in SHARES}
        self.crash = QSpinBox()
        self.partitions = QSpinBox()
        self.partition_by = Dropdown()
        self.guard = Dropdown()
        self.run = QPushButton("Run")
        self.told = Words()
        self.verdicts = TextGrid("Verdicts")
        self._lay_out()
        self.run.clicked.connect(self.start)

    def _lay_out(self) -> None:
        form = QFormLayout()
        for name, title in SHARES:
            share = self.shares[name]
            share.setRange(0.0, 100.0)
            share.setSuffix(" %")
            share.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
            share.setAccessibleName(title)
            form.addRow(title, share)
        self.shares["duplicate"].setValue(5.0)
        self.crash.setRange(0, 1_000_000)
        self.crash.setSpecialValueText("never")
        self.crash.setSuffix(" events")
        self.crash.setAccessibleName("Crash every")
        for number in (self.crash, self.partitions):
            number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.partitions.setRange(1, 64)
        self.partitions.setAccessibleName("Partitions")
        self.partition_by.setAccessibleName("Partitioned by")
        self.partition_by.addItem("stream", "stream")
        self.partition_by.addItem("type (the wrong key)", "type")
        self.guard.setAccessibleName("The consumer")
        for key, words in GUARDS:
            self.guard.addItem(words, key)
        form.addRow("Crash every", self.crash)
        form.addRow("Partitions", self.partitions)
        form.addRow("Partitioned by", self.partition_by)
        form.addRow("The consumer", self.guard)
        self.run.setProperty("primary", True)
        left = QVBoxLayout()
        left.addWidget(Words("dim", ABOUT))
        left.addLayout(form)
        left.addWidget(self.run)
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.told)
        right.addWidget(self.verdicts, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(12, 8, 12, 8)
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addLayout(right, 2)

    @Slot()
    def start(self) -> None:
        """Run with what is set."""
        arguments = ["lab", str(self._store), "--guard", self.guard.currentData()]
        for name, share in self.shares.items():
            arguments += [f"--{name}", str(share.value())]
        arguments += ["--crash-every", str(self.crash.value())]
        arguments += ["--partitions", str(self.partitions.value())]
        arguments += ["--partition-by", self.partition_by.currentData()]
        job = Job("Delivery lab", arguments, self)
        job.succeeded.connect(self._show)
        job.objected.connect(self._show)
        job.failed.connect(self._show_failed)
        self.run.setEnabled(False)
        self.told.say("Running…", role="dim")
        self._jobs.start(job)

    @Slot(object)
    def _show(self, report: Mapping[str, Any]) -> None:
        self.run.setEnabled(True)
        verdicts = report["verdicts"]
        seen = verdicts[0]["seen"]
        same = sum(it["is_same"] for it in verdicts)
        self.told.say(
            f"{same} of {len(verdicts)} views end the same. {seen['delivered']:,} deliveries: "
            f"{seen['duplicate_count']:,} duplicates, {seen['inversion_count']:,} out of order, "
            f"{seen['gap_count']:,} lost.",
            role="ok" if same == len(verdicts) else "warn",
        )
        rows = [
            TextRow(
                texts=("same" if it["is_same"] else f"{it['differing']:,} differ", it["view"],
                       it["difference"]),
                is_warning=not it["is_same"],
            )
            for it in verdicts
        ]  # fmt: skip
        self.verdicts.show_rows(("verdict", "view", "first difference"), rows)

    @Slot(str, str)
    def _show_failed(self, what: str, hint: str) -> None:
        self.run.setEnabled(True)
        self.told.say(f"{what} {hint}".strip(), role="error")
