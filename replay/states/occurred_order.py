"""The events of a stream in the order in which they occurred; ties go by position.

Only where each event stands is held, 40 bytes an event, never its payload: the events that an
answer folds are read by position.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from store.interface import EventReader

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

KEPT: Final = 1_000_000  # events in the orders that are held; the stream longest unused goes first

Int64s: TypeAlias = "npt.NDArray[np.int64]"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurredOrder:
    """Arrays of one length, in that order. Unchanging; any thread."""

    occurred_us: Int64s
    positions: Int64s
    versions: Int64s  # 0 of an event that is only linked into the stream
    latest: Int64s  # the greatest position up to each place
    newest: Int64s  # the greatest version up to each place
    until: int  # the last position that it knows
    known: int | None = None  # only what was recorded up to this position; None: all there is

    def count(self, until_us: int, position: int | None) -> int:
        """How many events had occurred by a time: of those at that very time the ones up to a
        position, or all."""
        import numpy as np  # late: a quarter of the start of a process that may never ask

        end = int(np.searchsorted(self.occurred_us, until_us, side="right"))
        if position is None:
            return end
        start = int(np.searchsorted(self.occurred_us, until_us, side="left"))
        return start + int(np.searchsorted(self.positions[start:end], position, side="right"))

    def known_by(self, position: int | None) -> "OccurredOrder":
        """Only the events that had been recorded up to a position; itself where that is all."""
        if position is None or position >= self.until:
            return self
        is_known = self.positions <= position
        columns = (self.occurred_us, self.positions, self.versions)
        return _order(*(it[is_known] for it in columns), known=position)

    def key(self, index: int) -> tuple[int, int]:
        """What an event is ordered by: when it occurred, and its position."""
        return int(self.occurred_us[index]), int(self.positions[index])


class OccurredOrders:
    """The orders of the streams that were asked for last. Use it under one lock."""

    def __init__(self) -> None:
        self._orders: OrderedDict[str, OccurredOrder] = OrderedDict()

    def of(self, log: EventReader, stream: str) -> tuple[OccurredOrder, tuple[int, int] | None]:
        """The order of a stream as the log is now; and the first key of what is new in it since
        it was asked for last, None where nothing is."""
        known = self._orders.get(stream)
        fresh = log.stream_moments(stream, after=known.until if known else 0)
        if known is None or fresh:
            self._orders[stream] = known = _merged(known, fresh)
        self._orders.move_to_end(stream)
        self._forget_the_oldest()
        first = min(((at_us, position) for position, _, at_us in fresh), default=None)
        return known, first

    def is_newest(self, stream: str, order: OccurredOrder) -> bool:
        """Whether nothing has come in since an order was given."""
        return self._orders.get(stream) is order

    def _forget_the_oldest(self) -> None:
        held = sum(len(it.positions) for it in self._orders.values())
        while held > KEPT and len(self._orders) > 1:
            _, order = self._orders.popitem(last=False)
            held -= len(order.positions)


def _merged(known: OccurredOrder | None, fresh: list[tuple[int, int, int]]) -> OccurredOrder:
    import numpy as np  # late, as above

    table = np.array(fresh, dtype=np.int64).reshape(-1, 3)
    if known is not None:
        held = (known.positions, known.versions, known.occurred_us)
        table = np.concatenate([np.column_stack(held), table])
    table = table[np.lexsort((table[:, 0], table[:, 2]))]
    positions, versions, occurred_us = (np.ascontiguousarray(it) for it in table.T)
    return _order(occurred_us, positions, versions)


def _order(
    occurred_us: Int64s, positions: Int64s, versions: Int64s, *, known: int | None = None
) -> OccurredOrder:
    """Of columns that are in that order already."""
    import numpy as np  # late, as above

    return OccurredOrder(
        occurred_us=occurred_us,
        positions=positions,
        versions=versions,
        latest=np.maximum.accumulate(positions),
        newest=np.maximum.accumulate(versions),
        until=int(positions.max(initial=0)),
        known=known,
    )
