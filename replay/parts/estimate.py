"""How long a fold takes here and there, before it begins: an estimate from what one view took.

A small log is folded faster here: Spark has to start, and every event is copied twice.
"""

from dataclasses import dataclass
from typing import Final

from replay.words import counted, said

# CPU time of the view `accounts`, measured on two cores; see docs/engines.md. Other views take half
# of it or more, and a core that does other things takes longer.
HERE_PER_EVENT_S: Final = 9e-6
START_S: Final = 7.0  # the session and the first job took 14 s of two cores
THERE_PER_EVENT_S: Final = 6.5e-6  # by one core: read, packed, unpacked, folded, written
JOIN_PER_EVENT_S: Final = 0.6e-6  # here, by one core: the parts put together


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
