"""How often what fails is tried, and how long after each failure."""

from dataclasses import dataclass
from typing import Final

SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """After `attempts` failures in a row it is dead, and waits for a person. The first wait is
    `first_us`; each later one is `factor` times as long, up to `most_us`."""

    attempts: int
    first_us: int
    factor: int
    most_us: int

    def wait_us(self, attempt: int) -> int | None:
        """From the failure of an attempt, counted from 1, to the next one; None after the last."""
        if attempt >= self.attempts:
            return None
        return int(min(self.first_us * self.factor ** (attempt - 1), self.most_us))


# Our own code raised: a model, a process manager. 1, 2, 4 and 8 seconds; five attempts.
HANDLERS: Final = RetryPolicy(attempts=5, first_us=SECOND_US, factor=2, most_us=60 * SECOND_US)
# An outside system did not answer. From 1 second to 10 minutes; eight attempts in 26 minutes.
GATEWAYS: Final = RetryPolicy(attempts=8, first_us=SECOND_US, factor=4, most_us=600 * SECOND_US)
