"""The ticks of a ruler, and how a moment or a span is written. Times are UTC."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from gui.widgets.time.axis import AxisKind
from gui.words import said

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
MONTH: Final = 30.44 * DAY
MONTHS: Final = (
    said("Jan"),
    said("Feb"),
    said("Mar"),
    said("Apr"),
    said("May"),
    said("Jun"),
    said("Jul"),
    said("Aug"),
    said("Sep"),
    said("Oct"),
    said("Nov"),
    said("Dec"),
)

_FINE: Final = tuple(10**power * factor for power in range(6) for factor in (1, 2, 5))
_CLOCK: Final = (
    *(SECOND * n for n in (1, 2, 5, 10, 15, 30)),
    *(MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(HOUR * n for n in (1, 2, 3, 6, 12)),
)
_DAYS: Final = (DAY, 2 * DAY, 7 * DAY, 14 * DAY)
_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 300, 600, 1_200, 6_000, 12_000)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_US: Final = -62_135_596_800 * SECOND  # year 1
_LAST_US: Final = 253_402_300_799 * SECOND  # year 9999
_UNITS: Final = (
    (365.25 * DAY, "y"),
    (DAY, "d"),
    (HOUR, "h"),
    (MINUTE, "min"),
    (SECOND, "s"),
    (1_000, "ms"),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line on the ruler; `is_major` where the day, the year or the thousands turn."""

    coordinate: float
    label: str
    is_major: bool = False


def ticks(start: float, end: float, *, scale: float, kind: AxisKind) -> list[Tick]:
    """The labelled lines between two coordinates, left to right, with room for each label.

    `scale` is pixels a unit. Times beyond the calendar (years 1 to 9999) have none.
    """
    if kind == "position":
        return list(_position_ticks(start, end, 76 / scale))
    start, end = max(start, _FIRST_US), min(end, _LAST_US)
    if start >= end:
        return []
    step = next((it for it in (*_FINE, *_CLOCK, *_DAYS) if it * scale >= _room_px(it)), None)
    if step is not None and step >= DAY:
        return list(_day_ticks(start, end, step // DAY))
    if step is not None:
        return list(_clock_ticks(start, end, step))
    months = next((it for it in _MONTHS if it * MONTH * scale >= 64), _MONTHS[-1])
    return list(_month_ticks(start, end, months))


def count_text(count: int) -> str:
    """A number with its thousands apart."""
    return f"{count:,}"


def moment_text(coordinate: float, kind: AxisKind, *, scale: float = 1.0) -> str:
    """A coordinate as precise as `scale` (pixels a unit) can show it."""
    if kind == "position":
        return count_text(round(coordinate))
    if not _FIRST_US <= coordinate <= _LAST_US:
        return f"{coordinate:.0f} µs"
    at = _date(round(coordinate))
    text = f"{at:%Y-%m-%d %H:%M}"
    if scale * MINUTE > 8:
        text += f":{at:%S}"
    if scale * SECOND > 8:
        text += f".{at.microsecond:06d}" if scale > 0.008 else f".{at.microsecond // 1_000:03d}"
    return text


def context_text(coordinate: float, kind: AxisKind, *, scale: float) -> str:
    """What the labels leave out: the day or the year at the left edge, and the zone."""
    if kind == "position":
        return "position"
    if not _FIRST_US <= coordinate <= _LAST_US:
        return "UTC"
    at = _date(int(coordinate))
    if scale * 12 * HOUR >= _room_px(12 * HOUR):
        return f"{MONTHS[at.month - 1]} {at.day:02d}, {at.year} · UTC"
    if scale * _DAYS[-1] >= _room_px(DAY):
        return f"{at.year} · UTC"
    return "UTC"


def span_text(length: float, kind: AxisKind) -> str:
    """How long a stretch is, in its largest unit."""
    if kind == "position":
        return count_text(round(length))
    for unit, name in _UNITS:
        if length >= unit:
            amount = length / unit
            return f"{amount:.0f} {name}" if amount >= 9.95 else f"{amount:.2g} {name}"
    return f"{length:.0f} µs"


def _room_px(step: int) -> float:
    """The room a label of this step needs."""
    if step >= DAY:
        return 64
    if step >= MINUTE:
        return 60
    if step >= SECOND:
        return 76
    return 96 if step >= 1_000 else 116


def _position_ticks(start: float, end: float, least: float) -> Iterator[Tick]:
    step = _nice(least)
    for at in range(max(int(-(-start // step)) * step, 0), int(end // 1) + 1, step):
        yield Tick(float(at), count_text(at), at % (10 * step) == 0)


def _nice(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not less."""
    unit = 1
    while True:
        for factor in (1, 2, 5):
            if unit * factor >= least:
                return unit * factor
        unit *= 10


def _clock_ticks(start: float, end: float, step: int) -> Iterator[Tick]:
    for at in range(int(-(-start // step)) * step, int(end // 1) + 1, step):
        yield Tick(float(at), *_clock_label(_date(at), step))


def _clock_label(at: datetime, step: int) -> tuple[str, bool]:
    if (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0):
        return _day_label(at), True
    if step >= MINUTE:
        return f"{at:%H:%M}", False
    clock = f"{at:%H:%M:%S}"
    if step >= SECOND:
        return clock, at.second == 0
    digits = 3 if step >= 1_000 else 6
    return f"{clock}.{f'{at.microsecond:06d}'[:digits]}", at.microsecond == 0


def _day_ticks(start: float, end: float, step: int) -> Iterator[Tick]:
    """Every few days, counted anew from the first of each month: a new month is never missed."""
    for at in range(int(-(-start // DAY)) * DAY, int(end // 1) + 1, DAY):
        day = _date(at)
        days_left = monthrange(day.year, day.month)[1] + 1 - day.day
        if (day.day - 1) % step == 0 and days_left >= step * 0.85:
            yield Tick(float(at), _day_label(day), (day.month, day.day) == (1, 1))


def _day_label(at: datetime) -> str:
    """A new year says its number, any other day its month and day."""
    if (at.month, at.day) == (1, 1):
        return str(at.year)
    return f"{MONTHS[at.month - 1]} {at.day:02d}"


def _month_ticks(start: float, end: float, step: int) -> Iterator[Tick]:
    at = _date(int(start))
    first = -(-(at.year * 12 + at.month - 1) // step) * step
    for month in range(first, 10_000 * 12, step):
        turn = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        coordinate = (turn - _EPOCH) / timedelta(microseconds=1)
        if coordinate > end:
            return
        if coordinate >= start:
            is_january = turn.month == 1
            label = f"{turn.year}" if is_january else f"{MONTHS[turn.month - 1]}"
            yield Tick(coordinate, label, is_january and step < 12)


def _date(at_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at_us)
