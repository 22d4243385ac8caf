"""Between coordinates and pixels, with idle gaps drawn narrow. Pure arithmetic.

A coordinate is a position (1, 2, 3 …) or microseconds since 1970 UTC. The map is piecewise
linear, never falls, and can be turned round. A gap is as wide as its share of the axis until
that would be more than its `most_px`; so nothing jumps while zooming.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

GAP_PX: Final = 72.0  # a collapsed gap is never wider

Floats = npt.NDArray[np.float64]


class Gap(NamedTuple):
    """A stretch in which nothing happens."""

    start: float
    end: float
    most_px: float = GAP_PX  # never drawn wider

    @property
    def length(self) -> float:
        """How long nothing happens."""
        return self.end - self.start


class Piece(NamedTuple):
    """A stretch of the axis with one scale, and the pixels it takes."""

    start: float
    end: float
    left: float
    right: float
    is_gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisMap:
    """Knots of a piecewise linear function; `gaps` are the collapsed ones in sight."""

    scale: float  # pixels a unit, outside collapsed gaps
    coordinates: tuple[float, ...]
    pixels: tuple[float, ...]
    gaps: tuple[Gap, ...] = ()

    def x_of(self, coordinate: float) -> float:
        """The pixel of a coordinate; it goes on evenly outside what is in sight."""
        at = bisect_right(self.coordinates, coordinate) - 1
        if at < 0 or at >= len(self.coordinates) - 1:
            at = 0 if at < 0 else len(self.coordinates) - 1
            return self.pixels[at] + (coordinate - self.coordinates[at]) * self.scale
        start, end = self.coordinates[at : at + 2]
        left, right = self.pixels[at : at + 2]
        return left + (coordinate - start) * (right - left) / (end - start)

    def xs_of(self, coordinates: Floats) -> Floats:
        """The pixels of many coordinates in sight at once."""
        return np.interp(coordinates, self.coordinates, self.pixels)

    def at(self, x: float) -> float:
        """The coordinate under a pixel."""
        at = bisect_right(self.pixels, x) - 1
        if at < 0 or at >= len(self.pixels) - 1:
            at = 0 if at < 0 else len(self.pixels) - 1
            return self.coordinates[at] + (x - self.pixels[at]) / self.scale
        left, right = self.pixels[at : at + 2]
        start, end = self.coordinates[at : at + 2]
        return start + (x - left) * (end - start) / (right - left)

    def pieces(self) -> Iterator[Piece]:
        """The stretches in sight, left to right."""
        knots = list(zip(self.coordinates, self.pixels, strict=True))
        for (start, left), (end, right) in pairwise(knots):
            middle = (start + end) / 2
            is_gap = any(gap.start <= middle <= gap.end for gap in self.gaps)
            yield Piece(start, end, left, right, is_gap)


def axis_map(start: float, end: float, width: float, gaps: Sequence[Gap] = ()) -> AxisMap:
    """The map that shows `start` at pixel 0 and `end` at pixel `width`."""
    scale, folded = _solved(start, end, width, gaps)
    knots, x = [(start, 0.0)], 0.0
    for gap in folded:
        left, right = max(gap.start, start), min(gap.end, end)
        x += (left - knots[-1][0]) * scale
        if left > knots[-1][0]:
            knots.append((left, x))
        x += gap.most_px * (right - left) / gap.length
        knots.append((right, x))
    if knots[-1][0] < end:
        knots.append((end, width))
    else:
        knots[-1] = (end, width)
    return AxisMap(
        scale=scale,
        coordinates=tuple(coordinate for coordinate, _ in knots),
        pixels=tuple(pixel for _, pixel in knots),
        gaps=tuple(folded),
    )


def scale_of(start: float, end: float, width: float, gaps: Sequence[Gap]) -> float:
    """Pixels a unit, when `start` to `end` shall fill `width`."""
    return _solved(start, end, width, gaps)[0]


def collapsed(gaps: Sequence[Gap], scale: float) -> list[Gap]:
    """Those that are drawn narrower than they are."""
    return [gap for gap in gaps if gap.length * scale > gap.most_px * (1 + 1e-9)]


def walk(origin: float, pixels: float, scale: float, gaps: Sequence[Gap]) -> float:
    """The coordinate so many pixels to the right (or, below 0, to the left) of another."""
    folded = collapsed(gaps, scale)
    if pixels < 0:
        mirrored = [Gap(-gap.end, -gap.start, gap.most_px) for gap in reversed(folded)]
        return -_walk_on(-origin, -pixels, scale, mirrored)
    return _walk_on(origin, pixels, scale, folded)


def _solved(start: float, end: float, width: float, gaps: Sequence[Gap]) -> tuple[float, list[Gap]]:
    """The scale, and the gaps collapsed at it: one after the other, longest first, as the
    pixels they free allow. Where nothing but gaps would be left the axis is plain."""
    shares = {
        gap: min(gap.end, end) - max(gap.start, start)
        for gap in gaps
        if gap.end > start and gap.start < end
    }
    scale = plain = width / (end - start)
    while True:
        folded = collapsed(list(shares), scale)
        taken = sum(gap.most_px * shares[gap] / gap.length for gap in folded)
        left = (end - start) - sum(shares[gap] for gap in folded)
        if taken >= width or left <= (end - start) * 1e-9:
            return plain, []
        grown = (width - taken) / left
        if grown <= scale * (1 + 1e-12):
            return scale, folded
        scale = grown


def _walk_on(at: float, pixels: float, scale: float, gaps: Sequence[Gap]) -> float:
    first = bisect_left([gap.end for gap in gaps], at)
    for gap in gaps[first:]:
        room = max(gap.start - at, 0.0) * scale
        if pixels <= room:
            break
        at, pixels = max(at, gap.start), pixels - room
        inside = gap.most_px * (gap.end - at) / gap.length
        if pixels <= inside:
            return at + pixels * gap.length / gap.most_px
        at, pixels = gap.end, pixels - inside
    return at + pixels / scale


def idle_gaps(
    counts: npt.NDArray[Any], first: float, last: float, *, share: float
) -> tuple[Gap, ...]:
    """The stretches of an axis without events that are worth collapsing.

    `counts[bucket]` covers `first` to `last` evenly. A gap takes at least `share` of the axis
    and is much longer than the usual pause; evenly sparse logs have none.
    """
    busy = np.flatnonzero(counts)
    if len(busy) < 2:
        return ()
    pauses = np.diff(busy)
    least = max(share * len(counts), 8 * float(np.median(pauses)), 2.0)
    width = (last - first) / len(counts)
    return tuple(
        Gap(first + float(busy[at] + 1) * width, first + float(busy[at + 1]) * width)
        for at in np.flatnonzero(pauses - 1 >= least)
    )
