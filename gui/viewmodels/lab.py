"""The delivery lab: how delivery is disturbed, and what that did to each view."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.said import Said
from gui.words import counted, said
from gui.work.jobs import Jobs, sentences
from gui.work.long_work import LongWork
from gui.work.reports import Finding, LabRun, Verdict
from gui.work.wishes import Disturbance, RunLab
from store.place import Place

SHOWN: Final = 5_000  # findings of a view in the list; the command line gives all
EMPTY: Final = said("Run shows which views end up different.")
KINDS: Final = {
    "duplicate": said("duplicate"),
    "gap": said("gap"),
    "inversion": said("inversion"),
    "reordering": said("between streams"),
}


class LabViewModel(QObject):
    """`changed()` when it begins, ends or has something to say; `answered()` with new verdicts."""

    changed = Signal()
    answered = Signal()

    def __init__(self, jobs: Jobs, store: Place) -> None:
        super().__init__()
        self.said = Said(text=EMPTY)
        self.verdicts: tuple[Verdict, ...] = ()
        self._store = store
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.succeeded.connect(self._learn)
        self._work.objected.connect(self._learn)
        self._work.failed.connect(self._learn_failed)
        self._work.cancelled.connect(self._learn_cancelled)

    @property
    def is_running(self) -> bool:
        """Whether views are being fed."""
        return self._work.is_running

    @property
    def first_differing(self) -> int:
        """The row of the first view that ends otherwise; the first row when none does."""
        return next((at for at, it in enumerate(self.verdicts) if not it.is_same), 0)

    def run(self, disturbance: Disturbance) -> None:
        """Feed every view, in memory; the store is not touched."""
        self.said = Said(text=said("Running…"))
        self._work.start(RunLab(store=self._store, disturbance=disturbance, findings=SHOWN))

    def close(self) -> None:
        """Stop what runs."""
        self._work.close()

    @Slot(object)
    def _learn(self, report: LabRun) -> None:
        self.verdicts = report.verdicts
        same = sum(it.is_same for it in self.verdicts)
        self.said = Said(
            text=said(
                "{same} of {count} views end up the same.", same=same, count=len(self.verdicts)
            ),
            role="ok" if same == len(self.verdicts) else "warn",
        )
        self.answered.emit()

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self.said = Said(text=sentences(what, hint), role="error")

    @Slot()
    def _learn_cancelled(self) -> None:
        self.said = Said(text=said("Cancelled."))


def verdict_texts(it: Verdict) -> tuple[str, ...]:
    """One view in the list of verdicts."""
    seen = it.seen
    found = (seen.duplicate_count, seen.gap_count, seen.inversion_count, seen.reordering_count)
    counts = (*found, it.lost_count, it.doubled_count)
    verdict = (
        said("has stopped") if it.failure else said("{differing:,} differ", differing=it.differing)
    )
    return (
        "same" if it.is_same else verdict,
        it.view,
        f"{it.first.position:,}" if it.first else "",
        difference_words(it),
        *(f"{count:,}" if count else "" for count in counts),
    )


def consumer_words(it: Verdict) -> str:
    """What the consumer of one view noticed and did."""
    seen = it.seen
    counts = [
        said(
            "{delivered}, {applied:,} applied",
            delivered=counted("{count:,} delivery", "{count:,} deliveries", seen.delivered),
            applied=seen.applied,
        )
    ]
    if seen.late_count:
        counts.append(
            said(
                "{late_count:,} published only after a restart, from the outbox",
                late_count=seen.late_count,
            )
        )
    counts.append(
        said(
            "{lost_count:,} never applied, {doubled_count:,} more than once",
            lost_count=it.lost_count,
            doubled_count=it.doubled_count,
        )
    )
    if it.finding_count > len(it.findings):
        counts.append(
            said(
                "{shown:,} of {finding_count:,} findings are listed",
                shown=SHOWN,
                finding_count=it.finding_count,
            )
        )
    difference = "" if it.is_same else said("\nFirst difference: {name}", name=difference_words(it))
    return f"{it.view}: " + " · ".join(counts) + difference


def difference_words(it: Verdict) -> str:
    """What stopped it, and the first cell that ends otherwise; empty when all is the same."""
    parts, first = ([it.failure] if it.failure else []), it.first
    if first and first.column:
        parts.append(f"{first.key}, {first.column}: {first.undisturbed} → {first.disturbed}")
    elif first:
        is_missing = first.disturbed == "no row"
        parts.append(
            said(
                "{key}: the row {part}",
                key=first.key,
                part=said("is missing") if is_missing else said("is extra"),
            )
        )
    return "; ".join(parts)


def finding_texts(it: Finding) -> tuple[str, ...]:
    """One finding in the list."""
    return (
        KINDS[it.kind],
        f"{it.position:,}",
        f"{it.expected:,}",
        "nothing" if it.got is None else f"{it.got:,}",
        "yes" if it.is_heard else "no",
        it.type,
        it.stream,
    )
