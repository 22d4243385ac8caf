"""What the time panel is given to draw: lanes, densities, marks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from gui.widgets.time.axis_map import AxisMap
from gui.widgets.time.mark_shapes import MARK_PX, mark_pixmap

__all__ = [
    "MARK_PX",
    "Clusters",
    "Counts",
    "Density",
    "Lane",
    "Marks",
    "clustered",
    "mark_pixmap",
    "nearest_mark",
]

Counts: TypeAlias = npt.NDArray[Any]
Density: TypeAlias = Callable[[float, float, int], Counts]
"""`density(start, end, buckets)` gives counts[lane, bucket], lanes in the order of `set_lanes`;
a bucket holds what is at or after its left edge and before its right one. It is called on the
GUI thread, so it must be a look-up in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row of the panel. `key` is the owner's; `color_index` chooses colour and shape."""

    key: int
    name: str
    color_index: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Things near enough to be drawn one by one: all of them between two coordinates."""

    start: float
    end: float
    lanes: npt.NDArray[np.int64]  # keys
    coordinates: npt.NDArray[np.float64]  # ascending
    values: npt.NDArray[np.int64]  # shown as labels, given back by a click
    labels: tuple[str, ...] = ()  # shown instead of the values


@dataclass(frozen=True, slots=True)
class Clusters:
    """Marks in sight; those of one lane that share a pixel are one. Ordered by row, then x."""

    rows: npt.NDArray[np.int64]  # index into the lanes asked for
    xs: npt.NDArray[np.int64]  # device pixels
    counts: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]  # index into the marks


def clustered(marks: Marks, to_x: AxisMap, keys: list[int], *, ratio: float) -> Clusters:
    """The marks of some lanes, as they fall on device pixels."""
    first, last = _in_sight(marks, to_x)
    rows = _rows(marks.lanes[first:last], keys)
    kept = np.flatnonzero(rows >= 0)
    coordinates = marks.coordinates[first:last][kept]
    xs = np.rint(to_x.xs_of(coordinates) * ratio).astype(np.int64)
    code = rows[kept] * (1 << 32) + xs
    places, firsts, counts = np.unique(code, return_index=True, return_counts=True)
    return Clusters(places >> 32, places & 0xFFFFFFFF, counts, kept[firsts] + first)


def nearest_mark(
    marks: Marks, to_x: AxisMap, keys: list[int], *, x: float, reach: float, row: int = -1
) -> int | None:
    """The mark closest to a pixel, those of one row before others; the last of equal ones."""
    first = int(np.searchsorted(marks.coordinates, to_x.at(x - reach), side="left"))
    last = int(np.searchsorted(marks.coordinates, to_x.at(x + reach), side="right"))
    rows = _rows(marks.lanes[first:last], keys)
    kept = np.flatnonzero(rows == row)
    if not len(kept):
        kept = np.flatnonzero(rows >= 0)
    if not len(kept):
        return None
    away = np.abs(to_x.xs_of(marks.coordinates[first:last][kept]) - x)
    return first + int(kept[len(away) - 1 - int(np.argmin(away[::-1]))])


def _in_sight(marks: Marks, to_x: AxisMap) -> tuple[int, int]:
    first = np.searchsorted(marks.coordinates, to_x.coordinates[0], side="left")
    last = np.searchsorted(marks.coordinates, to_x.coordinates[-1], side="right")
    return int(first), int(last)


def _rows(lanes: npt.NDArray[np.int64], keys: list[int]) -> npt.NDArray[np.int64]:
    """The place of each lane key in `keys`, or −1."""
    if not keys:
        return np.full(len(lanes), -1, dtype=np.int64)
    order = np.argsort(keys)
    known = np.asarray(keys, dtype=np.int64)[order]
    at = np.minimum(np.searchsorted(known, lanes), len(keys) - 1)
    return np.where(known[at] == lanes, order[at], -1)
