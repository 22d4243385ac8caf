"""The log in the order in which things occurred: loaded when that axis is chosen."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from store.reader import LogReader

STEP: Final = 20_000  # events read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurredOrder:
    """Occurred times ascending, ties by position; arrays of the same length."""

    occurred_us: npt.NDArray[np.int64]
    positions: npt.NDArray[np.int64]
    types: npt.NDArray[np.int32]  # an index into `names`
    names: tuple[str, ...]
    until: int  # the head that was read up to

    def position_as_of(self, occurred_at_us: int) -> int:
        """The event that had occurred last by a time; 0 when none had."""
        at = int(np.searchsorted(self.occurred_us, occurred_at_us, side="right"))
        return int(self.positions[at - 1]) if at else 0


def load_occurred_order(
    log: LogReader, *, until: int, previous: OccurredOrder | None = None
) -> OccurredOrder:
    """Read what `previous` does not have yet: 20 bytes an event are kept."""
    numbers = {name: at for at, name in enumerate(previous.names if previous else ())}
    parts = [] if previous is None else [(previous.occurred_us, previous.positions, previous.types)]
    for first in range((previous.until if previous else 0) + 1, until + 1, STEP):
        rows = log.moments(first, min(first + STEP - 1, until))
        parts.append(
            (
                np.array([row[3] for row in rows], dtype=np.int64),
                np.array([row[0] for row in rows], dtype=np.int64),
                np.array([numbers.setdefault(row[1], len(numbers)) for row in rows], dtype=np.int32),
            )
        )
    occurred, positions, types = _joined(parts)
    order = np.lexsort((positions, occurred))
    return OccurredOrder(
        occurred_us=occurred[order],
        positions=positions[order],
        types=types[order],
        names=tuple(numbers),
        until=until,
    )


def _joined(
    parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int32]]],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int32)
    return (
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
    )
