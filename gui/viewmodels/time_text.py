"""A moment as the window writes it, in UTC: with its year where there is more than one."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from gui.words import said

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_US: Final = 60_000_000


def time_text(at_us: int, *, has_year: bool) -> str:
    """`2026-03-14 09:41:09.921`, or `Mar 14 09:41:09.921` where the year goes without saying."""
    minute, rest_us = divmod(at_us, _MINUTE_US)
    second, rest_us = divmod(rest_us, 1_000_000)
    day = _minute_text(minute, has_year)
    return f"{day}:{second:02d}.{rest_us // 1000:03d}"


def full_time_text(at_us: int) -> str:
    """`2026-03-14 09:41:09.921`."""
    return time_text(at_us, has_year=True)


def day_text(at_us: int) -> str:
    """`2026-03-14`; `outside the calendar` where there is no such day."""
    try:
        return f"{_EPOCH + timedelta(microseconds=at_us):%Y-%m-%d}"
    except OverflowError:
        return said("outside the calendar")


def year_of(at_us: float) -> int:
    """The year of a moment. Raises OverflowError beyond the calendar."""
    return (_EPOCH + timedelta(microseconds=at_us)).year


@lru_cache(maxsize=4_096)  # neighbours share it
def _minute_text(minute: int, has_year: bool) -> str:
    at = _EPOCH + timedelta(minutes=minute)
    return f"{at:%Y-%m-%d %H:%M}" if has_year else f"{at:%b %d %H:%M}"
