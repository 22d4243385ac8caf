"""What folding costs here, measured, how long the streams are, and how often to save."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from replay.states.fold import fold
from replay.states.model import Model
from store.interface import EventReader
from store.stopwatch import Stopwatch

LENGTHS: Final = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)  # upper ends
BUDGET_S: Final = 2.0  # for the curve; what is longer is not measured, and that is said
WARMING: Final = 100  # events folded before, so that the first ones are not told too dear
GOAL_MS: Final = 10.0  # a state that is loaded in this time is not felt


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What folding costs here, and how many events to let lie between snapshots."""

    us_per_event: float  # of the longest stream, at its longest measured length
    curve: tuple[tuple[int, float], ...]  # (events, milliseconds)
    is_whole: bool  # the curve goes to the end of the longest stream
    histogram: tuple[tuple[int, int], ...]  # (upper end of the length, streams)
    longest: tuple[tuple[str, int], ...]
    every: int | None  # None: no stream is long enough to be felt


def advise(log: EventReader, model: Model[Any], found: list[tuple[str, int]]) -> Advice:
    """`found`: the lengths of all streams, the longest first; `model`: of the longest one.

    Raises MissingUpcast.
    """
    curve = list(_curve(log, model, *found[0])) if found else []
    per_event = curve[-1][1] * 1_000 / curve[-1][0] if curve else 0.0
    every = max(int(round(GOAL_MS * 1_000 / per_event, -2)), 100) if per_event else None
    is_felt = every is not None and found[0][1] > every
    return Advice(
        us_per_event=per_event,
        curve=tuple(curve),
        is_whole=not curve or curve[-1][0] >= found[0][1],
        histogram=_histogram([it for _, it in found]),
        longest=tuple(found[:5]),
        every=every if is_felt else None,
    )


def _histogram(sizes: list[int]) -> tuple[tuple[int, int], ...]:
    ends = zip((0, *LENGTHS), LENGTHS, strict=False)
    counts = ((end, sum(low < it <= end for it in sizes)) for low, end in ends)
    return tuple((end, count) for end, count in counts if count)


def _curve(
    log: EventReader, model: Model[Any], stream: str, length: int
) -> Iterator[tuple[int, float]]:
    """Milliseconds to load the first 1, 2, 5, 10, … events and fold them, and the whole stream,
    until the time is used up."""
    fold(model, log.read_stream(stream, limit=WARMING))
    begun = time.perf_counter()
    for wanted in _steps(length):
        started, watch = time.perf_counter(), Stopwatch()
        done = fold(model, log.read_stream(stream, limit=wanted)).events
        took_s, ended = watch.seconds(done), time.perf_counter()
        yield done, took_s * 1_000
        if (ended - begun) + 2.5 * (ended - started) > BUDGET_S:  # what the next one will take
            return


def _steps(length: int) -> Iterator[int]:
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step >= length:
                yield length
                return
            yield step
        power *= 10
