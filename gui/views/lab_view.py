"""The delivery lab: disturb the delivery of the log, and see which views end otherwise."""

from collections.abc import Sequence
from typing import Final

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

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.lab import LabViewModel, consumer_words, finding_texts, verdict_texts
from gui.viewmodels.things import EventThing, Thing, ViewThing
from gui.widgets.dropdown import Dropdown
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.scrolled_form import ScrolledForm
from gui.widgets.words import Words
from gui.words import said
from gui.work.reports import Finding
from gui.work.wishes import Disturbance

SHARES: Final = (
    ("duplicate", said("Duplicate")),
    ("reorder", said("Reorder")),
    ("drop", said("Drop")),
    ("delay", said("Delay")),
)
EXACT: Final = (("drop", said("Drop positions")), ("swap", said("Swap with next")))
CRASHES: Final = (
    (("append", "outbox"), said("before publish")),
    (("append", "save-then-publish"), said("before publish, no outbox")),
    (("publish", ""), said("before project")),
    (("project", ""), said("before checkpoint")),
)
KEYS: Final = (
    ("stream", "stream"),
    ("type", said("type (a wrong key)")),
    ("random", said("random (a wrong key)")),
)
GUARDS: Final = (
    ("none", said("has no protection")),
    ("checkpoint", said("ignores positions up to its checkpoint")),
    ("ids", said("ignores events it already applied")),
)
VERDICT_TITLES: Final = (
    said("verdict"),
    said("view"),
    said("differs at"),
    said("first difference"),
    said("duplicates"),
    said("gaps"),
    said("inversions"),
    said("between streams"),
    said("never applied"),
    said("applied twice"),
)
FINDING_TITLES: Final = (
    said("finding"),
    said("position"),
    said("expected"),
    said("got"),
    said("subscribed"),
    said("type"),
    said("stream"),
)
ABOUT: Final = said(
    "Builds every view twice in memory: from the log as it is, and from a "
    "faulty delivery of it. The store is not changed."
)
CHOICE_LETTERS: Final = 18  # room of a choice; its list is as wide as it must be


class LabView(QWidget):
    """`message` says the verdict in words. Choosing a view lists what its consumer
    noticed; Enter on a finding or a verdict goes to the event."""

    def __init__(self, lab: LabViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Delivery lab"))
        self._lab, self._selection = lab, selection
        self._findings: Sequence[Finding] = ()
        self.shares = {name: QDoubleSpinBox() for name, _ in SHARES}
        self.exact = {name: QLineEdit() for name, _ in EXACT}
        self.crash, self.crash_at = QSpinBox(), Dropdown()
        self.partitions, self.partition_by = QSpinBox(), Dropdown()
        self.guard = Dropdown()
        self.run = QPushButton(said("Run"))
        self.message, self.findings_summary = Words("dim"), Words("dim")
        self.verdicts, self.findings = (
            TextGrid(
                said("Verdicts"),
                empty=said("Run lists here whether each view ends up the same."),
            ),
            TextGrid(
                said("Findings"),
                empty=said("Delivery faults that the selected view noticed are listed here."),
            ),
        )
        self._lay_out()
        lab.changed.connect(self._show)
        lab.answered.connect(self._show_verdicts)
        self.run.clicked.connect(self.start)
        self.verdicts.row_chosen.connect(self._show_findings)
        self.verdicts.row_activated.connect(self._go_to_difference)
        self.findings.row_activated.connect(self._go_to_finding)
        self._show()

    def disturbance(self) -> Disturbance:
        """What is set."""
        at, publisher = self.crash_at.currentData()
        return Disturbance(
            **{name: share.value() for name, share in self.shares.items()},
            drop_at=_positions(self.exact["drop"].text()),
            swap_at=_positions(self.exact["swap"].text()),
            crash_every=self.crash.value(),
            crash_at=at,
            publisher=publisher,
            partitions=self.partitions.value(),
            partition_by=self.partition_by.currentData(),
            guard=self.guard.currentData(),
        )

    def spots(self) -> list[Spot]:
        """The verdicts, and what the consumer of the chosen one noticed."""
        return [
            cells_spot(self.verdicts.grid, self._verdict_things),
            cells_spot(self.findings.grid, self._finding_things),
        ]

    def _verdict_things(self, row: int, _column: int) -> list[Thing]:
        verdict = self._lab.verdicts[row]
        first = verdict.first
        view = ViewThing(name=verdict.view, at=None if first is None else first.position)
        return [view] if first is None else [view, EventThing(position=first.position)]

    def _finding_things(self, row: int, _column: int) -> list[Thing]:
        return [EventThing(position=self._findings[row].position)]

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(ScrolledForm(said("Delivery"), ABOUT, self._form()), 1)
        left.addWidget(self.run)
        below = QWidget()
        noticed = QVBoxLayout(below)
        noticed.setContentsMargins(0, 0, 0, 0)
        noticed.addWidget(self.findings_summary)
        noticed.addWidget(self.findings, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.verdicts)
        split.addWidget(below)
        split.setChildrenCollapsible(False)
        right = QVBoxLayout()
        right.addWidget(self.message)
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
            (said("Crash every"), self.crash),
            (said("Crash point"), self.crash_at),
            (said("Partitions"), self.partitions),
            (said("Partitioned by"), self.partition_by),
            (said("Consumer"), self.guard),
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
            self.exact[name].setPlaceholderText(said("comma-separated positions"))
            self.exact[name].setValidator(QRegularExpressionValidator(numbers, self))
        self.crash.setRange(0, 1_000_000)
        self.crash.setSpecialValueText("never")
        self.crash.setSuffix(said(" events"))
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
        self._lab.run(self.disturbance())

    @Slot()
    def _show(self) -> None:
        self.run.setEnabled(not self._lab.is_running)
        self.message.say(self._lab.said.text, role=self._lab.said.role)

    @Slot()
    def _show_verdicts(self) -> None:
        rows = [
            TextRow(texts=verdict_texts(it), is_warning=not it.is_same) for it in self._lab.verdicts
        ]
        self.verdicts.show_rows(VERDICT_TITLES, rows)
        chosen = self._lab.first_differing
        self.verdicts.go_to_row(chosen)
        self._show_findings(chosen)

    @Slot(int)
    def _show_findings(self, row: int) -> None:
        if not 0 <= row < len(self._lab.verdicts):
            return
        verdict = self._lab.verdicts[row]
        self._findings = verdict.findings
        self.findings_summary.say(consumer_words(verdict))
        self.findings.show_rows(FINDING_TITLES, [_finding_row(it) for it in self._findings])

    @Slot(int)
    def _go_to_difference(self, row: int) -> None:
        if first := self._lab.verdicts[row].first:
            self._selection.seek(first.position)

    @Slot(int)
    def _go_to_finding(self, row: int) -> None:
        self._selection.seek(self._findings[row].position)


def _finding_row(it: Finding) -> TextRow:
    is_harmful = it.is_heard and it.kind != "reordering"
    return TextRow(texts=finding_texts(it), is_warning=is_harmful)


def _positions(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


PANEL: Final = TabPanel(
    id="lab",
    title=said("Delivery lab"),
    parent="views",
    order=4,
    make=lambda it: LabView(it.lab, it.selection),
)
