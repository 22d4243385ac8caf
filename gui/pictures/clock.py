"""The clock while pictures are drawn: it stands still, and work takes as long each time, also in
the processes that are started. So a picture is the same on any day and machine."""

import os
from typing import Final

from store.stopwatch import PACE
from store.times import CLOCK, format_moment, parse_moment

NOON: Final = "2026-03-31T12:00:00Z"  # the day after the conference's last event
ITEM_US: Final = 5.0  # to fold an event, or to read one
_MINUTE_US: Final = 60_000_000


def put_clock(*, minutes: int) -> None:
    """Let it stand at so many minutes after NOON."""
    os.environ[CLOCK] = format_moment(parse_moment(NOON).at_us + minutes * _MINUTE_US)


def put_pace() -> None:
    """Let each item of any work take as long as the others."""
    os.environ[PACE] = str(ITEM_US)
