"""How long work took, as people are told it."""

import os
from time import perf_counter
from typing import Final

PACE: Final = "FOLDLINE_PACE"  # microseconds that each item takes, whatever it really took


class Stopwatch:
    """It runs from when it is made. For figures that are shown, not for limits: those go on with
    the clock of the machine."""

    __slots__ = ("_began_s",)

    def __init__(self) -> None:
        self._began_s = perf_counter()

    def seconds(self, items: int = 1) -> float:
        """Since it was made, for so many items of work.

        Where FOLDLINE_PACE names microseconds, each item took that long, in this process and those
        it starts: what has to look the same each time is drawn so. Raises ValueError when it is no
        number.
        """
        if pace_us := os.environ.get(PACE):
            return items * float(pace_us) / 1_000_000
        return perf_counter() - self._began_s
