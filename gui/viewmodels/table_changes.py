"""Changes of a table: what its states say has happened, and what an import of it did."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field, structs
from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.bringing_in import BringingIn, new_store_beside
from gui.viewmodels.import_words import NO_EVENT, report_lines
from gui.words import counted, said
from gui.work.import_wishes import InferChanges, LookAtChanges
from gui.work.jobs import Jobs
from gui.work.reports import ChangesInferred, ChangesSeen, FileChoice, SeenChange
from gui.work.source_text import sources_in
from store.transfer.report import ImportReport

PREVIEWED: Final = 50  # changes
USUAL_KEY: Final = "id"
TITLES: Final = (
    said("line"),
    said("stream"),
    said("type"),
    said("what changed"),
    said("the row"),
)


class ChangesDraft(Struct, frozen=True, kw_only=True):
    """Everything that is typed and chosen."""

    before: str
    after: str  # one file, or several in the order of time
    key: tuple[str, ...] = ()
    table: str = ""
    has_first: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    into: str

    @property
    def states(self) -> tuple[str, ...]:
        """The files, the earliest first."""
        return tuple(it for text in (self.before, self.after) if text for it in sources_in(text))


class TableChangesViewModel(QObject):
    """`changed()` when a work begins or ends, `looked()` with new changes in `rows`,
    `progressed(Progress)`, then one of `imported(store path)`, after which `report` says what
    happened, `failed(sentence, hint)` or `cancelled()`."""

    changed = Signal()
    looked = Signal()
    progressed = Signal(object)
    imported = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, *, open_store: str = "") -> None:
        super().__init__()
        self.columns: tuple[str, ...] = ()
        self.choices: tuple[FileChoice, ...] = ()
        self.counts = ""  # of the changes, in words
        self.rows: list[tuple[str, ...]] = []
        self._count = 0
        self.bringing = bringing = BringingIn(jobs, open_store=open_store)
        bringing.changed.connect(self.changed)
        bringing.seen.connect(self._learn)
        bringing.unseen.connect(self._fail_to_look)
        bringing.progressed.connect(self.progressed)
        bringing.reported.connect(self._learn_report)
        bringing.failed.connect(self.failed)
        bringing.cancelled.connect(self.cancelled)

    @property
    def is_running(self) -> bool:
        """Whether an import runs; a look does not count."""
        return self.bringing.is_running

    def is_seen(self, draft: ChangesDraft) -> bool:
        """Whether there are changes, and those that are shown are what the draft would bring in."""
        bringing = self.bringing
        return draft == bringing.shown and bool(self._count) and not bringing.is_running

    def waits_for(self, draft: ChangesDraft) -> str:
        """Why nothing can be imported by now; empty where nothing has to be said."""
        if self.bringing.is_running:
            return ""
        if missing := _missing(draft):
            return missing
        if draft != self.bringing.shown:
            return said("reading…") if self.bringing.is_looking else ""
        if not draft.key:
            return said("Choose the columns that tell rows apart.")
        return "" if self._count else said("Nothing changed between the states.")

    def new_store_for(self, draft: ChangesDraft) -> str:
        """A name for a new store beside the last state."""
        return new_store_beside(draft.states[-1])

    def look(self, draft: ChangesDraft) -> None:
        """Find the columns and, where a key is chosen, the changes. Of a look that is overtaken by
        a newer one nothing is told."""
        if _missing(draft) or not self.bringing.is_new(draft):
            return
        self.bringing.look(
            draft,
            LookAtChanges(
                states=draft.states,
                key=draft.key,
                table=draft.table,
                has_first=draft.has_first,
                choices=draft.choices,
                into=draft.into,
                limit=PREVIEWED,
            ),
        )

    def usual_key(self) -> tuple[str, ...]:
        """The column that mostly tells rows apart, where there is one of that name."""
        return tuple(it for it in self.columns if it.lower() == USUAL_KEY)[:1]

    def run(self, draft: ChangesDraft) -> None:
        """Store the changes, each step from a state to the next whole or not at all."""
        self.bringing.run(
            InferChanges(
                states=draft.states,
                key=draft.key,
                table=draft.table,
                has_first=draft.has_first,
                choices=draft.choices,
                into=draft.into,
            ),
            into=draft.into,
        )

    @Slot()
    def cancel(self) -> None:
        """Stop what runs."""
        self.bringing.cancel()

    @Slot(object, object)
    def _learn(self, draft: ChangesDraft, report: ChangesSeen) -> None:
        chosen = {it.name: it.chosen for it in report.choices}
        self.bringing.show(structs.replace(draft, choices=chosen), report.target)
        self.columns, self.choices = report.columns, report.choices
        self.rows = [_row(it) for it in report.records]
        self._count = report.added + report.changed + report.removed
        self.counts = _counts(report) if draft.key else ""
        self.looked.emit()

    @Slot(str, str)
    def _fail_to_look(self, what: str, hint: str) -> None:
        self.rows, self.counts = [], ""
        self.failed.emit(what, hint)

    @Slot(object)
    def _learn_report(self, report: ChangesInferred) -> None:
        text = "\n".join(line for it in report.states for line in _step_lines(it))
        has_stored = any(it.stored or it.duplicates for it in report.states)
        self.bringing.tell(text, has_stored=has_stored)
        self.imported.emit(self.bringing.into)


def _missing(draft: ChangesDraft) -> str:
    if not draft.before:
        return said("Choose the state before.")
    if not draft.after and not draft.has_first:
        return said("Choose the state after.")
    return ""


def _counts(report: ChangesSeen) -> str:
    parts = [
        counted("1 row added", "{count:,} rows added", report.added),
        said("{count:,} changed", count=report.changed),
        said("{count:,} removed", count=report.removed),
    ]
    if report.rejected:
        parts.append(counted("1 cannot be used", "{count:,} cannot be used", report.rejected))
    shown = len(report.records)
    total = report.added + report.changed + report.removed + report.rejected
    more = [said("the first {count:,} are shown", count=shown)] if shown < total else []
    return "; ".join([", ".join(parts), *more])


def _row(it: SeenChange) -> tuple[str, ...]:
    if it.reason:
        return (str(it.line), f"{NO_EVENT} {it.reason}", *[""] * (len(TITLES) - 2))
    return (str(it.line or ""), it.stream, it.type, it.change, it.data)


def _step_lines(report: ImportReport) -> Sequence[str]:
    """What one step brought in, behind the name of its later state."""
    return [f"{report.file}:", *report_lines(report)]
