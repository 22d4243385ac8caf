"""A step of a scrub in one long stream: on the occurred axis against the recorded one.

One event in five was told late, so the two orders differ all along the stream.
"""

import random
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.measure import Result, Size, in_turns
from replay.states.generic_model import GENERIC
from replay.states.state_at import StateReader
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAM: Final = "long-1"
START_US: Final = 1_700_000_000_000_000
SECOND_US: Final = 1_000_000
LATE_US: Final = 3_000 * SECOND_US  # at most
STEPS: Final = 300


def run(size: Size) -> list[Result]:
    """Random moments of the stream, the same on both axes."""
    count = size.of(200_000, quick=200_000, tiny=2_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, count)
        with reading(path) as log:
            states, chance = StateReader(GENERIC), random.Random(3)
            steps = [START_US + chance.randrange(count) * SECOND_US for _ in range(STEPS)]
            ratio, recorded_s, occurred_s = in_turns(
                partial(_step_s, partial(_as_recorded, log, states), steps),
                partial(_step_s, partial(states.as_occurred, log, STREAM), steps),
                rounds=size.rounds(),
            )
    return [
        Result(
            name=f"occurred axis, a stream of {count:,}",
            figure=ratio,
            unit="× recorded",
            target=1.5,
            better="lower",
            detail=f"a step {occurred_s * 1e3:.2f} ms against {recorded_s * 1e3:.2f} ms",
        )
    ]


def _as_recorded(log: EventReader, states: StateReader[object], at_us: int) -> None:
    states.at(log, STREAM, log.position_as_of(at_us))


def _step_s(step: Callable[[int], object], moments: list[int]) -> float:
    """The mean of all steps, in seconds."""
    return statistics.fmean(_seconds(step, it) for it in moments)


def _seconds(step: Callable[[int], object], at_us: int) -> float:
    started = perf_counter()
    step(at_us)
    return perf_counter() - started


def _fill(path: Path, count: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    writer, chance = Writer(db), random.Random(1)
    with writer.transaction():
        for start in range(0, count, 1_000):
            batch = [_event(number, chance) for number in range(start, start + 1_000)]
            writer.append_inside(STREAM, batch, expected=None)
    db.close()


def _event(number: int, chance: random.Random) -> NewEvent:
    at_us = START_US + number * SECOND_US
    late_us = chance.randrange(LATE_US) if chance.random() < 0.2 else 0
    data = {f"field{number % 50}": number, "note": "x" * 60}
    return NewEvent.of("Noted", data, recorded_at_us=at_us, occurred_at_us=at_us - late_us)
