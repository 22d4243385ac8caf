"""The time panel: lanes, density, marks, and where the cursors stand on the chosen axis."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Axis, Selection
from gui.viewmodels.coordinates import coordinate_of, position_at
from gui.viewmodels.kept_order import KeptOrder
from gui.viewmodels.listed_density import ListedDensity
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.timeline.timeline_index import OTHERS, TimelineIndex
from replay.timeline.timeline_occurred import occurred_between

LISTED: Final = "listed"  # the one lane of a panel that shows what the filter lists
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

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.index: TimelineIndex | None = None
        self.lanes: tuple[LaneOfType, ...] = ()
        self.cursor: float | None = None
        self.anchor: float | None = None
        self.near: NearEvents | None = None
        self.listed: ListedDensity | None = None  # where only what is listed is shown
        self._all_lanes: tuple[LaneOfType, ...] = ()
        self._order = KeptOrder()
        self._history = ""  # that the index is of
        self._first_head = 0  # of the log, when the first lanes were shown
        self._tasks = tasks
        self._selection = selection
        self._known: dict[int | None, float | None] = {None: None}  # positions → coordinates
        selection.as_of_changed.connect(self._place_cursors)
        selection.anchor_changed.connect(self._place_cursors)
        selection.axis_changed.connect(self._change_axis)

    @property
    def axis(self) -> Axis:
        """What coordinates are."""
        return self._selection.axis

    def is_type(self, lane: str) -> bool:
        """Whether a lane is of one type, and not that of the types that share one."""
        return lane != OTHERS

    @property
    def extent(self) -> tuple[float, float]:
        """The coordinates of the first and the last event."""
        if self.index is None:
            return 0.0, 1.0
        first, behind = self.index.extent(self.axis)
        return first, max(behind - 1, first + 1)

    def density(self, start: float, end: float, buckets: int) -> Counts:
        """Counts[lane, bucket]: a look-up in memory, fit to be called while painting."""
        if self.index is None or not self.lanes:
            return np.zeros((len(self.lanes), buckets), dtype=np.uint32)
        edges = np.linspace(start, end, buckets + 1)
        if self.listed is not None:
            return self.listed.counts(edges, self.index, self.axis)
        counts = self.index.counts(edges, self.axis)
        return counts[[lane.number for lane in self.lanes]]

    @Slot()
    def refresh(self) -> None:
        """The views have advanced: read the new steps of the index."""
        work = partial(_load, previous=self.index, history=self._history)
        self._tasks.latest("timeline index", work, done=self._show, failed=self.failed.emit)

    @Slot()
    def read_anew(self) -> None:
        """Positions mean other events. What was counted is shown until they are counted."""
        self._known = {None: None}
        self._show_near(None)
        self._place_cursors()
        self.refresh()

    def narrow(self, listed: ListedDensity | None) -> None:
        """Show only these events, in one lane; None shows all, in a lane for each type."""
        if listed is not self.listed:
            self.listed = listed
            self.near = None
            self._choose_lanes()
            self.indexed.emit()
            self.near_arrived.emit()

    def _choose_lanes(self) -> None:
        listed = self.listed
        if listed is None:
            self.lanes = self._all_lanes
        else:
            self.lanes = (LaneOfType(number=0, name=LISTED, total=len(listed.positions)),)

    def expect(self, position: int, coordinate: float | None) -> None:
        """The cursor is about to go to a position: it stands there on the axis."""
        self._known[position] = coordinate

    def drag_anchor(self, coordinate: float) -> None:
        """Put A where a hand has dragged it."""
        work = partial(position_at, coordinate=coordinate, axis=self.axis)
        done = self._selection.set_anchor
        self._tasks.latest("anchor", work, done=done, failed=self.failed.emit)

    def select_range(self, start: float, end: float) -> None:
        """Put A at the beginning of a range and the cursor at its end."""
        work = partial(_positions, axis=self.axis, ends=(start, end))
        self._tasks.latest("range", work, done=self._take_range, failed=self.failed.emit)

    def want_near(self, start: float, end: float) -> None:
        """Read the events between two coordinates, to be drawn one by one."""
        work = partial(
            _near,
            axis=self.axis,
            span=(start, end),
            numbers={lane.name: lane.number for lane in self.lanes},
            others=next((lane.number for lane in self.lanes if lane.name == OTHERS), -1),
        )
        self._tasks.latest("near events", work, done=self._show_near, failed=self.failed.emit)

    def _show(self, found: tuple[TimelineIndex | None, str]) -> None:
        index, self._history = found
        if index is None or index is self.index:
            return
        self.index = index
        lanes = [
            LaneOfType(number=number, name=name, total=int(total))
            for number, (name, total) in enumerate(zip(index.types, index.totals, strict=True))
        ]
        self._all_lanes = self._arranged(lanes)
        self._choose_lanes()
        self.indexed.emit()
        self._place_cursors()

    def _arranged(self, lanes: list[LaneOfType]) -> tuple[LaneOfType, ...]:
        """The largest first, as of when all was counted for the first time; then each stays."""
        self._first_head = self._first_head or self._selection.head
        by_total = sorted(lanes, key=lambda lane: -lane.total)
        if sum(lane.total for lane in lanes) <= self._first_head:
            self._order.forget()
        return tuple(self._order.arranged(by_total, lambda lane: lane.name))

    def _show_near(self, near: NearEvents | None) -> None:
        self.near = near if self.listed is None or near is None else _only(near, self.listed)
        self.near_arrived.emit()

    def _take_range(self, ends: tuple[int, int]) -> None:
        self._selection.set_anchor(ends[0])
        self._selection.seek(ends[1])

    @Slot()
    def _change_axis(self) -> None:
        self.near = None
        self._known = {None: None}
        self.axis_changed.emit()
        self._place_cursors()

    @Slot()
    def _place_cursors(self) -> None:
        positions = (self._selection.as_of, self._selection.anchor)
        if self._known.keys() >= set(positions):
            self._tasks.cancel("cursors")
            self._move_cursors({it: self._known[it] for it in positions})
            return
        work = partial(_coordinates, positions=positions, axis=self.axis)
        self._tasks.latest("cursors", work, done=self._move_cursors, failed=self.failed.emit)

    def _move_cursors(self, known: dict[int | None, float | None]) -> None:
        self._known = {None: None, **known}
        self.cursor = known.get(self._selection.as_of, self.cursor)
        self.anchor = known.get(self._selection.anchor, self.anchor)
        self.cursors_moved.emit()


def _only(near: NearEvents, listed: ListedDensity) -> NearEvents:
    """Those that are listed, in the one lane."""
    is_listed = np.isin(near.positions, listed.positions)
    positions = near.positions[is_listed]
    return replace(
        near,
        numbers=np.zeros(len(positions), dtype=np.int64),
        coordinates=near.coordinates[is_listed],
        positions=positions,
    )


def _load(
    reads: Reads, *, previous: TimelineIndex | None, history: str
) -> tuple[TimelineIndex | None, str]:
    """With the history that is read, of which `previous` may not be."""
    views, now = reads.views(), reads.log.store_id()
    if views is None:
        return None, history
    return TimelineIndex.load(views, previous if now == history else None), now


def _coordinates(
    reads: Reads, *, positions: tuple[int | None, ...], axis: Axis
) -> dict[int | None, float | None]:
    return {position: coordinate_of(reads, position, axis) for position in positions}


def _positions(reads: Reads, *, axis: Axis, ends: tuple[float, float]) -> tuple[int, int]:
    first, last = (position_at(reads, end, axis) for end in ends)
    return max(first, 1), last


def _near(
    reads: Reads, *, axis: Axis, span: tuple[float, float], numbers: dict[str, int], others: int
) -> NearEvents | None:
    """The events of a span, or None when they are too many to be drawn one by one; `others` is the
    lane of types that have none of their own."""
    if axis == "occurred":
        rows = _near_occurred(reads, span)
    else:
        rows = _near_recorded(reads, axis, span, defaultdict(lambda: others, numbers))
    if len(rows) > MOST_MARKS:
        return None
    return NearEvents(
        start=span[0],
        end=span[1],
        numbers=np.array([row[0] for row in rows], dtype=np.int64),
        coordinates=np.array([row[1] for row in rows], dtype=np.float64),
        positions=np.array([row[2] for row in rows], dtype=np.int64),
    )


def _near_recorded(
    reads: Reads, axis: Axis, span: tuple[float, float], numbers: Mapping[str, int]
) -> list[tuple[int, int, int]]:
    """(lane number, coordinate, position) of the events of a span, one too many at most."""
    first = position_at(reads, span[0] - 1, axis) + 1
    last = min(position_at(reads, span[1], axis), first + MOST_MARKS)
    at = 0 if axis == "position" else 2
    return [(numbers[row[1]], int(row[at]), row[0]) for row in reads.log.moments(first, last)]


def _near_occurred(reads: Reads, span: tuple[float, float]) -> list[tuple[int, int, int]]:
    views = reads.views()
    if views is None:
        return []
    found = occurred_between(views, int(span[0]), int(span[1]), limit=MOST_MARKS + 1)
    return [(it.type_number, it.occurred_at_us, it.position) for it in found]
