"""What is drawn at a point of the time panel: a mark, a bar, a lane, the chosen range, a flag."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from PySide6.QtCore import QPointF

from gui.widgets.time.density import PITCH_PX
from gui.widgets.time.frame import LANES_TOP, OVERVIEW_TOP, RULER_PX
from gui.widgets.time.lanes import Lane, nearest_mark
from gui.widgets.time.scene import TimeScene

CATCH_PX: Final = 6.0  # the playhead snaps to a mark from this far
FLAG_PX: Final = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """Coordinates are of the axis, both ends of a span included. Without a mark near by there is a
    bar, or none where nothing is counted."""

    mark: int | None = None  # its value
    mark_x: float = 0.0  # pixel of the widget
    lane: Lane | None = None
    is_name: bool = False  # the lane's name, not its events
    bar: tuple[float, float] | None = None
    range: tuple[float, float] | None = None
    flag: float | None = None
    fork: float | None = None


def pointed_at(scene: TimeScene, point: QPointF) -> Pointed:
    """At a point of the panel."""
    frame = scene.frame()
    x, y = point.x() - frame.name_px, point.y()
    lane = lane_at(scene, point)
    if x < 0:
        return Pointed(lane=lane, is_name=lane is not None)
    if x > frame.plot.width():
        return Pointed()
    chosen = _range_at(scene, x)
    if y < LANES_TOP:
        is_ruler = y < OVERVIEW_TOP
        flag = _nearest(scene, scene.flags, x) if y < RULER_PX + 2 else None
        fork = _nearest(scene, scene.forks, x) if y < RULER_PX + 2 else None
        return Pointed(flag=flag, fork=fork, range=chosen if is_ruler else None)
    marks = scene.picture.usable_marks(scene.axis_view)
    if marks is None:
        return Pointed(lane=lane, bar=bar_at(scene, x), range=chosen)
    mark = mark_at(scene, point)
    if mark is None:
        return Pointed(lane=lane, range=chosen)
    at = frame.name_px + scene.x_of(float(marks.coordinates[mark]))
    return Pointed(lane=lane, mark=int(marks.values[mark]), mark_x=at, range=chosen)


def lane_at(scene: TimeScene, point: QPointF) -> Lane | None:
    """The lane under a point, or under its name."""
    row, shown = scene.frame().row_at(point.y()), scene.shown_lanes()
    return shown[row] if 0 <= row < len(shown) else None


def mark_at(scene: TimeScene, point: QPointF) -> int | None:
    """The index of the mark near a point; those of its lane before others."""
    marks = scene.picture.usable_marks(scene.axis_view)
    if marks is None:
        return None
    frame = scene.frame()
    keys = [lane.key for lane in scene.shown_lanes()]
    x = min(max(point.x() - frame.name_px, 0.0), scene.axis_view.view.width)
    row = frame.row_at(point.y())
    return nearest_mark(marks, scene.axis_view.map, keys, x=x, reach=CATCH_PX, row=row)


def bar_at(scene: TimeScene, x: float) -> tuple[float, float] | None:
    """The coordinates that the bar at a pixel of the plot stands for; None in a gap."""
    to_x = scene.axis_view.map
    piece = next((it for it in to_x.pieces() if it.left <= x <= it.right), None)
    if piece is None or piece.is_gap:
        return None
    bucket, anchor = PITCH_PX / to_x.scale, scene.axis_view.axis.first
    start = anchor + floor((to_x.at(x) - anchor) / bucket) * bucket
    axis = scene.axis_view.axis
    return max(start, axis.first), min(start + bucket, axis.last + 1) - 1e-6


def _range_at(scene: TimeScene, x: float) -> tuple[float, float] | None:
    ends = scene.shaded()
    if ends is None:
        return None
    start, end = min(ends), max(ends)
    return (start, end) if scene.x_of(start) <= x <= scene.x_of(end) and start < end else None


def _nearest(scene: TimeScene, flags: Sequence[float], x: float) -> float | None:
    """The coordinate of the nearest flag, or fork."""
    near = [it for it in flags if -2 <= x - scene.x_of(it) <= FLAG_PX]
    return min(near, key=lambda it: abs(scene.x_of(it) - x), default=None)
