"""How fast events come, how fast each view folds them, and whether it will ever catch up.

Rates are over the last seconds. Both count positions: a view passes over the events that it does
not listen to, and that takes time too.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from msgspec import Struct

from replay.words import said

WINDOW_S: Final = 5.0
SAMPLE_S: Final = 0.5  # between two samples
LEAST_S: Final = 1.0  # nothing is said of a shorter time
MINUTE_S: Final = 60


class Rates(Struct, frozen=True, kw_only=True):
    """Of one view. A rate is in events a second."""

    coming: float  # appended to the log
    folded: float
    seconds_left: float | None  # until it shows the head; None when never, or when nobody knows
    is_losing: bool  # events come faster than it folds them: never at this rate

    @property
    def words(self) -> str:
        """When it will have caught up, for a person; empty when nobody knows."""
        if self.is_losing:
            return said("never at this rate")
        return (
            ""
            if self.seconds_left is None
            else said("in {seconds_left}", seconds_left=duration(self.seconds_left))
        )

    @property
    def sentence(self) -> str:
        """The same with what is meant; empty when nobody knows."""
        if self.is_losing:
            return said("never up to date at this rate")
        return said("up to date {words}", words=self.words) if self.words else ""


@dataclass(frozen=True, slots=True)
class _Sample:
    at_s: float
    head: int
    shown: Mapping[str, int]


class RateGauge:
    """Look as often as you like; a sample is taken twice a second. One thread."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._samples: deque[_Sample] = deque()
        self._rates: dict[str, Rates] = {}

    def look(self, head: int, shown: Mapping[str, int]) -> dict[str, Rates]:
        """The rates of the views that have been seen for long enough. `shown` are the positions
        that they have come to."""
        now_s, samples = self._clock_s(), self._samples
        if samples and now_s - samples[-1].at_s < SAMPLE_S:
            return self._rates
        samples.append(_Sample(now_s, head, dict(shown)))
        while now_s - samples[0].at_s > WINDOW_S:
            samples.popleft()
        if now_s - samples[0].at_s >= LEAST_S:
            self._rates = {name: self._of(name) for name in shown if name in samples[0].shown}
        else:
            self._rates = {}
        return self._rates

    def _of(self, name: str) -> Rates:
        samples = [it for it in self._samples if name in it.shown]
        first, last = samples[0], samples[-1]
        seconds = last.at_s - first.at_s
        coming = (last.head - first.head) / seconds
        steps = (max(b.shown[name] - a.shown[name], 0) for a, b in pairwise(samples))
        folded = sum(steps) / seconds
        lag = last.head - last.shown[name]
        has_kept_up = any(it.shown[name] >= it.head for it in samples)
        gains = folded if has_kept_up else folded - coming
        return Rates(
            coming=round(coming, 1),
            folded=round(folded, 1),
            seconds_left=0.0 if lag <= 0 else round(lag / gains, 1) if gains > 0 else None,
            is_losing=lag > 0 and gains <= 0,
        )


def duration(seconds: float) -> str:
    """`450 ms`, `3.2 s`, `12 min`, `5 h`, `3 days`."""
    if seconds < 1:
        return said("{seconds:.0f} ms", seconds=seconds * 1000)
    if seconds < MINUTE_S:
        return f"{seconds:.1f} s"
    if seconds < MINUTE_S**2:
        return said("{seconds:.0f} min", seconds=seconds / MINUTE_S)
    hours = seconds / MINUTE_S**2
    return f"{hours:.0f} h" if hours < 48 else said("{hours:.0f} days", hours=hours / 24)
