"""Where bookmarks stand on the axis of the time panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.bookmarks import Bookmark, BookmarksViewModel
from gui.viewmodels.coordinates import coordinate_of
from gui.work.reads import Reads
from gui.work.tasks import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBookmark:
    """A bookmark and its coordinates; one of an event has the same twice."""

    bookmark: Bookmark
    start: float
    end: float


class FlagsViewModel(QObject):
    """`moved()` when `coordinates` are others, `failed(error)`."""

    moved = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, bookmarks: BookmarksViewModel) -> None:
        super().__init__()
        self.placed: tuple[PlacedBookmark, ...] = ()
        self._tasks, self._selection, self._bookmarks = tasks, selection, bookmarks
        bookmarks.changed.connect(self.refresh)
        selection.axis_changed.connect(self.refresh)

    @property
    def coordinates(self) -> tuple[float, ...]:
        """Where each begins."""
        return tuple(it.start for it in self.placed)

    @property
    def ranges(self) -> tuple[tuple[float, float], ...]:
        """Both ends of those that are ranges."""
        return tuple((it.start, it.end) for it in self.placed if it.bookmark.until is not None)

    @Slot()
    def refresh(self) -> None:
        """Ask where they stand."""
        work = partial(_placed, bookmarks=self._bookmarks.all, axis=self._selection.axis)
        self._tasks.latest("flags", work, done=self._show, failed=self.failed.emit)

    def _show(self, placed: tuple[PlacedBookmark, ...]) -> None:
        self.placed = placed
        self.moved.emit()


def _placed(
    reads: Reads, *, bookmarks: Sequence[Bookmark], axis: Axis
) -> tuple[PlacedBookmark, ...]:
    found: list[PlacedBookmark] = []
    for it in bookmarks:
        start = coordinate_of(reads, it.position, axis)
        end = start if it.until is None else coordinate_of(reads, it.until, axis)
        if start is not None:  # a place beyond the head of another copy of the log has none
            end = start if end is None else end
            found.append(PlacedBookmark(bookmark=it, start=min(start, end), end=max(start, end)))
    return tuple(found)
