"""Cumulative counts by type along one axis, and how many events lie before a coordinate."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from replay.timeline.timeline_counts import Int64s

Counts: TypeAlias = npt.NDArray[np.uint32]
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Knots:
    """Runs of events: run n reaches from `first[n]` to just before `last[n]`, and
    `before[type, n]` events of a type lie before it. `before` has one column more, the totals.
    """

    first: Floats
    last: Floats
    before: Counts

    @property
    def extent(self) -> tuple[float, float]:
        """From the first event to just behind the last; (0, 1) when there are none."""
        if not len(self.first):
            return 0.0, 1.0
        return float(self.first[0]), float(self.last[-1])

    def counts_before(self, coordinates: Floats) -> Int64s:
        """How many events lie before each coordinate: [type, coordinate].

        Exact where a run begins or ends; inside a run its events are taken as evenly spread.
        """
        runs = len(self.first)
        if not runs:
            return np.zeros((len(self.before), len(coordinates)), np.int64)
        run = np.searchsorted(self.last, coordinates, side="right")
        inside = np.minimum(run, runs - 1)
        length = self.last[inside] - self.first[inside]
        share = np.clip((coordinates - self.first[inside]) / np.maximum(length, 1e-9), 0.0, 1.0)
        share[run == runs] = 0.0
        low: Int64s = self.before[:, run].astype(np.int64)
        step = self.before[:, np.minimum(run + 1, runs)] - low
        return low + np.floor(step * share).astype(np.int64)


def cumulated(counts: Counts) -> Counts:
    """`before` of runs with `counts[run, type]`."""
    runs, types = counts.shape
    before = np.zeros((types, runs + 1), np.uint32)
    np.cumsum(counts.T, axis=1, out=before[:, 1:])
    return before


def joined_knots(steps: Knots, spans: Knots, *, gap_share: float = 1 / 8) -> Knots:
    """Knots of the same events by steps of equal count and by spans of equal length: exact
    where a step or a span begins or ends.

    Steps are fine where much happens, spans show where nothing does. A boundary within events
    of one moment is no exact one, and is left out.
    """
    if not len(steps.first):
        return steps
    at, column = _step_points(steps, gap_share)
    begin, end = steps.extent
    edges = np.clip(np.concatenate([spans.first, spans.last]), begin, end)
    span = np.arange(len(spans.first))
    columns = np.concatenate(
        [steps.before[:, column], spans.before[:, span], spans.before[:, span + 1]], axis=1
    )
    points, kept = np.unique(np.concatenate([at, edges]), return_index=True)
    return Knots(first=points[:-1], last=points[1:], before=columns[:, kept])


def _step_points(steps: Knots, gap_share: float) -> tuple[Floats, Int64s]:
    """Coordinates before which an exact number of events lies, and its column in `before`."""
    gap = steps.first[1:] - (steps.last[:-1] - 1)  # from event to event
    is_exact = gap > 0
    is_wide = is_exact & (gap > gap_share * (steps.last[1:] - steps.first[1:]))
    boundary = np.arange(1, len(steps.first))
    ends = len(steps.first)
    at = [steps.first[:1], steps.first[1:][is_exact], steps.last[:-1][is_wide], steps.last[-1:]]
    column = [np.array([0]), boundary[is_exact], boundary[is_wide], np.array([ends])]
    return np.concatenate(at), np.concatenate(column).astype(np.int64)
