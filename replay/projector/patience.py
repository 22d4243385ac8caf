"""How long somebody waits for a view to show what they have just written, and how often they look.

The defaults are those of the conference's own site: every 750 ms, for 5 s.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from replay.words import said

POLL_S: Final = 0.75
LIMIT_S: Final = 5.0
STILL_S: Final = 2.0  # with another process that keeps the views and gets no further


def add_patience_argument(parser: argparse.ArgumentParser) -> None:
    """How long a verb waits for a process that keeps the views and gets no further."""
    parser.add_argument(
        "--patience",
        type=float,
        metavar="S",
        help=said("seconds to wait for a process that updates the views but makes no progress (2)"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The clock and the sleep are given by tests."""

    poll_s: float = POLL_S
    limit_s: float = LIMIT_S
    now_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def looks(self) -> Iterator[None]:
        """Once at once, then after every pause, and a last time when the patience is over."""
        end_s = self.now_s() + self.limit_s
        yield
        while (left_s := end_s - self.now_s()) > 0:
            self.sleep(min(self.poll_s, left_s))
            yield


def patience_of(limit_s: float | None) -> Patience:
    """As long as somebody said; as long as is usual when nobody did."""
    return Patience() if limit_s is None else Patience(limit_s=limit_s)
