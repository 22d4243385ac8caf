"""The two times of an event as a file states them, and what our columns cannot hold of them."""

import re
from typing import Any, Final, NamedTuple

from store.reading import fields
from store.times import Moment, is_exact, parse_moment

# Exactly what format_moment gives; years at the edges, and -00:00, take the slower way.
_CANONICAL: Final = re.compile(
    r"[1-8]\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{6}(?:\+\d\d:\d\d|-(?!00:00)\d\d:\d\d)?"
)


class StatedTimes(NamedTuple):
    """What to record; None where the file says nothing and the log's own clock counts."""

    occurred_at_us: int | None
    occurred_offset_min: int | None
    recorded_at_us: int | None
    recorded_offset_min: int | None
    beyond: str  # JSON members with the texts that our columns do not give back
    has_naive: bool

    @property
    def columns(self) -> dict[str, Any]:
        """As arguments of NewEvent."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS: Final = StatedTimes._fields[:4]
UNSTATED: Final = StatedTimes(None, None, None, None, "", False)


def stated_times(occurred: str | None, recorded: str | None) -> StatedTimes:
    """Read the times of one event; where only one is stated it counts for both.

    Raises Unusable.
    """
    if occurred is None and recorded is None:
        return UNSTATED
    happened, happened_is_exact = _read(occurred or recorded or "", "occurred_at")
    if recorded is None or recorded == occurred:
        stored, stored_is_exact = happened, happened_is_exact
    else:
        stored, stored_is_exact = _read(recorded, "recorded_at")
    beyond = []
    if occurred is not None and not happened_is_exact:
        beyond.append(f'"raw_time":{fields.quoted(occurred)}')
    if recorded is not None and not stored_is_exact:
        beyond.append(f'"raw_recorded_time":{fields.quoted(recorded)}')
    has_naive = happened.offset_min is None or stored.offset_min is None
    return StatedTimes(*happened, *stored, ",".join(beyond), has_naive)


def _read(text: str, name: str) -> tuple[Moment, bool]:
    if _CANONICAL.fullmatch(text):
        try:
            return parse_moment(text), True
        except ValueError:
            return fields.moment(text, name), False
    moment = fields.moment(text, name)
    return moment, is_exact(text, moment)
