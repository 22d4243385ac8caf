"""Making a branch at an event, perhaps with a first edit of that event."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.branch_edits import Change, make_edit
from gui.viewmodels.branches import BranchesViewModel
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.beside_log import who
from store.place import Place

if TYPE_CHECKING:  # loaded with the first branch
    from store.branches.facts import Later

WHAT_IF: Final = "what-if"  # how a branch is called that a person gives no other name


class BranchMakingViewModel(QObject):
    """Of the line in view. `made(path)` or `failed(error)`. GUI thread."""

    made = Signal(object)
    failed = Signal(Exception)

    def __init__(
        self,
        tasks: Tasks,
        branches: BranchesViewModel,
        line: Place,
        *,
        fork: int,
        edit: Change | None = None,
        what: str = "",
        decides_again: bool = False,
        is_rerun: bool = False,
    ) -> None:
        """`edit`: the first edit; `what` says it in words. `decides_again`: whether the line that
        it leaves decides later commands again. `is_rerun`: all commands behind the fork are."""
        super().__init__()
        self.is_rerun = is_rerun
        self.decides_again = decides_again
        self._tasks, self._branches, self._line = tasks, branches, line
        self.fork, self._edit, self.what = fork, edit, what
        self.is_busy = False

    @property
    def suggested(self) -> str:
        """A name that is free."""
        return self._branches.free_name(WHAT_IF)

    @property
    def words(self) -> str:
        """What will be made."""
        leaves = self._line.branch_name or self._line.log.name
        told = said(
            "The branch forks from {line} after position {fork:,}. The log is not changed.",
            line=leaves,
            fork=self.fork,
        )
        return f"{self.what} {told}" if self.what else told

    @property
    def has_edit(self) -> bool:
        """Whether it begins with an edit of what follows."""
        return self._edit is not None

    def wrong(self, name: str) -> str:
        """Why a branch cannot be called so; empty where it can."""
        return self._branches.wrong(name)

    def make(
        self, name: str, note: str, *, is_alone: bool, decides_again: bool | None = None
    ) -> None:
        """Make it, off the GUI thread. `decides_again`: later commands, after an edit; None: as in
        the line that it leaves."""
        self.is_busy = True
        work = partial(
            _make,
            line=self._line.path,
            name=name,
            fork=self.fork,
            note=note,
            is_alone=is_alone,
            later=self._later(decides_again),
            edit=self._edit,
        )
        self._tasks.latest("new branch", work, done=self._end, failed=self._fail)

    def _later(self, decides_again: bool | None) -> "Later | None":
        if self.is_rerun:
            return "rerun"
        return None if decides_again is None else "decide" if decides_again else "keep"

    def _end(self, path: Path) -> None:
        self.is_busy = False
        self._branches.refresh()
        self.made.emit(path)

    def _fail(self, error: Exception) -> None:
        self.is_busy = False
        self.failed.emit(error)


def _make(
    reads: Reads,
    *,
    line: Path,
    name: str,
    fork: int,
    note: str,
    is_alone: bool,
    later: "Later | None",
    edit: Change | None,
) -> Path:
    """Where the first edit cannot be made there is no branch either."""
    from store.branches.create import create_branch, drop_branch
    from store.branches.opening import facts_of

    path = create_branch(line, name, fork=fork, note=note, by=who(), later=later, is_alone=is_alone)
    if edit is not None:
        try:
            make_edit(reads, path=path, change=edit, revision=facts_of(path)[0].revision)
        except BaseException:
            drop_branch(line, name)
            raise
    return path
