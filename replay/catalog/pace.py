"""How fast a rebuild gets on, and how long it will take; the time that it was held left out."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from replay.catalog.rebuild import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What can be said of a rebuild after one more batch."""

    fraction: float  # of all views that are to be rebuilt
    rate: float | None  # events folded here a second; those of an earlier rebuild do not count
    seconds_left: float | None


class Pace:
    """Make it when the work begins; `estimate` after each batch, in their order."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._view = ""
        self._begun_s = self._estimated_s = clock_s()
        self._held_s = 0.0

    def hold(self, wait: Callable[[], None]) -> None:
        """Wait, without that it counts."""
        since_s = self._clock_s()
        wait()
        self._held_s += self._clock_s() - since_s

    def estimate(self, progress: Progress) -> Estimate:
        """What the progress comes to."""
        now_s = self._clock_s()
        if progress.view != self._view:
            self._view, self._begun_s = progress.view, self._estimated_s
        seconds = now_s - self._begun_s - self._held_s
        self._estimated_s = now_s - self._held_s
        folded = progress.events - progress.resumed_at
        rate = folded / seconds if seconds > 0 and folded > 0 else None
        left = progress.total - progress.events + progress.views_left * progress.total
        share = progress.events / progress.total if progress.total else 1.0
        done = progress.view_count - progress.views_left - 1
        return Estimate(
            fraction=(done + share) / progress.view_count,
            rate=rate,
            seconds_left=left / rate if rate else None,
        )
