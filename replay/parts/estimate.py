"""How long a fold takes here and there, before it begins: measured constants, so it is a guess.

On one machine a plain fold is faster: Spark has to start, and every event is copied twice.
"""

from dataclasses import dataclass
from typing import Final

from replay.words import counted, said

# Seconds on two cores that have nothing else to do; see docs/engines.md.
HERE_PER_EVENT_S: Final = 9e-6
START_S: Final = 8.0
THERE_PER_EVENT_S: Final = 14e-6  # by one core: read, packed, unpacked, folded, written
JOIN_PER_EVENT_S: Final = 4e-6  # here, by one core: the parts put together


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds."""

    here_s: float
    there_s: float

    def sentence(self, events: int, master: str) -> str:
        """For a person, before it begins."""
        named = counted("{count:,} event", "{count:,} events", events)
        return said(
            "{there_are}: about {there:,.0f} s on {master}, about {here:,.0f} s by a plain "
            "rebuild here",
            there_are=named,
            there=max(1, self.there_s),
            master=master,
            here=max(1, self.here_s),
        )


def estimate(events: int, *, workers: int) -> Estimate:
    """Of so many events; `workers` is how many parts are folded at once."""
    shared = events * THERE_PER_EVENT_S / workers
    there = START_S + shared + events * JOIN_PER_EVENT_S
    return Estimate(here_s=events * HERE_PER_EVENT_S, there_s=there)
