"""Where people live, and what their clocks say."""

from dataclasses import dataclass
from typing import Final

from resources.samples.simulation import moment_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    name: str
    offset_min: int  # east of UTC, in winter
    summers: tuple[tuple[int, int], ...] = ()  # spans in which the clock is an hour ahead

    def offset_at(self, at_us: int) -> int:
        """Minutes east of UTC on a clock there at that moment."""
        is_summer = any(first <= at_us < last for first, last in self.summers)
        return self.offset_min + 60 * is_summer


def _span(first: str, last: str) -> tuple[int, int]:
    return moment_us(first), moment_us(last)


_EUROPEAN_SUMMERS: Final = (
    _span("2025-03-30T01:00+00:00", "2025-10-26T01:00+00:00"),
    _span("2026-03-29T01:00+00:00", "2026-10-25T01:00+00:00"),
)

BERLIN: Final = Place(name="Berlin", offset_min=60, summers=_EUROPEAN_SUMMERS)
LISBON: Final = Place(name="Lisbon", offset_min=0, summers=_EUROPEAN_SUMMERS)
NEW_YORK: Final = Place(
    name="New York",
    offset_min=-300,
    summers=(_span("2026-03-08T07:00+00:00", "2026-11-01T06:00+00:00"),),
)
PACIFIC_COAST: Final = Place(
    name="Pacific coast",
    offset_min=-480,
    summers=(
        _span("2005-04-03T10:00+00:00", "2005-10-30T09:00+00:00"),
        _span("2006-04-02T10:00+00:00", "2006-10-29T09:00+00:00"),
    ),
)
HONOLULU: Final = Place(name="Honolulu", offset_min=-600)
YOKOHAMA: Final = Place(name="Yokohama", offset_min=540)
HONG_KONG: Final = Place(name="Hong Kong", offset_min=480)
LAGOS: Final = Place(name="Lagos", offset_min=60)
PUNE: Final = Place(name="Pune", offset_min=330)
SHANGHAI: Final = Place(name="Shanghai", offset_min=480)
