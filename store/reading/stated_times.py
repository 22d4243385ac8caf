"""The two times of an event as a file states them, and what to record for them."""

from typing import Any, Final, NamedTuple

from store.provenance import Origin
from store.reading import fields
from store.times import Moment, is_canonical, parse_moment


class StatedTimes(NamedTuple):
    """What to record; None where the file says nothing and the log's own clock counts."""

    occurred_at_us: int | None
    occurred_offset_min: int | None
    recorded_at_us: int | None
    recorded_offset_min: int | None
    occurred: str | None  # the texts as stated
    recorded: str | None
    has_naive: bool
    is_exact: bool  # the numbers give the texts back
    is_unlike: bool = False  # they do not: neither text is one of ours

    @property
    def columns(self) -> dict[str, Any]:
        """As arguments of NewEvent."""
        return {
            "occurred_at_us": self.occurred_at_us,
            "occurred_offset_min": self.occurred_offset_min,
            "recorded_at_us": self.recorded_at_us,
            "recorded_offset_min": self.recorded_offset_min,
        }

    def origin(self, cursor: str | int | None = None) -> Origin:
        """The texts, with the place of the event in its source."""
        return Origin(
            cursor=None if cursor is None else str(cursor),
            occurred_at=self.occurred,
            recorded_at=self.recorded,
            is_exact=self.is_exact,
            is_unlike=self.is_unlike,
        )


COLUMNS: Final = StatedTimes._fields[:4]
UNSTATED: Final = StatedTimes(None, None, None, None, None, None, False, True)


def stated_times(occurred: str | None, recorded: str | None) -> StatedTimes:
    """Read the times of one event; where only one is stated it counts for both.

    Raises Unusable.
    """
    if occurred is None and recorded is None:
        return UNSTATED
    happened, is_exact = _read(occurred or recorded or "", "occurred_at")
    if recorded is None or occurred is None or recorded == occurred:
        stored = happened
    else:
        stored, is_stored_exact = _read(recorded, "recorded_at")
        is_exact = is_exact and is_stored_exact
    has_naive = happened.offset_min is None or stored.offset_min is None
    return StatedTimes(*happened, *stored, occurred, recorded, has_naive, is_exact)


def _read(text: str, name: str) -> tuple[Moment, bool]:
    if is_canonical(text):
        try:
            return parse_moment(text), True
        except ValueError:
            return fields.moment(text, name), False
    return fields.moment(text, name), False  # exact or not: seldom enough to be found out later
