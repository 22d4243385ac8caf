"""The delivery lab: how delivery is disturbed, and what that did to each view."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.said import Said
from gui.work.jobs import Jobs, sentences
from gui.work.long_work import LongWork
from gui.work.reports import Finding, LabRun, Verdict
from gui.work.wishes import Disturbance, RunLab
from store.place import Place

SHOWN: Final = 5_000  # findings of a view in the list; the command line gives all
EMPTY: Final = "Run tells here which views end otherwise."
KINDS: Final = {
    "duplicate": "duplicate",
    "gap": "gap",
    "inversion": "inversion",
    "reordering": "between streams",
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
        self.said = Said(text="Running…")
        self._work.start(RunLab(store=self._store, disturbance=disturbance, findings=SHOWN))

    def close(self) -> None:
        """Stop what runs."""
        self._work.close()

    @Slot(object)
    def _learn(self, report: LabRun) -> None:
        self.verdicts = report.verdicts
        same = sum(it.is_same for it in self.verdicts)
        self.said = Said(
            text=f"{same} of {len(self.verdicts)} views end the same.",
            role="ok" if same == len(self.verdicts) else "warn",
        )
        self.answered.emit()

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self.said = Said(text=sentences(what, hint), role="error")

    @Slot()
    def _learn_cancelled(self) -> None:
        self.said = Said(text="Cancelled.")


def verdict_texts(it: Verdict) -> tuple[str, ...]:
    """One view in the list of verdicts."""
    seen = it.seen
    found = (seen.duplicate_count, seen.gap_count, seen.inversion_count, seen.reordering_count)
    counts = (*found, it.lost_count, it.doubled_count)
    verdict = "has stopped" if it.failure else f"{it.differing:,} differ"
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
    counts = [f"{seen.delivered:,} deliveries, {seen.applied:,} applied"]
    if seen.late_count:
        counts.append(f"{seen.late_count:,} published only after a restart, from the outbox")
    counts.append(f"{it.lost_count:,} never applied, {it.doubled_count:,} more than once")
    if it.finding_count > len(it.findings):
        counts.append(f"{SHOWN:,} of {it.finding_count:,} findings are listed")
    difference = "" if it.is_same else f"\nFirst difference: {difference_words(it)}"
    return f"{it.view}: " + " · ".join(counts) + difference


def difference_words(it: Verdict) -> str:
    """What stopped it, and the first cell that ends otherwise; empty when all is the same."""
    parts, first = ([it.failure] if it.failure else []), it.first
    if first and first.column:
        parts.append(f"{first.key}, {first.column}: {first.undisturbed} → {first.disturbed}")
    elif first:
        is_missing = first.disturbed == "no row"
        parts.append(f"{first.key}: the row {'is missing' if is_missing else 'is too many'}")
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
