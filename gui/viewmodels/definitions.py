"""The page of definitions: every change of what people decided about the log, and the way back."""

from functools import partial
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.definition_changes import Against, Looked, Question, look, restored
from gui.viewmodels.said import Said
from gui.window_words import error_words
from gui.words import counted, said
from gui.work.tasks import Tasks
from store.errors import StoreError

Which: TypeAlias = Literal["after", "before"]  # the change
EDITED: str = said(
    "Change {number} differs from what was written: the journal was edited outside of the program."
)


class DefinitionsViewModel(QObject):
    """`changed()` when `found`, `words` or `said` differ. Reads while the page is in sight, on a
    reader thread. `failed(error)`. GUI thread."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.found = Looked()
        self.said = Said()
        self.is_restoring = False
        self._tasks = tasks
        self._kind = ""  # only these changes are listed; empty: all
        self._number: int | None = None  # the change that a person chose; None: the newest
        self._against: Against = "before"
        self._is_wanted = False

    @property
    def words(self) -> str:
        """How many changes there are, and whether they are as they were written."""
        found = self.found
        told = counted("{count:,} change", "{count:,} changes", found.count)
        if len(found.rows) < found.count:
            told += said(", the newest {count:,} are listed", count=len(found.rows))
        return told

    @property
    def warning(self) -> str:
        """What is wrong with the journal; empty when nothing is."""
        return EDITED.format(number=f"{self.found.broken:,}") if self.found.broken else ""

    @property
    def compared_words(self) -> str:
        """What the chosen change did, or what became of it since; empty while none is chosen."""
        shown = self.found.shown
        if shown is None:
            return ""
        count = counted("{count:,} difference", "{count:,} differences", shown.count)
        one, other = shown.headings
        told = said(
            "{kind}, {one} and {other}: {count}", kind=shown.kind, one=one, other=other, count=count
        )
        if len(shown.differences) < shown.count:
            told += said(", the first {count:,} are listed", count=len(shown.differences))
        return "\n".join((told, *shown.files))

    @property
    def against(self) -> Against:
        """What the chosen change is compared with."""
        return self._against

    def want(self, is_wanted: bool) -> None:
        """Whether the page is in sight."""
        self._is_wanted = is_wanted
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Somebody has changed a definition: look again."""
        if self._is_wanted:
            question = Question(kind=self._kind, number=self._number, against=self._against)
            work = partial(look, question=question)
            self._tasks.latest("definitions", work, done=self._learn, failed=self._tell)

    def choose_kind(self, kind: str) -> None:
        """List the changes of one kind; empty: of all."""
        if kind != self._kind:
            self._kind, self._number = kind, None
            self.refresh()

    def choose(self, row: int) -> None:
        """Show the change of a row, and compare it."""
        if 0 <= row < len(self.found.rows):
            number = self.found.rows[row].number
            if number != self._number:
                self._number = number
                self._forget_other_kinds(self.found.rows[row].kind)
                self.refresh()

    def compare_with(self, against: Against) -> None:
        """Compare the chosen change with the state before it, with now or with another one."""
        if against != self._against:
            self._against = against
            self.refresh()

    def restore(self, which: Which, *, name: str | None, why: str) -> None:
        """Make what was so after, or before, the chosen change count again: the whole kind, or one
        definition of it. Without a reason it asks for one."""
        shown = self.found.shown
        if shown is None or self.is_restoring:
            return
        if not why.strip():
            self._say(said("Enter the reason first. It is stored with the change."), "warn")
            return
        self.is_restoring = True
        work = partial(
            restored,
            number=shown.number,
            is_before=which == "before",
            name=name,
            why=why.strip(),
        )
        self._tasks.latest("restore definitions", work, done=self._finish, failed=self._tell)
        self.changed.emit()

    def _forget_other_kinds(self, kind: str) -> None:
        """Only definitions of one kind can be compared."""
        shown = self.found.shown
        if isinstance(self._against, int) and shown is not None and shown.kind != kind:
            self._against = "before"

    def _learn(self, found: Looked) -> None:
        self.found = found
        self._against = found.shown.against if found.shown is not None else "before"
        self.changed.emit()

    def _finish(self, names: tuple[str, ...]) -> None:
        self.is_restoring = False
        if names:
            count = counted("{count:,} definition", "{count:,} definitions", len(names))
            self._number = None  # the newest change is this one
            self._say(said("Restored: {count} changed.", count=count), "ok")
        else:
            self._say(said("Nothing was changed: the definitions are the same now."), "dim")
        self.refresh()

    def _tell(self, error: Exception) -> None:
        self.is_restoring = False
        if isinstance(error, StoreError):
            self._say(error_words(error), "error")
        else:
            self.changed.emit()
            self.failed.emit(error)

    def _say(self, text: str, role: str) -> None:
        self.said = Said(text=text, role=role)
        self.changed.emit()
