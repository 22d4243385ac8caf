"""Steps of the timeline: a row for every STEP positions, the last one growing."""

from itertools import pairwise
from typing import Any, Final

import numpy as np

from replay.timeline.timeline_counts import Int64s, packed, unpacked

STEP: Final = 256  # positions


def steps_of(
    positions: Int64s, types: Int64s, recorded: Int64s, occurred: Int64s
) -> list[tuple[Any, ...]]:
    """The rows of the steps that the events fall into."""
    number = (positions - 1) // STEP
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(positions)]
    return [
        (int(number[start]), *_step(types[start:end], recorded[start:end], occurred[start:end]))
        for start, end in pairwise(edges)
    ]


def _step(types: Int64s, recorded: Int64s, occurred: Int64s) -> tuple[Any, ...]:
    return (
        len(types),
        packed(np.bincount(types)),
        int(recorded[0]),
        int(recorded[-1]),
        int(occurred.min()),
        int(occurred.max()),
    )


def joined(begun: tuple[Any, ...], more: tuple[Any, ...]) -> tuple[Any, ...]:
    """One step from its beginning and what came later."""
    return (
        begun[0],
        begun[1] + more[1],
        packed(unpacked(begun[2], more[2])),
        begun[3],
        more[4],
        min(begun[5], more[5]),
        max(begun[6], more[6]),
    )
