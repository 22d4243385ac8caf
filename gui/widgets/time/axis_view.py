"""What of the axis is in sight, and how hands and keys move it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gui.widgets.time.axis import Axis, AxisKind, Viewport, fit, frame, mapping, pan, zoom
from gui.widgets.time.axis_map import GAP_PX, AxisMap, Gap, walk

REVEAL_SHARE: Final = 0.2  # where the playhead comes back into sight
GAPS_SHARE: Final = 0.6  # all collapsed gaps together never take more of the width
COVERING: Final = 0.95  # a gap that is nearly all there is to see is not collapsed


class AxisView:
    """A viewport on an axis. Every change keeps it within the axis."""

    def __init__(self) -> None:
        self.axis = Axis(kind="time", first=0.0, last=1.0)
        self.view = frame(self.axis, 1.0)
        self.is_framed = True  # everything is in sight; then it stays so while the axis grows
        self._map = mapping(self.axis, self.view)

    @property
    def map(self) -> AxisMap:
        """Between the coordinates in sight and pixels of the plot."""
        return self._map

    @property
    def whole(self) -> AxisMap:
        """Between all coordinates and pixels, without collapsed gaps: the overview."""
        plain = Axis(kind=self.axis.kind, first=self.axis.first, last=self.axis.last)
        return mapping(plain, frame(plain, self.view.width))

    def set_axis(self, axis: Axis, *, keep_view: bool) -> None:
        """Another axis, or the same one grown."""
        self.axis = axis
        self._narrow_gaps(self.view.width)
        if keep_view and not self.is_framed:
            self._open_covering(self.view.start, self.view.end)
            self._take(fit(self.axis, self.view))
        else:
            self.frame_all()

    def can_grow(self, kind: AxisKind) -> bool:
        """Whether an axis of this kind can become longer with nothing in sight moved: somebody has
        zoomed in, and it is the same axis."""
        return not self.is_framed and kind == self.axis.kind

    def grow(self, first: float, last: float) -> None:
        """There is more before or behind what is in sight; that stays where it is."""
        self.axis = replace(self.axis, first=first, last=last)
        self._take(self.view)

    def set_width(self, width: float) -> None:
        """As many pixels as there are now; what is in sight stays in sight."""
        if self.is_framed:
            self._take(frame(self.axis, width), is_framed=True)
        else:
            self._take(
                fit(self.axis, Viewport(start=self.view.start, end=self.view.end, width=width))
            )

    def frame_all(self) -> None:
        """Show everything there is."""
        self._take(frame(self.axis, self.view.width), is_framed=True)

    def show(self, start: float, end: float) -> None:
        """Bring a range into sight."""
        self._open_covering(start, end)
        missing = max(self.axis.smallest_span - (end - start), 0.0)
        wanted = Viewport(start=start - missing / 2, end=end + missing / 2, width=self.view.width)
        self._take(fit(self.axis, wanted))

    def zoom(self, factor: float, x: float) -> None:
        """Closer or wider, with what is under pixel `x` kept there."""
        self._take(zoom(self.axis, self.view, factor, x))

    def pan(self, pixels: float) -> None:
        """Towards later (or, below 0, earlier)."""
        self._take(pan(self.axis, self.view, pixels))

    def put(self, coordinate: float, x: float) -> None:
        """Pan until a coordinate stands on a pixel, as far as the axis goes."""
        start = walk(coordinate, -x, self.map.scale, self.axis.gaps)
        end = walk(start, self.view.width, self.map.scale, self.axis.gaps)
        self._take(fit(self.axis, Viewport(start=start, end=end, width=self.view.width)))

    def reveal(self, coordinate: float) -> bool:
        """Pan only if a coordinate is out of sight, and then with room ahead of it."""
        if self.view.start <= coordinate <= self.view.end:
            return False
        share = REVEAL_SHARE if coordinate > self.view.end else 1 - REVEAL_SHARE
        self.put(coordinate, share * self.view.width)
        return True

    def collapsed_at(self, x: float) -> Gap | None:
        """The collapsed gap under a pixel."""
        coordinate = self.map.at(x)
        gaps = self.map.gaps
        at = bisect_left([gap.end for gap in gaps], coordinate)
        return gaps[at] if at < len(gaps) and gaps[at].start <= coordinate else None

    def _narrow_gaps(self, width: float) -> None:
        """Many gaps in a small panel are drawn narrower still."""
        gaps = self.axis.gaps
        most_px = min(GAP_PX, GAPS_SHARE * width / max(len(gaps), 1))
        self._set_gaps([gap._replace(most_px=most_px) for gap in gaps])

    def _open_covering(self, start: float, end: float) -> None:
        """Who asks to see the inside of a gap shall see it."""
        bound = COVERING * (end - start)
        self._set_gaps(
            [it for it in self.axis.gaps if min(it.end, end) - max(it.start, start) < bound]
        )

    def _set_gaps(self, gaps: Sequence[Gap]) -> None:
        self.axis = replace(self.axis, gaps=tuple(gaps))

    def _take(self, view: Viewport, *, is_framed: bool | None = None) -> None:
        self.view = view
        self._map = mapping(self.axis, view)
        whole = frame(self.axis, view.width)
        shows_all = view.start <= whole.start and view.end >= whole.end
        self.is_framed = shows_all if is_framed is None else is_framed
