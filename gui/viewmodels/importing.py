"""Importing an event file: what was found in it, how far the import is, and what it did."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.bringing_in import BringingIn, new_store_beside
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
from gui.viewmodels.import_words import (
    FORMATS,
    choices_after,
    preview_rows,
    problem_words,
    report_lines,
)
from gui.words import said
from gui.work.import_wishes import ImportFile, PreviewFile
from gui.work.jobs import Jobs
from gui.work.reports import FileChoice, FilePreviewed
from gui.work.source_text import sources_in
from store.errors import StoreError
from store.shaping.rules_file import read_rules, write_rules
from store.transfer.report import ImportReport

PREVIEWED: Final = 50  # records
NoteTone: TypeAlias = Literal["dim", "warn", "error"]


class ImportingViewModel(QObject):
    """`changed()` when a work begins or ends, `looked()` with new records in `rows`,
    `progressed(Progress)`, then one of `imported(store path)`, after which `report` says what
    happened, `rehearsed()` after a dry run, `failed(sentence, hint)` or `cancelled()`."""

    changed = Signal()
    looked = Signal()
    progressed = Signal(object)
    imported = Signal(str)
    rehearsed = Signal()
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, *, open_store: str = "") -> None:
        super().__init__()
        self.rows: list[tuple[str, ...]] = []
        self.found = ""  # the format, in words
        self.choices: tuple[FileChoice, ...] = ()  # what can be decided about the file
        self.fields: tuple[str, ...] = ()  # that its events have
        self.types: tuple[str, ...] = ()  # of the events that are shown
        self.problems: Mapping[str, str] = {}  # by the rule that they are of
        self.doubts: Mapping[str, str] = {}
        self._is_rehearsal = False
        self.bringing = bringing = BringingIn(jobs, open_store=open_store)
        bringing.changed.connect(self.changed)
        bringing.seen.connect(self._learn_preview)
        bringing.unseen.connect(self._fail_to_look)
        bringing.progressed.connect(self.progressed)
        bringing.reported.connect(self._learn_report)
        bringing.failed.connect(self._fail)
        bringing.cancelled.connect(self.cancelled)

    @property
    def is_running(self) -> bool:
        """Whether an import runs; a look does not count."""
        return self.bringing.is_running

    def is_seen(self, draft: ImportDraft) -> bool:
        """Whether what is shown is what the draft would bring in, and nothing is wrong with it."""
        bringing = self.bringing
        return draft == bringing.shown and not self.problems and not bringing.is_running

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
        bringing = self.bringing
        if bringing.is_running or not draft.source:
            return "" if bringing.is_running else said("Choose a file.")
        if draft != bringing.shown:
            return said("reading…") if bringing.has_looked or bringing.is_looking else ""
        return problem_words(*next(iter(self.problems.items())))

    def new_store_for(self, source: str) -> str:
        """A name for a new store beside a file."""
        return new_store_beside(sources_in(source)[0])

    def look(self, draft: ImportDraft) -> None:
        """Find the format, unless one is named, and read the first records by the rules. Of a look
        that is overtaken by a newer one nothing is told."""
        if not self.bringing.is_new(draft):
            return
        if self._is_rehearsal:
            self.bringing.report = ""  # it was of what was stated then
        self.found = said("reading…")
        self.bringing.look(
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
        self._is_rehearsal = is_rehearsal
        self.bringing.run(
            ImportFile(
                source=draft.source,
                into=draft.into,
                format=draft.format,
                choices=draft.choices,
                rules=draft.rules,
                is_dry_run=is_rehearsal,
                title=said("Dry run") if is_rehearsal else said("Import"),
            ),
            into=draft.into,
        )

    @Slot()
    def cancel(self) -> None:
        """Stop what runs; it leaves no trace."""
        self.bringing.cancel()

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
        shown = structs.replace(draft, choices=chosen)
        self.bringing.show(shown, report.target)
        self.found = _found(report, is_named=bool(draft.format))
        self.rows, self.choices = preview_rows(report), report.choices
        self.fields = report.fields
        self.types = tuple(dict.fromkeys(it.type for it in report.records if it.type))
        self.doubts = {it.rule: it.what for it in report.doubts}
        twice = {it.rule: said("it has two rules") for it in shown.repeated()}
        self.problems = {**twice, **{it.rule: it.what for it in report.problems}}
        self.looked.emit()

    @Slot(object)
    def _learn_report(self, report: ImportReport) -> None:
        text = "\n".join(report_lines(report))
        if self._is_rehearsal:
            self.bringing.report = text
            self.rehearsed.emit()
            return
        self.bringing.tell(text, has_stored=bool(report.stored or report.duplicates))
        self.imported.emit(self.bringing.into)

    @Slot(str, str)
    def _fail_to_look(self, what: str, hint: str) -> None:
        self.rows = []
        self.choices = choices_after(hint)
        self._fail(what, hint)

    @Slot(str, str)
    def _fail(self, what: str, hint: str) -> None:
        self.found = ""
        self.failed.emit(what, hint)


def _found(report: FilePreviewed, *, is_named: bool) -> str:
    title = next((title for name, title in FORMATS if name == report.format), report.format)
    if is_named:
        return ""
    sure = (
        said(", {confidence:.0%} sure", confidence=report.confidence) if report.confidence else ""
    )
    return said("found: {title}{sure}", title=title, sure=sure)
