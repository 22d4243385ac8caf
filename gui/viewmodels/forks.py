"""Where branches fork, on the axis of the time panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.branches import BranchesViewModel
from gui.viewmodels.coordinates import coordinate_of
from gui.viewmodels.line import LineViewModel
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """The last event that a branch shares with the line that it forks from."""

    name: str
    position: int
    about: str
    coordinate: float = 0.0


class ForksViewModel(QObject):
    """On main every branch of the log, in a branch its own fork. `moved()`, `failed(error)`. It
    costs by the number of branches."""

    moved = Signal()
    failed = Signal(Exception)

    def __init__(
        self, tasks: Tasks, selection: Selection, line: LineViewModel, branches: BranchesViewModel
    ) -> None:
        super().__init__()
        self.placed: tuple[Fork, ...] = ()
        self._tasks, self._selection = tasks, selection
        self._line, self._branches = line, branches
        line.changed.connect(self.refresh)
        branches.changed.connect(self.refresh)
        selection.axis_changed.connect(self.refresh)

    @property
    def coordinates(self) -> tuple[float, ...]:
        """Where each is."""
        return tuple(it.coordinate for it in self.placed)

    @property
    def is_branch(self) -> bool:
        """Whether the line in view is a branch: what follows its fork is the branch's."""
        return self._line.is_branch

    def lines_at(self, coordinate: float) -> tuple[str, ...]:
        """What is told of the forks there."""
        found = [it for it in self.placed if it.coordinate == coordinate]
        told = [
            (
                said("Branch {name}, from position {fork:,}", name=it.name, fork=it.position),
                it.about,
            )
            for it in found
        ]
        return tuple(line for lines in told for line in lines if line)

    @Slot()
    def refresh(self) -> None:
        """Ask where they are."""
        rows = [it for it in self._branches.rows if it.fork is not None]
        if self._line.is_branch:
            rows = [it for it in rows if it.name == self._line.name]
        else:
            rows = [it for it in rows if not it.leaves]
        forks = [Fork(name=it.name, position=it.fork or 0, about=it.about) for it in rows]
        work = partial(_placed, forks=forks, axis=self._selection.axis)
        self._tasks.latest("forks", work, done=self._show, failed=self.failed.emit)

    def _show(self, placed: tuple[Fork, ...]) -> None:
        if placed != self.placed:
            self.placed = placed
            self.moved.emit()


def _placed(reads: Reads, *, forks: Sequence[Fork], axis: Axis) -> tuple[Fork, ...]:
    found = [(it, coordinate_of(reads, max(it.position, 1), axis)) for it in forks]
    return tuple(
        Fork(name=it.name, position=it.position, about=it.about, coordinate=at)
        for it, at in found
        if at is not None
    )
