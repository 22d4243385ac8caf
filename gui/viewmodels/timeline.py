"""The time panel: lanes, density, marks, and where the cursors stand on the chosen axis."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from gui.reads import Reads
from gui.selection import Selection
from gui.tasks import Tasks
from gui.viewmodels.goto import GotoViewModel
from replay.timeline_index import Axis, TimelineIndex

MARKS: Final = 2_000  # events drawn one by one at most


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleEvents:
    """Events near enough to be drawn one by one; arrays of the same length."""

    start: float
    end: float
    type_ids: npt.NDArray[np.int64]
    coordinates: npt.NDArray[np.float64]
    positions: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneInfo:
    """One lane: an event type."""

    type_id: int
    name: str
    total: int


class TimelineViewModel(QObject):
    """`index_changed()`, `axis_changed()`, `cursor_changed()`, `marks_changed()`,
    `failed(error)`. Coordinates are positions, or microseconds since 1970 UTC."""

    index_changed = Signal()
    axis_changed = Signal()
    cursor_changed = Signal()
    marks_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, goto: GotoViewModel) -> None:
        super().__init__()
        self.axis: Axis = "recorded"
        self.index: TimelineIndex | None = None
        self.cursor: float | None = None
        self.anchor: float | None = None
        self.marks: VisibleEvents | None = None
        self._tasks = tasks
        self._selection = selection
        self._goto = goto
        selection.as_of_changed.connect(self._place_cursors)
        selection.anchor_changed.connect(self._place_cursors)
