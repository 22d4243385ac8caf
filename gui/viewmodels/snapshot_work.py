"""Long work with the snapshots of the open store: made, checked, advised on, carried, deleted."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.viewmodels.snapshots import SnapshotsViewModel
from gui.words import counted, said
from gui.work import reports
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.snapshot_wishes import (
    AdviseOnSnapshots,
    CheckSnapshots,
    DeleteSnapshots,
    ExportSnapshots,
    ImportSnapshots,
    MakeSnapshots,
    SavedState,
    SetPolicy,
)
from gui.work.wishes import Wish
from store.place import Place

LOOK_MS: Final = 500  # between two looks at the list after a policy was set
LOOKS: Final = 10  # the idle projector makes the first snapshots meanwhile, and nothing tells it


class SnapshotWorkViewModel(QObject):
    """`changed()` when a work begins or ends, `progressed(Progress)`, then `reported(words)` or
    `failed(sentence, hint)`. `advice` and `policy` are those of the last report that told them."""

    changed = Signal()
    progressed = Signal(object)
    reported = Signal(str)
    advised = Signal()
    failed = Signal(str, str)

    def __init__(self, jobs: Jobs, store: Place, snapshots: SnapshotsViewModel) -> None:
        super().__init__()
        self.advice: reports.SnapshotAdvice | None = None
        self._store, self._snapshots = store, snapshots
        self._looks_left = 0
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._learn)
        self._work.objected.connect(self._learn_objection)
        self._work.failed.connect(self.failed)
        self._work.ended.connect(snapshots.refresh)

    @property
    def is_running(self) -> bool:
        """Whether a work has begun and not ended."""
        return self._work.is_running

    @property
    def suggested_file(self) -> str:
        """For an export: beside the store, named after it."""
        return str(self._store.path.with_name(f"{self._store.path.stem}-snapshots.jsonl"))

    def make_of(self, streams: Sequence[str]) -> None:
        """Of these streams."""
        self._start(MakeSnapshots(store=self._store, streams=tuple(streams), own=self._own()))

    def make_above(self, events: int) -> None:
        """Of every stream that is longer."""
        self._start(MakeSnapshots(store=self._store, above=events, own=self._own()))

    @Slot()
    def make_all(self) -> None:
        """Of every stream."""
        self._start(MakeSnapshots(store=self._store, is_all=True, own=self._own()))

    @Slot(str, int)
    def set_policy(self, model: str, every: int) -> None:
        """How many versions lie between two that are made by themselves; 0: none are made."""
        self._start(SetPolicy(store=self._store, model=model, every=every, own=self._own()))

    def export_to(self, file: Path) -> None:
        """Write them all into a file that is not there yet."""
        self._start(ExportSnapshots(store=self._store, file=file))

    def import_from(self, file: Path) -> None:
        """Take what fits this log."""
        self._start(ImportSnapshots(store=self._store, file=file, own=self._own()))

    @Slot()
    def check(self) -> None:
        """Against a full fold."""
        self._start(CheckSnapshots(store=self._store, own=self._own()))

    @Slot()
    def advise(self) -> None:
        """Measure what folding costs here."""
        self._start(AdviseOnSnapshots(store=self._store, own=self._own()))

    def delete(self, rows: Iterable[int]) -> None:
        """Those in these rows of the list; nothing when there are none."""
        infos = self._snapshots.found.infos
        listed = [infos[row] for row in rows if row < len(infos)]
        chosen = tuple(
            SavedState(model=it.model, position=it.position, stream=it.stream) for it in listed
        )
        if chosen:
            self._start(DeleteSnapshots(store=self._store, chosen=chosen))

    @Slot()
    def delete_all(self) -> None:
        """Every one."""
        self._start(DeleteSnapshots(store=self._store))

    @Slot()
    def cancel(self) -> None:
        """Stop what runs; snapshots that are made stay."""
        self._looking.stop()
        self._work.cancel()

    @Slot()
    def _look(self) -> None:
        self._looks_left -= 1
        if self._looks_left <= 0:
            self._looking.stop()
        self._snapshots.refresh()

    def _own(self) -> Path | None:
        return self._snapshots.own_file

    def _start(self, wish: Wish) -> None:
        self._work.start(wish)

    @Slot(object)
    def _learn(self, report: Any) -> None:
        if isinstance(report, reports.SnapshotAdvice):
            self.advice = report
            self.advised.emit()
        if isinstance(report, reports.PolicySet):
            self._looks_left = LOOKS
            self._looking.start()
        self.reported.emit(report_words(report))

    @Slot(object)
    def _learn_objection(
        self, report: reports.SnapshotsImported | reports.SnapshotsChecked
    ) -> None:
        if isinstance(report, reports.SnapshotsImported):
            self.failed.emit(
                counted(
                    "{count:,} snapshot in the file cannot be used here. Added: {imported:,}. "
                    "{refused}",
                    "{count:,} snapshots in the file cannot be used here. Added: {imported:,}. "
                    "{refused}",
                    len(report.refused),
                    imported=report.imported,
                    refused=report.refused[0],
                ),
                said("Export them again from the same log."),
            )
            return
        first = report.bad[0]
        self.failed.emit(
            said(
                "{count:,} of {checked:,} snapshots are wrong. The first is of {stream}: "
                "{difference}",
                count=len(report.bad),
                checked=report.checked,
                stream=first.info.stream,
                difference=first.difference,
            ),
            said("Delete them. They are created again from the events."),
        )


def report_words(report: Any) -> str:
    """What came of a work, in a sentence or two."""
    match report:
        case reports.SnapshotsMade(streams=streams, made=made):
            return said(
                "{made} created for {streams}.",
                made=counted("{count:,} snapshot", "{count:,} snapshots", made),
                streams=counted("{count:,} stream", "{count:,} streams", streams),
            )
        case reports.SnapshotsDeleted(deleted=deleted):
            return said(
                "{deleted} deleted.",
                deleted=counted("{count:,} snapshot", "{count:,} snapshots", deleted),
            )
        case reports.SnapshotsChecked() as it:
            return said(
                "{checked} checked against a full fold. All match. Measured: "
                "{load_ms:,.1f} ms to read them, {fold_ms:,.1f} ms to fold.",
                checked=counted("{count:,} snapshot", "{count:,} snapshots", it.checked),
                load_ms=it.load_ms,
                fold_ms=it.fold_ms,
            )
        case reports.SnapshotsExported(exported=exported, file=file):
            return said(
                "{exported} written to {file}.",
                exported=counted("{count:,} snapshot", "{count:,} snapshots", exported),
                file=file,
            )
        case reports.SnapshotsImported(imported=imported, there=there):
            return said(
                "{imported} added, {there:,} already existed.",
                imported=counted("{count:,} snapshot", "{count:,} snapshots", imported),
                there=there,
            )
        case reports.SnapshotAdvice() as it:
            return _advice(it)
    return said("Saved. The projector creates them while it is idle.")


def _advice(report: reports.SnapshotAdvice) -> str:
    words = said(
        "Folding takes {us_per_event:.1f} µs per event here. ", us_per_event=report.us_per_event
    )
    if not report.is_whole:
        words += said(
            "Measured up to {curve:,} events only, to save time. ", curve=report.curve[-1][0]
        )
    if report.every is None:
        return words + said("No stream is long enough to benefit from snapshots.")
    return words + said(
        "A snapshot every {every:,} events keeps each load at about 10 ms.", every=report.every
    )
