"""The event that the mouse points at in the time panel, in words."""

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from gui.selection import Axis
from gui.viewmodels.coordinates import position_at
from gui.viewmodels.event_rows import actor
from gui.viewmodels.time_text import full_time_text
from gui.viewmodels.timeline import TimelineViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks


class TimeHoverViewModel(QObject):
    """`told()` when there are other words, or none any more; `failed(error)`."""

    told = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, timeline: TimelineViewModel) -> None:
        super().__init__()
        self.words = ""
        self._tasks, self._timeline = tasks, timeline
        self._is_over = False

    def point(self, coordinate: float, lane: int | None) -> None:
        """Tell of the mark of a lane that is nearest, and where none is drawn of the last event
        up to there; while one is looked for only the newest wish is kept."""
        self._is_over = True
        work = partial(
            _words,
            coordinate=coordinate,
            axis=self._timeline.axis,
            mark=self._mark(coordinate, lane),
        )
        self._tasks.latest("time hover", work, done=self._show, failed=self.failed.emit)

    def leave(self) -> None:
        """The mouse points elsewhere."""
        self._is_over = False
        self._tasks.cancel("time hover")
        self._show("")

    def _mark(self, coordinate: float, lane: int | None) -> int | None:
        near = self._timeline.near
        if near is None or lane is None:
            return None
        drawn = np.flatnonzero(near.numbers == lane)
        if not drawn.size:
            return None
        nearest = drawn[np.abs(near.coordinates[drawn] - coordinate).argmin()]
        return int(near.positions[nearest])

    def _show(self, words: str) -> None:
        words = words if self._is_over else ""
        if words != self.words:
            self.words = words
            self.told.emit()


def _words(reads: Reads, *, coordinate: float, axis: Axis, mark: int | None) -> str:
    position = position_at(reads, coordinate, axis) if mark is None else mark
    event = reads.log.event(position)
    if event is None:
        return ""
    at_us = event.occurred_at_us if axis == "occurred" else event.recorded_at_us
    who = actor(event.metadata_json)
    return "\n".join(
        [
            f"{event.type} · {event.position:,}",
            f"{event.stream} · v{event.version:,}",
            f"{full_time_text(at_us)}{f' · by {who}' if who else ''}",
        ]
    )
