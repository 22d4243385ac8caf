"""Exporting everything, or what the filter lists, into a file."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.import_words import LOSSES, WRITABLE
from gui.words import counted, said
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.reports import Exported
from gui.work.wishes import CountLosses, ExportEvents
from store.place import Place, stem_of
from store.transfer.lost import Lost

NOTHING: Final = said("The format can store everything in these events.")


class ExportingViewModel(QObject):
    """`changed()` when it begins or ends, `progressed(Progress)`, then one of `exported(words)`,
    `failed(sentence, hint)` or `cancelled()`. `losing(words)` says what the chosen format cannot
    hold, and once it is counted what the chosen events lose."""

    changed = Signal()
    progressed = Signal(object)
    exported = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()
    losing = Signal(str)

    def __init__(self, jobs: Jobs, store: Place, filter_: FilterViewModel) -> None:
        super().__init__()
        self._store, self._filter = store, filter_
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._learn)
        self._work.failed.connect(self.failed)
        self._work.cancelled.connect(self.cancelled)
        self._counting = LongWork(jobs)
        self._counting.succeeded.connect(self._say_losses)
        self._counting.ended.connect(self._count_wanted)
        self._wanted: CountLosses | None = None  # to be counted when the one that runs has ended

    @property
    def is_running(self) -> bool:
        """Whether a file is being written."""
        return self._work.is_running

    @property
    def has_choice(self) -> bool:
        """Whether the filter leaves something out: then the export can be narrowed to the rest."""
        return self._filter.is_set

    def file_for(self, format_at: int, *, is_packed: bool) -> str:
        """A name beside the store, with the suffix of the format at this place in the list."""
        suffix = WRITABLE[max(format_at, 0)][2]
        return stem_of(str(self._store.path)) + suffix + (".gz" if is_packed else "")

    def count(self, format_: str, *, is_listed_only: bool) -> None:
        """Say what the format cannot hold, and find out how many events that is a loss for."""
        cannot = LOSSES[format_]
        self._wanted = None
        self._counting.cancel()
        if not cannot:
            self.losing.emit(NOTHING)
            return
        self.losing.emit(said("The format cannot store: {what}. Counting…", what="; ".join(cannot)))
        self._wanted = CountLosses(export=self._wish("counted", format_, is_listed_only))
        if not self._counting.is_running:
            self._count_wanted()

    def run(self, out: str, format_: str, *, is_listed_only: bool) -> None:
        """Write the file; it appears only when it is whole."""
        self._work.start(self._wish(out, format_, is_listed_only))

    def _wish(self, out: str, format_: str, is_listed_only: bool) -> ExportEvents:
        chosen = self._filter if is_listed_only else None
        return ExportEvents(
            store=self._store,
            out=out,
            format=format_,
            stream=chosen.stream if chosen else "",
            types=tuple(chosen.types) if chosen else (),
            where=chosen.whole_where if chosen else "",
        )

    @Slot()
    def cancel(self) -> None:
        """Stop and leave nothing behind."""
        self._wanted = None
        self._counting.cancel()
        self._work.cancel()

    @Slot()
    def _count_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._counting.start(wanted)

    @Slot(object)
    def _say_losses(self, report: Exported) -> None:
        if self._wanted is None:
            self.losing.emit("\n".join(map(_words, report.losses)) or NOTHING)

    @Slot(object)
    def _learn(self, report: Exported) -> None:
        written = said(
            "{events} written, {bytes}.\nSHA-256 {sha256}",
            events=counted("{count:,} event", "{count:,} events", report.events),
            bytes=counted("{count:,} byte", "{count:,} bytes", report.bytes),
            sha256=report.sha256,
        )
        self.exported.emit("\n".join((written, *map(_words, report.losses))))


def _words(lost: Lost) -> str:
    return counted(
        "1 event loses {what}.", "{count:,} events lose {what}.", lost.events, what=lost.what
    )
