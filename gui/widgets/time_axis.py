"""Between coordinates and pixels, and the ticks of a ruler.

A coordinate is a position (1, 2, 3 …) or microseconds since 1970 UTC; both are exact in a
float up to 2^53, which for microseconds is the year 2255.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

AxisKind: TypeAlias = Literal["position", "time"]

TICK_PX: Final = 96  # least room between two labels
SMALLEST_SPAN: Final = {"position": 4.0, "time": 20.0}
_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_FINE: Final = tuple(unit * factor for unit in (1, 10, 100, 1_000, 10_000, 100_000)
                     for factor in (1, 2, 5))  # fmt: skip
_CLOCK: Final = tuple(
    seconds * _SECOND
    for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800,
                    21_600, 43_200)
)  # fmt: skip
_DAYS: Final = (_DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY)
_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line on the ruler; `is_major` where the day (or the thousands) turn."""

    coordinate: float
    label: str
    is_major: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewport:
    """The part of an axis that is in sight, `width` pixels wide."""

    start: float
    end: float
    width: float

    def x_of(self, coordinate: float) -> float:
        """The pixel of a coordinate; outside the width when it is out of sight."""
        return (coordinate - self.start) / (self.end - self.start) * self.width

    def at(self, x: float) -> float:
        """The coordinate under a pixel."""
        return self.start + x / self.width * (self.end - self.start)

    def zoomed(self, factor: float, *, around: float, smallest: float) -> "Viewport":
        """Closer (factor > 1) or wider, with the coordinate `around` kept under its pixel."""
        span = max((self.end - self.start) / factor, smallest)
        share = (around - self.start) / (self.end - self.start)
        start = around - share * span
        return replace(self, start=start, end=start + span)

    def panned(self, pixels: float) -> "Viewport":
        """The same span, moved so that what was at `pixels` comes to the left edge."""
        by = pixels / self.width * (self.end - self.start)
        return replace(self, start=self.start + by, end=self.end + by)

    def within(self, first: float, last: float) -> "Viewport":
        """Kept from running away: a span never wider than all there is, nor beside it."""
        room = max(last - first, 1.0)
        margin = room * 0.02
        span = min(self.end - self.start, room + 2 * margin)
        start = min(max(self.start, first - margin), last + margin - span)
        return replace(self, start=start, end=start + span)


def ticks(view: Viewport, kind: AxisKind) -> list[Tick]:
    """The labelled lines of a ruler, left to right, with room for each label."""
    per_tick = (view.end - view.start) / max(view.width, 1.0) * TICK_PX
    if kind == "position":
        return _position_ticks(view, per_tick)
    step = next((it for it in (*_FINE, *_CLOCK, *_DAYS) if it >= per_tick), None)
    return _month_ticks(view, per_tick) if step is None else _clock_ticks(view, step)


def _position_ticks(view: Viewport, per_tick: float) -> list[Tick]:
    step = _nice(per_tick)
    first = max(int(-(-view.start // step)) * step, 0)
    return [
        Tick(float(at), f"{at:,}".replace(",", "\u2009"))
        for at in range(first, int(view.end) + 1, step)
    ]


def _nice(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not less."""
    unit = 1
    while True:
        for factor in (1, 2, 5):
            if unit * factor >= least:
                return unit * factor
        unit *= 10


def _clock_ticks(view: Viewport, step: int) -> list[Tick]:
    first = int(-(-view.start // step)) * step
    made: list[Tick] = []
    for at in range(first, int(view.end) + 1, step):
        is_midnight = at % _DAY == 0
        made.append(Tick(float(at), _clock_label(at, step, is_midnight, not made), is_midnight))
    return made


def _clock_label(at_us: int, step: int, is_midnight: bool, is_first: bool) -> str:
    at = _EPOCH + timedelta(microseconds=at_us)
    if step >= _DAY:
        return f"{at:%b %d %Y}" if is_first else f"{at:%b %d}"
    if is_midnight:
        return f"{at:%b %d}"
    clock = f"{at:%H:%M}" if step >= 60 * _SECOND else f"{at:%H:%M:%S}"
    if step < _SECOND:
        digits = 3 if step >= 1_000 else 6
        clock += f".{at.microsecond:06d}"[: digits + 1]
    return f"{at:%b %d} {clock}" if is_first else clock


def _month_ticks(view: Viewport, per_tick: float) -> list[Tick]:
    step = next((it for it in _MONTHS if it * 28 * _DAY >= per_tick), _MONTHS[-1])
    start = _EPOCH + timedelta(microseconds=max(view.start, -6e16))
    month = (start.year * 12 + start.month - 1) // step * step
    made: list[Tick] = []
    while month < 9_999 * 12:
        at = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        coordinate = (at - _EPOCH) / timedelta(microseconds=1)
        if coordinate > view.end:
            break
        if coordinate >= view.start:
            is_january = at.month == 1
            label = f"{at:%Y}" if is_january else f"{at:%b %Y}"
            made.append(Tick(coordinate, label, is_january))
        month += step
    return made
