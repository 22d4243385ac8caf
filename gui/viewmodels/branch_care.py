"""What keeps branches in order: names, notes, bringing up to date, deleting. Off the GUI thread."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.branches import BranchesViewModel
from gui.viewmodels.edit_words import edit_line
from gui.viewmodels.line import LineViewModel
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.beside_log import who
from store.place import Place

if TYPE_CHECKING:  # loaded as it is wanted
    from store.branches.update import Moved

T = TypeVar("T")
TOLD: Final = 4  # of what no longer fits, by name


class BranchCareViewModel(QObject):
    """`renamed(path)`, `told(sentence)` of what went well, `warned(sentence, hint)` of what no
    longer fits, `failed(error)`. GUI thread."""

    renamed = Signal(object)
    told = Signal(str)
    warned = Signal(str, str)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, branches: BranchesViewModel, line: LineViewModel) -> None:
        super().__init__()
        self._tasks, self._branches, self._line = tasks, branches, line

    def set_note(self, place: Place, note: str) -> None:
        """What a person says of a branch."""
        self._do(partial(_set_note, path=place.path, note=note), lambda _: None)

    def rename(self, place: Place, name: str, note: str) -> None:
        """Call a branch otherwise, with this note; not one that is in view."""
        self._do(partial(_rename, place=place, name=name, note=note), self.renamed.emit)

    def drop(self, place: Place) -> None:
        """Delete a branch; not one that is in view."""
        name = place.branch_name
        told = said("Branch {name} was deleted.", name=name)
        self._do(partial(_drop, place=place), lambda _: self.told.emit(told))

    def update(self, place: Place) -> None:
        """Take over what the log recorded since the branch was made."""
        self._do(partial(_update, path=place.path), self._tell)

    def _do(self, work: Callable[[Reads], T], done: Callable[[T], None]) -> None:
        def end(found: T) -> None:
            self._branches.refresh()
            self._line.refresh()
            done(found)

        self._tasks.latest("branch care", work, done=end, failed=self.failed.emit)

    def _tell(self, moved: "Moved") -> None:
        came = counted(
            "1 event of the log taken over.", "{count:,} events of the log taken over.", moved.came
        )
        problems = [f"{edit_line(edit)}: {why}" for edit, why in moved.unfit]
        problems += [
            said("{stream}: the log went on before the branch's own events", stream=name)
            for name, _ in moved.passed
        ]
        if not problems:
            self.told.emit(came)
            return
        more = len(problems) - TOLD
        listed = [*problems[:TOLD], *([said("and {more:,} more", more=more)] if more > 0 else [])]
        told = said("{came} To look at: {listed}.", came=came, listed="; ".join(listed))
        self.warned.emit(told, said("The list of edits marks each edit that no longer fits."))


def _set_note(_reads: Reads, *, path: Path, note: str) -> None:
    from store.branches.editing import BranchEditor

    BranchEditor(path, by=who()).note(note)


def _rename(_reads: Reads, *, place: Place, name: str, note: str) -> Path:
    from store.branches.create import rename_branch
    from store.branches.editing import BranchEditor

    path = rename_branch(place.path, place.branch_name, name)
    BranchEditor(path, by=who()).note(note)
    return path


def _drop(_reads: Reads, *, place: Place) -> None:
    from store.branches.create import drop_branch

    drop_branch(place.path, place.branch_name)


def _update(_reads: Reads, *, path: Path) -> "Moved":
    from store.branches.update import bring_up_to_date

    return bring_up_to_date(path)
