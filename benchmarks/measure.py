"""Honest timing: the two sides take turns, and what is told is the median of their ratios.

Machines drift: single times say little, ratios within one run say much.
"""

import gc
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from time import perf_counter, process_time
from typing import Final, Literal

ROUNDS: Final = 5


class Size(Enum):
    """How much a benchmark does. Tiny shows that it works, and measures nothing."""

    FULL = "full"
    QUICK = "quick"
    TINY = "tiny"

    def of(self, full: int, *, quick: int, tiny: int) -> int:
        """The one of three numbers that goes with this size."""
        return {Size.FULL: full, Size.QUICK: quick, Size.TINY: tiny}[self]

    def rounds(self, full: int = ROUNDS) -> int:
        """How often both sides take their turn: a quick benchmark is as careful as a full one."""
        return self.of(full, quick=full, tiny=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure and what it must reach."""

    name: str
    figure: float
    unit: str  # of the figure: "× plain", "ms", …
    target: float | None  # None: told for information only
    better: Literal["higher", "lower"]
    detail: str  # the times behind it

    @property
    def is_reached(self) -> bool:
        """Whether the target is met; figures without one always are."""
        if self.target is None:
            return True
        higher = self.better == "higher"
        return self.figure >= self.target if higher else self.figure <= self.target


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes, with the garbage collector at rest."""
    return _spent(work, perf_counter)


def cpu_seconds(work: Callable[[], object]) -> float:
    """What one call takes of a core, whoever else is at work: user and system time of this
    process."""
    return _spent(work, process_time)


def _spent(work: Callable[[], object], clock_s: Callable[[], float]) -> float:
    gc.collect()
    gc.disable()
    try:
        started = clock_s()
        work()
        return clock_s() - started
    finally:
        gc.enable()


def in_turns(
    ours: Callable[[], float], theirs: Callable[[], float], *, rounds: int
) -> tuple[float, float, float]:
    """Both sides by turns after one warm-up. Returns the median of theirs/ours pair by pair
    (how many times as fast we are), and the median seconds of each."""
    ours()
    theirs()
    return median_ratio([(ours(), theirs()) for _ in range(rounds)])


def median_ratio(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """From pairs of seconds (ours, theirs): what `in_turns` tells."""
    ratio = statistics.median(their / our for our, their in pairs)
    return ratio, statistics.median(o for o, _ in pairs), statistics.median(t for _, t in pairs)


def show(results: list[Result]) -> bool:
    """Print a table; False when a target is missed."""
    for it in results:
        bound = "≥" if it.better == "higher" else "≤"
        aim = "" if it.target is None else f"{bound} {it.target:g}"
        verdict = "" if it.target is None else ("ok" if it.is_reached else "MISSED")
        sys.stdout.write(
            f"{it.name:<52} {it.figure:>9.3f} {it.unit:<12} {aim:<8} {verdict:<7} {it.detail}\n"
        )
        sys.stdout.flush()
    return all(it.is_reached for it in results)
