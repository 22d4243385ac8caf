"""Where the parts of the time panel are, and what a press at a point takes hold of."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QPointF, QRectF

RULER_PX: Final = 24
OVERVIEW_TOP: Final = 30
OVERVIEW_PX: Final = 12
LANES_TOP: Final = 48
RIGHT_PX: Final = 10
HANDLE_PX: Final = 16
GRIP_PX: Final = 5  # this near an edge is on it

Grip: TypeAlias = Literal[
    "none",
    "scrub",
    "anchor",
    "range",
    "range start",
    "range end",
    "range move",
    "window start",
    "window end",
    "window move",
    "window jump",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The widget's size, the room of the names, and the height of a lane."""

    width: float
    height: float
    name_px: float
    lane_px: int

    @property
    def plot(self) -> QRectF:
        """The lanes, without their names."""
        room = max(self.width - self.name_px - RIGHT_PX, 10.0)
        return QRectF(self.name_px, LANES_TOP, room, max(self.height - LANES_TOP, 0.0))

    @property
    def ruler(self) -> QRectF:
        """The labels above the lanes."""
        return QRectF(self.name_px, 0, self.plot.width(), RULER_PX)

    @property
    def overview(self) -> QRectF:
        """The whole axis, with a window for what is in sight."""
        return QRectF(self.name_px, OVERVIEW_TOP, self.plot.width(), OVERVIEW_PX)

    @property
    def whole_lanes(self) -> int:
        """How many lanes fit."""
        return max(int(self.plot.height() // self.lane_px), 1)

    @property
    def begun_lanes(self) -> int:
        """How many lanes are in sight, the last one perhaps in part."""
        return max(int(-(-self.plot.height() // self.lane_px)), 1)

    def row_at(self, y: float) -> int:
        """The lane row under a point; −1 above the lanes."""
        return int((y - LANES_TOP) // self.lane_px) if y >= LANES_TOP else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Pixels of the plot at which things stand that can be taken hold of."""

    cursor: float | None = None
    anchor: float | None = None
    range: tuple[float, float] | None = None
    window: tuple[float, float] = (0.0, 0.0)


def grip_at(frame: Frame, point: QPointF, places: Places) -> Grip:
    """What the left button takes hold of at a point."""
    x, y = point.x() - frame.name_px, point.y()
    if x < -GRIP_PX or x > frame.plot.width() + RIGHT_PX:
        return "none"
    if y >= LANES_TOP:
        return "scrub"
    if y > RULER_PX:
        return _window_grip(x, places.window)
    if places.cursor is not None and abs(x - places.cursor) <= HANDLE_PX / 2:
        return "scrub"
    if places.anchor is not None and abs(x - places.anchor) <= HANDLE_PX / 2:
        return "anchor"
    return "range" if places.range is None else _range_grip(x, places.range)


def _range_grip(x: float, ends: tuple[float, float]) -> Grip:
    start, end = ends
    if abs(x - start) <= GRIP_PX:
        return "range start"
    if abs(x - end) <= GRIP_PX:
        return "range end"
    return "range move" if start < x < end else "range"


def _window_grip(x: float, ends: tuple[float, float]) -> Grip:
    start, end = ends
    inset = min(GRIP_PX, (end - start) / 4)
    if start - GRIP_PX <= x <= start + inset:
        return "window start"
    if end - inset <= x <= end + GRIP_PX:
        return "window end"
    return "window move" if start < x < end else "window jump"
