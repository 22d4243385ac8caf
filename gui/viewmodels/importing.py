"""Importing an event file: what was found in it, how far the import is, and what it did."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.import_words import FORMATS, preview_rows, report_lines
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.reports import FileChoice, FilePreviewed
from gui.work.wishes import ImportFile, PreviewFile
from store.transfer.report import ImportReport

PREVIEWED: Final = 20  # records
CANCELLED: Final = "Cancelled: the store is as it was."


class ImportingViewModel(QObject):
    """`changed()` when a work begins or ends, `looked()` with new records in `rows`,
    `progressed(Progress)`, then one of `imported(store path)`, after which `report` says what
    happened, `failed(sentence, hint)` or `cancelled()`."""

    changed = Signal()
    looked = Signal()
    progressed = Signal(object)
    imported = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.rows: list[tuple[str, ...]] = []
        self.found = ""  # the format, in words
        self.choices: tuple[FileChoice, ...] = ()  # what can be decided about the file
        self.report = ""
        self.has_stored = False  # whether events of the file are in the store
        self._is_named = False
        self._into = ""
        self._next: PreviewFile | None = None  # to be looked at when the look that runs has ended
        self._looking, self._work = LongWork(jobs), LongWork(jobs)
        self._looking.succeeded.connect(self._learn_preview)
        self._looking.failed.connect(self._fail_to_look)
        self._looking.ended.connect(self._look_on)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._learn_report)
        self._work.objected.connect(self._learn_report)  # nothing could be stored
        self._work.failed.connect(self._fail)
        self._work.cancelled.connect(self._learn_cancelled)

    @property
    def is_running(self) -> bool:
        """Whether an import runs; a look does not count."""
        return self._work.is_running

    def look(self, source: str, format_: str, choices: Mapping[str, str]) -> None:
        """Find the format, unless one is named, and read the first records. Of a look that is
        overtaken by a newer one nothing is told."""
        self.found = "looking…"
        self._next = PreviewFile(source=source, format=format_, choices=choices, limit=PREVIEWED)
        self._looking.cancel()
        self._look_on()
        self.changed.emit()

    def run(self, source: str, into: str, format_: str, choices: Mapping[str, str]) -> None:
        """Import, whole or not at all."""
        self.report, self._into = "", into
        self._work.start(ImportFile(source=source, into=into, format=format_, choices=choices))

    @Slot()
    def cancel(self) -> None:
        """Stop the import; it leaves no trace."""
        self._work.cancel()

    @Slot()
    def _look_on(self) -> None:
        if self._next is not None and not self._looking.is_running:
            self._is_named = bool(self._next.format)
            self._looking.start(self._next)
            self._next = None

    @Slot(object)
    def _learn_preview(self, report: FilePreviewed) -> None:
        if self._next is not None:
            return
        title = next((title for name, title in FORMATS if name == report.format), report.format)
        sure = "" if report.confidence is None else f", {report.confidence:.0%} sure"
        self.found = "" if self._is_named else f"found: {title}{sure}"
        self.rows, self.choices = preview_rows(report), report.choices
        self.looked.emit()

    @Slot(object)
    def _learn_report(self, report: ImportReport) -> None:
        self.report = "\n".join(report_lines(report))
        self.has_stored = bool(report.stored or report.duplicates)
        self.imported.emit(self._into)

    @Slot(str, str)
    def _fail_to_look(self, what: str, hint: str) -> None:
        if self._next is None:
            self._fail(what, hint)

    @Slot(str, str)
    def _fail(self, what: str, hint: str) -> None:
        self.found = ""
        self.failed.emit(what, hint)

    @Slot()
    def _learn_cancelled(self) -> None:
        self.report = CANCELLED
        self.cancelled.emit()
