"""The clock while pictures are drawn: it stands still, here and in the processes that are started,
so that a picture is the same on any day."""

import os
from typing import Final

from store.times import CLOCK, format_moment, parse_moment

NOON: Final = "2026-03-31T12:00:00Z"  # the day after the conference's last event
_MINUTE_US: Final = 60_000_000


def put_clock(*, minutes: int) -> None:
    """Let it stand at so many minutes after NOON."""
    os.environ[CLOCK] = format_moment(parse_moment(NOON).at_us + minutes * _MINUTE_US)
