"""The time panel: lanes, density, marks, and where the cursors stand on the chosen axis."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from gui.reads import Reads
from gui.selection import Axis, Selection
from gui.tasks import Tasks
from gui.viewmodels.goto import GotoViewModel
from replay.occurred_order import OccurredOrder, load_occurred_order
from replay.timeline_index import TimelineIndex

MOST_MARKS: Final = 4_000  # events read for drawing one by one, at most

Counts = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneOfType:
    """One lane: an event type. `number` is its place in the palette and in the index."""

    number: int
    name: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearEvents:
    """Events near enough to be drawn one by one; arrays of the same length, in axis order."""

    start: float
    end: float
    numbers: npt.NDArray[np.int64]  # of the lanes
    coordinates: npt.NDArray[np.float64]
    positions: npt.NDArray[np.int64]


class TimelineViewModel(QObject):
    """Coordinates are positions, or microseconds since 1970 UTC.

    `indexed()` when there is more to count, `axis_changed()`, `cursors_moved()`,
    `near_arrived()`, `failed(error)`.
    """

    indexed = Signal()
    axis_changed = Signal()
    cursors_moved = Signal()
    near_arrived = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, goto: GotoViewModel) -> None:
        super().__init__()
        self.index: TimelineIndex | None = None
        self.lanes: tuple[LaneOfType, ...] = ()
        self.cursor: float | None = None
        self.anchor: float | None = None
        self.near: NearEvents | None = None
        self._tasks = tasks
        self._selection = selection
        self._goto = goto
        self._occurred: OccurredOrder | None = None
        selection.as_of_changed.connect(self._place_cursors)
        selection.anchor_changed.connect(self._place_cursors)
        selection.axis_changed.connect(self._change_axis)

    @property
    def axis(self) -> Axis:
        """What coordinates are."""
        return self._selection.axis

    @property
    def extent(self) -> tuple[float, float]:
        """Where the axis begins and ends."""
        return (0.0, 1.0) if self.index is None else self.index.extent(self.axis)

    def density(self, start: float, end: float, buckets: int) -> Counts:
        """Counts[lane, bucket]: a look-up in memory, fit to be called while painting."""
        if self.index is None or not self.lanes:
            return np.zeros((len(self.lanes), buckets), dtype=np.uint32)
        counts = self.index.counts(np.linspace(start, end, buckets + 1), self.axis)
        return counts[[lane.number for lane in self.lanes]]

    @Slot()
    def refresh(self) -> None:
        """The views have advanced: read the new steps of the index."""
        work = partial(_load, previous=self.index)
        self._tasks.latest("timeline index", work, done=self._show, failed=self.failed.emit)
        if self.axis == "occurred":
            self._load_occurred()

    def scrub(self, coordinate: float) -> None:
        """Move the cursor to what had been recorded (or had occurred) by a coordinate."""
        if self.axis == "position":
            self._selection.seek(round(coordinate))
        elif self.axis == "recorded":
            self._goto.go_to_time(int(coordinate))
        elif self._occurred is not None:
            self._selection.seek(self._occurred.position_as_of(int(coordinate)))

    def select_range(self, start: float, end: float) -> None:
        """Put A at the beginning of a range and the cursor at its end."""
        work = partial(_positions, axis=self.axis, ends=(start, end), occurred=self._occurred)
        self._tasks.latest("range", work, done=self._take_range, failed=self.failed.emit)

    def want_near(self, start: float, end: float) -> None:
        """Read the events between two coordinates, to be drawn one by one."""
        work = partial(
            _near,
            axis=self.axis,
            span=(start, end),
            occurred=self._occurred,
            numbers={lane.name: lane.number for lane in self.lanes},
        )
        self._tasks.latest("near events", work, done=self._show_near, failed=self.failed.emit)

    def _show(self, index: TimelineIndex | None) -> None:
        if index is None or index is self.index:
            return
        self.index = index
        lanes = [
            LaneOfType(number=number, name=name, total=int(total))
            for number, (name, total) in enumerate(zip(index.types, index.totals, strict=True))
        ]
        self.lanes = tuple(sorted(lanes, key=lambda lane: -lane.total))
        self.indexed.emit()
        self._place_cursors()

    def _show_near(self, near: NearEvents | None) -> None:
        self.near = near
        self.near_arrived.emit()

    def _take_range(self, ends: tuple[int, int]) -> None:
        self._selection.set_anchor(ends[0])
        self._selection.seek(ends[1])

    @Slot()
    def _change_axis(self) -> None:
        self.near = None
        if self.axis == "occurred":
            self._load_occurred()
        self.axis_changed.emit()
        self._place_cursors()

    def _load_occurred(self) -> None:
        work = partial(_load_occurred, previous=self._occurred)
        self._tasks.latest(
            "occurred order", work, done=self._keep_occurred, failed=self.failed.emit
        )

    def _keep_occurred(self, order: OccurredOrder) -> None:
        self._occurred = order

    @Slot()
    def _place_cursors(self) -> None:
        positions = (self._selection.as_of, self._selection.anchor)
        if self.axis == "position":
            self._move_cursors(tuple(None if it is None else float(it) for it in positions))
            return
        work = partial(_coordinates, positions=positions, axis=self.axis)
        self._tasks.latest("cursors", work, done=self._move_cursors, failed=self.failed.emit)

    def _move_cursors(self, coordinates: tuple[float | None, ...]) -> None:
        self.cursor, self.anchor = coordinates
        self.cursors_moved.emit()


def _load(reads: Reads, *, previous: TimelineIndex | None) -> TimelineIndex | None:
    views = reads.views()
    return None if views is None else TimelineIndex.load(views, previous)


def _load_occurred(reads: Reads, *, previous: OccurredOrder | None) -> OccurredOrder:
    return load_occurred_order(reads.log, until=reads.log.head(), previous=previous)


def _coordinates(
    reads: Reads, *, positions: tuple[int | None, ...], axis: Axis
) -> tuple[float | None, ...]:
    return tuple(_coordinate(reads, position, axis) for position in positions)


def _coordinate(reads: Reads, position: int | None, axis: Axis) -> float | None:
    moments = reads.log.moments(position, position) if position else []
    if not moments:
        return None
    return float(moments[0][3] if axis == "occurred" else moments[0][2])


def _positions(
    reads: Reads, *, axis: Axis, ends: tuple[float, float], occurred: OccurredOrder | None
) -> tuple[int, int]:
    first, last = (_position(reads, end, axis, occurred) for end in ends)
    return max(first, 1), last


def _position(
    reads: Reads, coordinate: float, axis: Axis, occurred: OccurredOrder | None
) -> int:
    if axis == "position":
        return round(coordinate)
    if axis == "occurred" and occurred is not None:
        return occurred.position_as_of(int(coordinate))
    return reads.log.position_as_of(int(coordinate))


def _near(
    reads: Reads,
    *,
    axis: Axis,
    span: tuple[float, float],
    occurred: OccurredOrder | None,
    numbers: dict[str, int],
) -> NearEvents | None:
    """The events of a span, or None when they are too many to be drawn one by one."""
    if axis == "occurred":
        return None if occurred is None else _near_occurred(occurred, span, numbers)
    first = _position(reads, span[0] - 1, axis, occurred) + 1
    last = _position(reads, span[1], axis, occurred)
    if last - first >= MOST_MARKS:
        return None
    rows = reads.log.moments(first, last)
    at = 0 if axis == "position" else 2
    return NearEvents(
        start=span[0],
        end=span[1],
        numbers=np.array([numbers.get(row[1], -1) for row in rows], dtype=np.int64),
        coordinates=np.array([row[at] for row in rows], dtype=np.float64),
        positions=np.array([row[0] for row in rows], dtype=np.int64),
    )


def _near_occurred(
    occurred: OccurredOrder, span: tuple[float, float], numbers: dict[str, int]
) -> NearEvents | None:
    first, last = np.searchsorted(occurred.occurred_us, span)
    if last - first >= MOST_MARKS:
        return None
    places = np.array([numbers.get(name, -1) for name in occurred.names], dtype=np.int64)
    return NearEvents(
        start=span[0],
        end=span[1],
        numbers=places[occurred.types[first:last]],
        coordinates=occurred.occurred_us[first:last].astype(np.float64),
        positions=occurred.positions[first:last],
    )
