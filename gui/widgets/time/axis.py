"""What of an axis is in sight, and how zooming, panning and framing change that."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from gui.widgets.time.axis_map import AxisMap, Gap, axis_map, scale_of, walk

AxisKind: TypeAlias = Literal["position", "time"]

PAD_PX: Final = 6.0  # room beside the first and the last event
# A float holds microseconds of our age to a quarter: closer, the picture would tremble.
SMALLEST_SPAN: Final[dict[AxisKind, float]] = {"position": 8.0, "time": 200.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From the first event to the last; positions, or microseconds since 1970 UTC."""

    kind: AxisKind
    first: float
    last: float
    gaps: tuple[Gap, ...] = ()

    @property
    def smallest_span(self) -> float:
        """The closest that one can zoom."""
        return SMALLEST_SPAN[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewport:
    """The part of an axis that is in sight, `width` pixels wide."""

    start: float
    end: float
    width: float

    @property
    def span(self) -> float:
        """How much of the axis is in sight."""
        return self.end - self.start


def mapping(axis: Axis, view: Viewport) -> AxisMap:
    """Between the coordinates in sight and pixels."""
    return axis_map(view.start, view.end, view.width, axis.gaps)


def frame(axis: Axis, width: float) -> Viewport:
    """Everything there is, with a little room at both ends."""
    first, last = axis.first, axis.last
    missing = axis.smallest_span - (last - first)
    if missing > 0:
        first, last = first - missing / 2, last + missing / 2
    room = max(width - 2 * PAD_PX, 1.0)
    pad = PAD_PX / scale_of(first, last, room, axis.gaps)
    return Viewport(start=first - pad, end=last + pad, width=width)


def zoom(axis: Axis, view: Viewport, factor: float, x: float) -> Viewport:
    """Closer (factor > 1) or wider; the coordinate under pixel `x` stays under it."""
    before = mapping(axis, view)
    origin = before.at(x)
    scale = min(before.scale * factor, view.width / axis.smallest_span)
    start = walk(origin, -x, scale, axis.gaps)
    end = walk(origin, view.width - x, scale, axis.gaps)
    return fit(axis, Viewport(start=start, end=end, width=view.width))


def pan(axis: Axis, view: Viewport, pixels: float) -> Viewport:
    """The same scale, moved: what was at `pixels` comes to the left edge."""
    scale = mapping(axis, view).scale
    start = walk(view.start, pixels, scale, axis.gaps)
    return fit(axis, _from_left(axis, start, view.width, scale))


def fit(axis: Axis, view: Viewport) -> Viewport:
    """Kept from running away: never wider than all there is, nor beside it."""
    scale = mapping(axis, view).scale
    whole = frame(axis, view.width)
    pad = PAD_PX / scale
    if scale <= mapping(axis, whole).scale * (1 + 1e-9):
        return whole
    first, last = axis.first - pad, axis.last + pad
    if axis.last - axis.first < axis.smallest_span:
        first, last = whole.start, whole.end
    if view.start < first:
        return _from_left(axis, first, view.width, scale)
    if view.end > last:
        start = walk(last, -view.width, scale, axis.gaps)
        return Viewport(start=start, end=last, width=view.width)
    return view


def _from_left(axis: Axis, start: float, width: float, scale: float) -> Viewport:
    return Viewport(start=start, end=walk(start, width, scale, axis.gaps), width=width)
