"""Importing an event file: what was found in it, how far the import is, and what it did."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.import_draft import (
    ENCODING,
    ENCODINGS,
    ORDER,
    ORDER_CHOICES,
    ROLE_TITLES,
    ROW_TITLES,
    ImportDraft,
    with_rules,
)
from gui.viewmodels.import_words import FORMATS, preview_rows, problem_words, report_lines
from gui.words import said
from gui.work.import_wishes import ImportFile, PreviewFile
from gui.work.jobs import Jobs
from gui.work.latest_look import LatestLook
from gui.work.long_work import LongWork
from gui.work.reports import FileChoice, FilePreviewed, ImportTarget
from gui.work.source_text import sources_in
from store.errors import StoreError
from store.shaping.rules_file import read_rules, write_rules
from store.transfer.new_name import free_store_beside
from store.transfer.report import ImportReport

PREVIEWED: Final = 50  # records
NoteTone: TypeAlias = Literal["dim", "warn", "error"]
CANCELLED: Final = said("Cancelled. The store was not changed.")


class ImportingViewModel(QObject):
    """`changed()` when a work begins or ends, `looked()` with new records in `rows`,
    `progressed(Progress)`, then one of `imported(store path)`, after which `report` says what
    happened, `rehearsed()` after a dry run, `failed(sentence, hint)` or `cancelled()`.

    `open_store` is the text of the place of the store that is open; empty: none is."""

    changed = Signal()
    looked = Signal()
    progressed = Signal(object)
    imported = Signal(str)
    rehearsed = Signal()
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, *, open_store: str = "") -> None:
        super().__init__()
        self.open_store = open_store
        self.rows: list[tuple[str, ...]] = []
        self.found = ""  # the format, in words
        self.choices: tuple[FileChoice, ...] = ()  # what can be decided about the file
        self.fields: tuple[str, ...] = ()  # that its events have
        self.types: tuple[str, ...] = ()  # of the events that are shown
        self.problems: Mapping[str, str] = {}  # by the rule that they are of
        self.doubts: Mapping[str, str] = {}
        self.target: ImportTarget | None = None
        self.report = ""
        self.has_stored = False  # whether events of the file are in the store
        self._seen: ImportDraft | None = None  # what the preview is of
        self._into = ""
        self._is_rehearsal = False
        self._looking, self._work = LatestLook(jobs), LongWork(jobs)
        self._looking.changed.connect(self.changed)
        self._looking.seen.connect(self._learn_preview)
        self._looking.failed.connect(self._fail_to_look)
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

    @property
    def has_looked(self) -> bool:
        """Whether what is shown is of a file that could be read."""
        return self._seen is not None

    def is_seen(self, draft: ImportDraft) -> bool:
        """Whether what is shown is what the draft would bring in, and nothing is wrong with it."""
        return draft == self._seen and not self.problems and not self.is_running

    def field_offers(self) -> dict[str, tuple[str, ...]]:
        """What each field can be filled from."""
        roles = dict.fromkeys(ROLE_TITLES, self.fields)
        return {**roles, ORDER: (*ORDER_CHOICES, *self.fields), ENCODING: ENCODINGS}

    def row_offers(self) -> dict[str, tuple[str, ...]]:
        """What the rows of each kind can speak of."""
        return {**dict.fromkeys(ROW_TITLES, self.fields), "type": self.types, "reject": ()}

    def notes(self) -> dict[str, tuple[NoteTone, str]]:
        """What is wrong or doubtful, by the rule that it is of."""
        doubts: dict[str, tuple[NoteTone, str]] = {
            rule: ("warn", what) for rule, what in self.doubts.items()
        }
        return {**doubts, **{rule: ("error", what) for rule, what in self.problems.items()}}

    def field_notes(self) -> dict[str, tuple[NoteTone, str]]:
        """The same by the field."""
        notes = {rule.removeprefix("map."): it for rule, it in self.notes().items()}
        return {name: it for name, it in notes.items() if name in self.field_offers()}

    def waits_for(self, draft: ImportDraft) -> str:
        """Why nothing can be imported by now; empty where nothing has to be said."""
        if self.is_running or not draft.source:
            return "" if self.is_running else said("Choose a file.")
        if draft != self._seen:
            return "" if self._seen is None and self._looking.asked is None else said("reading…")
        return problem_words(*next(iter(self.problems.items())))

    @property
    def mixes(self) -> bool:
        """Whether the store of the preview has events already."""
        return self.target is not None and self.target.events > 0

    def new_store_for(self, source: str) -> str:
        """A name for a new store beside a file."""
        return str(free_store_beside(Path(sources_in(source)[0])))

    def look(self, draft: ImportDraft) -> None:
        """Find the format, unless one is named, and read the first records by the rules. Of a look
        that is overtaken by a newer one nothing is told."""
        if draft == self._seen and self._looking.asked is None:
            return
        if self._is_rehearsal:
            self.report = ""  # it was of what was stated then
        self.found = said("reading…")
        self._looking.look(
            draft,
            PreviewFile(
                source=draft.source,
                into=draft.into,
                format=draft.format,
                choices=draft.choices,
                rules=draft.rules,
                limit=PREVIEWED,
            ),
        )

    def run(self, draft: ImportDraft, *, is_rehearsal: bool = False) -> None:
        """Import, whole or not at all; a rehearsal tells what would happen and keeps nothing."""
        self.report, self._into, self._is_rehearsal = "", draft.into, is_rehearsal
        self._work.start(
            ImportFile(
                source=draft.source,
                into=draft.into,
                format=draft.format,
                choices=draft.choices,
                rules=draft.rules,
                is_dry_run=is_rehearsal,
                title=said("Dry run") if is_rehearsal else said("Import"),
            )
        )

    @Slot()
    def cancel(self) -> None:
        """Stop the import; it leaves no trace."""
        self._work.cancel()

    def save_rules(self, draft: ImportDraft, path: str) -> None:
        """Write them as a file that can be used again; what went wrong is told."""
        try:
            write_rules(draft.to_save, Path(path), overwrite=True)
        except (StoreError, OSError) as error:
            self.failed.emit(
                said("The rules could not be saved: {error}", error=error),
                said("Choose another folder."),
            )

    def load_rules(self, path: str, draft: ImportDraft) -> ImportDraft | None:
        """The draft with the rules of a file in the place of its own; what went wrong is told."""
        try:
            return with_rules(draft, read_rules(Path(path)))
        except (StoreError, OSError) as error:
            self.failed.emit(
                said("The rules could not be read: {error}", error=error),
                said("Choose a rules file."),
            )
            return None

    @Slot(object, object)
    def _learn_preview(self, draft: ImportDraft, report: FilePreviewed) -> None:
        chosen = {it.name: it.chosen for it in report.choices}
        self._seen = structs.replace(draft, choices=chosen)
        self.found = _found(report, is_named=bool(self._seen.format))
        self.rows, self.choices = preview_rows(report), report.choices
        self.fields, self.target = report.fields, report.target
        self.types = tuple(dict.fromkeys(it.type for it in report.records if it.type))
        self.doubts = {it.rule: it.what for it in report.doubts}
        twice = {it.rule: said("it has two rules") for it in self._seen.repeated()}
        self.problems = {**twice, **{it.rule: it.what for it in report.problems}}
        self.looked.emit()

    @Slot(object)
    def _learn_report(self, report: ImportReport) -> None:
        self.report = "\n".join(report_lines(report))
        if self._is_rehearsal:
            self.rehearsed.emit()
            return
        self.has_stored = bool(report.stored or report.duplicates)
        self._seen = None  # the store is another one now: what would happen has to be seen anew
        self.imported.emit(self._into)

    @Slot(str, str)
    def _fail_to_look(self, what: str, hint: str) -> None:
        self._seen, self.rows, self.target = None, [], None
        self._fail(what, hint)

    @Slot(str, str)
    def _fail(self, what: str, hint: str) -> None:
        self.found = ""
        self.failed.emit(what, hint)

    @Slot()
    def _learn_cancelled(self) -> None:
        self.report = CANCELLED
        self.cancelled.emit()


def _found(report: FilePreviewed, *, is_named: bool) -> str:
    title = next((title for name, title in FORMATS if name == report.format), report.format)
    if is_named:
        return ""
    sure = (
        said(", {confidence:.0%} sure", confidence=report.confidence) if report.confidence else ""
    )
    return said("found: {title}{sure}", title=title, sure=sure)
