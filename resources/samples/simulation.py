"""Simulated time: a clock that jumps to the next thing planned, and units to plan with."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from store.times import parse_moment

MILLISECOND: Final = 1_000  # all in microseconds
SECOND: Final = 1_000 * MILLISECOND
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def moment_us(text: str) -> int:
    """Microseconds since 1970 UTC of a time such as 2026-02-23T09:00+00:00."""
    return parse_moment(text).at_us


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """Something to do at a moment; what was planned first goes first in a tie."""

    at_us: int
    turn: int
    action: Callable[[], object] = field(compare=False)


class Agenda:
    """Does what is planned in the order of time. The clock stands still while it does."""

    def __init__(self, start: str) -> None:
        self.now_us = moment_us(start)
        self._planned: list[Planned] = []
        self._turns = count()

    def at(self, at_us: int, action: Callable[[], object]) -> None:
        """Plan it for a moment; the past is not open to plans."""
        if at_us < self.now_us:
            raise ValueError("planned for a moment that has passed")
        heapq.heappush(self._planned, Planned(at_us, next(self._turns), action))

    def after(self, delay_us: int, action: Callable[[], object]) -> None:
        """Plan it for so long from now."""
        self.at(self.now_us + delay_us, action)

    def run(self) -> None:
        """Do everything planned, and what that plans in turn."""
        while self._planned:
            planned = heapq.heappop(self._planned)
            self.now_us = planned.at_us
            planned.action()
