"""Where bookmarks stand on the axis of the time panel."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.bookmarks import BookmarksViewModel
from gui.viewmodels.coordinates import coordinate_of
from gui.work.reads import Reads
from gui.work.tasks import Tasks


class FlagsViewModel(QObject):
    """`moved()` when `coordinates` are others, `failed(error)`."""

    moved = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, bookmarks: BookmarksViewModel) -> None:
        super().__init__()
        self.coordinates: tuple[float, ...] = ()
        self._tasks, self._selection, self._bookmarks = tasks, selection, bookmarks
        bookmarks.changed.connect(self.refresh)
        selection.axis_changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Ask where they stand."""
        positions = [it.position for it in self._bookmarks.all]
        work = partial(_coordinates, positions=positions, axis=self._selection.axis)
        self._tasks.latest("flags", work, done=self._show, failed=self.failed.emit)

    def _show(self, coordinates: tuple[float, ...]) -> None:
        self.coordinates = coordinates
        self.moved.emit()


def _coordinates(reads: Reads, *, positions: Sequence[int], axis: Axis) -> tuple[float, ...]:
    found = (coordinate_of(reads, it, axis) for it in positions)
    return tuple(it for it in found if it is not None)
