"""Moments as whole microseconds since 1970 UTC, with the offset they were written with.

Text form: RFC 3339, for example 2026-03-14T09:41:09.921000+01:00. A time without an offset
(a naive one) is read as UTC and reported as naive, never taken as local time.
"""

import os
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, NamedTuple

CLOCK: Final = "FOLDLINE_CLOCK"  # a moment at which the clock stands still
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH: Final = datetime(1970, 1, 1)
_SECOND: Final = timedelta(seconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)
_CANONICAL: Final = re.compile(
    r"[1-8]\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}"
    r"(?:\+\d\d:[0-5]\d|-(?!00:00)\d\d:[0-5]\d)?"
)
_LONG_FRACTION = re.compile(r"(?<=[.,]\d{6})\d+")
DAYS_KEPT: Final = 1_024  # as text
_MINUTES: Final = tuple(f"{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60))
_SECONDS: Final = tuple(f"{second:02}." for second in range(60))
_LEAP_SECOND = re.compile(r"([Tt ]\d\d:\d\d):60")


class Moment(NamedTuple):
    at_us: int  # microseconds since 1970-01-01T00:00:00Z, may be negative
    offset_min: int | None  # minutes east of UTC as written; None when the text had no offset


def parse_moment(text: str) -> Moment:
    """Read an ISO 8601 / RFC 3339 time; `t` and `z` may be small (RFC 3339, 5.6). Digits beyond
    microseconds are cut, not rounded; so are seconds of an offset.

    Raises ValueError when `text` is no time.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.fromisoformat(_trimmed(text))
    if at.tzinfo is UTC:
        return Moment((at - _EPOCH) // _MICROSECOND, 0)
    if at.tzinfo is None:
        return Moment((at - _NAIVE_EPOCH) // _MICROSECOND, None)
    offset = at.utcoffset() or timedelta()
    return Moment((at - _EPOCH) // _MICROSECOND, int(offset / timedelta(minutes=1)))


def format_moment(at_us: int, offset_min: int | None = 0) -> str:
    """The canonical text: six fraction digits and an offset; naive times have none."""
    if not offset_min:
        second, fraction_us = divmod(at_us, 1_000_000)
        minute, second = divmod(second, 60)
        day, minute = divmod(minute, len(_MINUTES))
        offset = "" if offset_min is None else "+00:00"
        return f"{_day(day)}{_MINUTES[minute]}{_SECONDS[second]}{fraction_us:06}{offset}"
    zone = timezone(timedelta(minutes=offset_min))
    return (
        (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone).isoformat(timespec="microseconds")
    )


@lru_cache(maxsize=DAYS_KEPT)
def _day(number: int) -> str:
    """A day by its number since 1970: few events are the first of their day."""
    return f"{(_NAIVE_EPOCH + timedelta(days=number)).date().isoformat()}T"


def is_exact(text: str, moment: Moment) -> bool:
    """Whether `format_moment` gives the very text."""
    if not is_canonical(text):
        return format_moment(*moment) == text
    try:
        return parse_moment(text) == moment
    except ValueError:
        return False


def is_canonical(text: str) -> bool:
    """Whether a text is written as `format_moment` does it: then it is exact, if it is a time.

    Of years at the edges this says no, and so of -00:00.
    """
    return _CANONICAL.fullmatch(text) is not None


def now_us() -> int:
    """The wall clock, in microseconds since 1970 UTC.

    Where FOLDLINE_CLOCK names a moment, it stands there, for this process and those it starts:
    what is made then is the same on any day. Raises ValueError for what is no moment.
    """
    if held := os.environ.get(CLOCK):
        return parse_moment(held).at_us
    return (datetime.now(UTC) - _EPOCH) // _MICROSECOND


def _trimmed(text: str) -> str:
    """Cut digits below a microsecond, and read a leap second as the last one before it."""
    trimmed = _LONG_FRACTION.sub("", text.strip())
    trimmed = _LEAP_SECOND.sub(r"\1:59", trimmed)
    if trimmed.endswith("z"):
        return trimmed[:-1] + "+00:00"
    return trimmed[:-4] + "+00:00" if trimmed.endswith(" UTC") else trimmed
