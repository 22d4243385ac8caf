"""How many of the listed events stand where on the time panel's axis."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gui.selection import Axis
from gui.viewmodels.event_order import EventOrder
from gui.viewmodels.event_pages import Positions
from replay.timeline.timeline_index import TimelineIndex

Edges = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ListedDensity:
    """Of the positions that a filter has let through so far, ascending. Unchanging."""

    positions: Positions
    order: EventOrder | None = None  # of the occurred axis, once it is there

    def counts(self, edges: Edges, index: TimelineIndex, axis: Axis) -> npt.NDArray[np.uint32]:
        """counts[0, bin]: a look-up in memory. By time an edge is exact to a step of the index, as
        all counts of the panel are."""
        if axis == "occurred":
            before = self._occurred_before(edges)
        else:
            places = edges if axis == "position" else positions_at(edges, index)
            before = np.searchsorted(self.positions, np.ceil(places), side="left")
        return np.diff(before)[None, :].astype(np.uint32)

    def _occurred_before(self, edges: Edges) -> npt.NDArray[np.int64]:
        if self.order is None:
            return np.zeros(len(edges), np.int64)
        known = self.positions[self.positions <= self.order.until] - 1
        times = self.order.occurred_us[np.sort(self.order.places[known])]
        return np.searchsorted(times, edges, side="left")


def positions_at(edges: Edges, index: TimelineIndex) -> Edges:
    """About the first position recorded at or after each time: by the steps of the index, evenly
    within one."""
    facts, first, last = index.steps.facts, index.position.first, index.position.last
    if not len(facts):
        return np.ones_like(edges)
    low, high = facts[:, 1].astype(np.float64), facts[:, 2].astype(np.float64)
    run = np.minimum(np.searchsorted(high, edges, side="left"), len(high) - 1)
    share = np.clip((edges - low[run]) / np.maximum(high[run] - low[run], 1.0), 0.0, 1.0)
    inside = first[run] + share * (last[run] - 1 - first[run])
    return np.where(edges > high[run], last[run], inside)
