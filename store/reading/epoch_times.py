"""Times that are counted since 1970, as texts with the digits that they had."""

from datetime import UTC, datetime, timedelta
from typing import Final

from store.reading.fields import Unusable
from store.words import said

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NANOSECONDS: Final = 1_000_000_000


def of_milliseconds(count: int, name: str) -> str:
    """`2026-03-14T09:41:09.921+00:00`. Raises Unusable beyond the calendar."""
    try:
        return (_EPOCH + timedelta(milliseconds=count)).isoformat(timespec="milliseconds")
    except OverflowError:
        raise Unusable(said("{name} is outside the calendar", name=name)) from None


def of_nanoseconds(count: int, name: str) -> str:
    """With nine digits behind the second. Raises Unusable beyond the calendar."""
    second, rest = divmod(count, _NANOSECONDS)
    try:
        at = _EPOCH + timedelta(seconds=second)
    except OverflowError:
        raise Unusable(said("{name} is outside the calendar", name=name)) from None
    return f"{at:%Y-%m-%dT%H:%M:%S}.{rest:09d}+00:00"
