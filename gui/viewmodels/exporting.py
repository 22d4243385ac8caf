"""Exporting everything, or what the filter lists, into a file."""

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.import_words import WRITABLE
from gui.words import said
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.reports import Exported
from gui.work.wishes import ExportEvents
from store.place import Place


class ExportingViewModel(QObject):
    """`changed()` when it begins or ends, `progressed(Progress)`, then one of `exported(words)`,
    `failed(sentence, hint)` or `cancelled()`."""

    changed = Signal()
    progressed = Signal(object)
    exported = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, store: Place, filter_: FilterViewModel) -> None:
        super().__init__()
        self._store, self._filter = store, filter_
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._learn)
        self._work.failed.connect(self.failed)
        self._work.cancelled.connect(self.cancelled)

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
        return str(self._store.path.with_suffix("")) + suffix + (".gz" if is_packed else "")

    def run(self, out: str, format_: str, *, is_listed_only: bool) -> None:
        """Write the file; it appears only when it is whole."""
        chosen = self._filter if is_listed_only else None
        self._work.start(
            ExportEvents(
                store=self._store,
                out=out,
                format=format_,
                stream=chosen.stream if chosen else "",
                types=tuple(chosen.types) if chosen else (),
                where=chosen.whole_where if chosen else "",
            )
        )

    @Slot()
    def cancel(self) -> None:
        """Stop and leave nothing behind."""
        self._work.cancel()

    @Slot(object)
    def _learn(self, report: Exported) -> None:
        self.exported.emit(
            said(
                "{events:,} events written, {bytes:,} bytes.\nSHA-256 {sha256}",
                events=report.events,
                bytes=report.bytes,
                sha256=report.sha256,
            )
        )
