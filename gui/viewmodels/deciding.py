"""Later commands of the branch in view, decided again after an edit. A process of its own does
it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.line import LineViewModel
from gui.viewmodels.model_file import ModelFileViewModel
from gui.words import counted, said
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.beside_log import who
from store.place import Place

if TYPE_CHECKING:  # loaded with the first edit
    from gui.work.branch_reports import BranchDecided
    from store.branches.facts import Later

AGAIN: Final = said("From now on, commands after an edit are decided again.")
KEPT: Final = said("From now on, events after an edit stay as recorded.")
STAYS: Final = said("The edit is kept. Later events are as recorded.")


class DecidingViewModel(QObject):
    """It begins by itself after an edit, where the branch says so, and when a branch is opened that
    was not decided yet. `changed()` when it begins or ends, `told(sentence)` of what came of it,
    `warned(sentence, hint)` of what stopped it, until `withdrawn(sentence)`; `failed(error)`. GUI
    thread; close it."""

    changed = Signal()
    told = Signal(str)
    warned = Signal(str, str)
    withdrawn = Signal(str)
    failed = Signal(Exception)

    def __init__(
        self,
        jobs: Jobs,
        tasks: Tasks,
        line: LineViewModel,
        place: Place,
        model_file: ModelFileViewModel,
    ) -> None:
        super().__init__()
        self._tasks, self._line, self._place = tasks, line, place
        self._model_file = model_file
        self._is_due = True
        self._warning = ""
        self._known: bool | None = None  # of a branch, once it was read: whether it decides again
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.succeeded.connect(self._tell)
        self._work.failed.connect(self._warn)
        self._work.ended.connect(self._look)
        line.changed.connect(self._tell_choice)
        line.changed.connect(self._look)

    @property
    def is_running(self) -> bool:
        """Whether commands are decided again just now."""
        return self._work.is_running

    @Slot()
    def edited(self) -> None:
        """The window has edited the branch: what runs is of another history."""
        self._is_due = True
        self._work.cancel()

    def choose(self, *, again: bool) -> None:
        """Whether commands after an edit are decided again, or their events kept."""
        later: Later = "decide" if again else "keep"
        self._work.cancel()
        self._tasks.latest(
            "branch later",
            partial(_choose, path=self._place.path, later=later),
            done=self._learn_choice,
            failed=self.failed.emit,
        )

    @Slot()
    def start(self) -> None:
        """Decide all of them again, by the models as they are now."""
        if not self._line.decides_again or self.is_running:
            return
        from gui.work.branch_wishes import DecideBranch  # late: most logs have no branches

        self._is_due = False
        own = str(self._model_file.path or "")
        self._work.start(DecideBranch(store=self._place, name=self._place.branch_name, model=own))

    @Slot()
    def cancel(self) -> None:
        """Decide no further; the branch stays as it is."""
        self._work.cancel()

    def close(self) -> None:
        """Stop what runs."""
        self._is_due = False
        self._work.close()

    @Slot()
    def _look(self) -> None:
        branch = self._line.branch
        if self._is_due and not self.is_running and branch is not None and branch.is_undecided:
            self.start()

    def _learn_choice(self, later: "Later") -> None:
        self._is_due = later != "keep"
        self._withdraw()
        self._line.refresh()

    @Slot()
    def _tell_choice(self) -> None:
        """Whoever made it, or took it back."""
        if self._line.branch is None:
            return
        before, self._known = self._known, self._line.decides_again
        if before is not None and before != self._known:
            self.told.emit(AGAIN if self._known else KEPT)

    @Slot(object)
    def _tell(self, report: "BranchDecided") -> None:
        self._withdraw()
        self._line.refresh()
        if (decided := report.decided) is None:
            return
        other = sum(it.came != "kept" for it in decided.commands)
        count = counted("{count:,} command", "{count:,} commands", decided.looked_at)
        self.told.emit(
            said("{count} decided again, {other:,} with another result.", count=count, other=other)
        )

    @Slot(str, str)
    def _warn(self, what: str, hint: str) -> None:
        if self._is_due:
            return  # edited meanwhile: it begins anew
        self._withdraw()
        self._warning = said("Commands were not decided again: {what}", what=what)
        self.warned.emit(self._warning, f"{hint} {STAYS}".strip())

    def _withdraw(self) -> None:
        warning, self._warning = self._warning, ""
        if warning:
            self.withdrawn.emit(warning)


def _choose(_reads: Reads, *, path: Path, later: "Later") -> "Later":
    from store.branches.editing import BranchEditor

    BranchEditor(path, by=who()).decide_later(later)
    return later
