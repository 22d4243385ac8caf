"""Edits of the branch in view, one after another, off the GUI thread."""

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.line import LineViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.beside_log import who
from replay.states.stream_states import StreamStates
from store.place import Place

if TYPE_CHECKING:  # loaded with the first edit
    from store.branches.editing import BranchEditor
    from store.branches.edits import Content, Edit
    from store.branches.reader import BranchReader

Change = Callable[["BranchEditor"], object]
Work = Callable[..., object]


class _Wish(NamedTuple):
    """What is to be done with a revision of the branch, or with that which the one before makes."""

    work: Work
    revision: int
    follows: bool


class BranchEditsViewModel(QObject):
    """Positions are those of the history that is shown: when that was edited meanwhile, an edit is
    refused. `changed()` when work begins or ends, `edited()` after an edit, `refused(error)`.
    GUI thread. Ask only while a branch is in view."""

    changed = Signal()
    edited = Signal()
    refused = Signal(Exception)

    def __init__(self, tasks: Tasks, line: LineViewModel, place: Place) -> None:
        super().__init__()
        self._tasks, self._line, self._place = tasks, line, place
        self._waiting: deque[_Wish] = deque()
        self._asked = self._known = -1  # revisions: of what is asked for, after what was done here
        self.is_busy = False

    def leave_out(self, position: int) -> None:
        """Leave an event out."""
        self.make(lambda it: it.leave_out(position))

    def replace(self, position: int, content: "Content") -> None:
        """Let an event say something else."""
        self.make(lambda it: it.replace(position, content))

    def insert(self, before: int, content: "Content") -> None:
        """Put a new event before another one; behind the last one with the head and one."""
        self.make(lambda it: it.insert(before, content))

    def move(self, position: int, before: int) -> None:
        """Put an event before another one."""
        self.make(lambda it: it.move(position, before))

    def swap(self, one: int, other: int) -> None:
        """Let two events change places."""
        self.make(lambda it: it.swap(one, other))

    @Slot()
    def undo(self) -> None:
        """Take the last edit back."""
        self._turn(lambda it: it.undo())

    @Slot()
    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        self._turn(lambda it: it.redo())

    def make(self, change: Change) -> None:
        """An edit of the history that is shown."""
        self._do(partial(make_edit, path=self._place.path, change=change), follows=False)

    def _turn(self, turn: Change) -> None:
        """It names no position, so it may follow on an edit that is made just now."""
        self._do(partial(_turned, path=self._place.path, turn=turn), follows=True)

    def _do(self, work: Work, *, follows: bool) -> None:
        branch = self._line.branch
        revision = -1 if branch is None else branch.facts.revision
        self._waiting.append(_Wish(work, revision, follows))
        self._go_on()

    def _go_on(self) -> None:
        if not self.is_busy and self._waiting:
            self._set_busy(True)
            wish = self._waiting.popleft()
            self._asked = max(wish.revision, self._known) if wish.follows else wish.revision
            work = partial(wish.work, revision=self._asked)
            self._tasks.latest("branch edit", work, done=self._end, failed=self._refuse)

    def _end(self, _edit: object) -> None:
        self._known = self._asked + 1
        self._set_busy(False)
        self._line.refresh()
        self.edited.emit()
        self._go_on()

    def _refuse(self, error: Exception) -> None:
        self._waiting.clear()
        self._set_busy(False)
        self.refused.emit(error)

    def _set_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.changed.emit()


def make_edit(reads: Reads, *, path: Path, change: Change, revision: int) -> None:
    """Edit the branch in a file, if it is still of that revision; on a reader thread. Raises what
    the edit raises, NotReadable, EditedMeanwhile."""

    from replay.branching.readable import require_readable
    from store.branches.editing import BranchEditor

    def check(branch: "BranchReader", edit: "Edit") -> None:
        require_readable(branch, edit, StreamStates(models=reads.states.models))

    change(BranchEditor(path, by=who(), check=check, revision=revision))


def _turned(_reads: Reads, *, path: Path, turn: Change, revision: int) -> None:
    from store.branches.editing import BranchEditor

    turn(BranchEditor(path, by=who(), revision=revision))
