"""What a check of a log found, each problem of a kind that says what happened to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

REPORTED: Final = 100  # problems named at most; the rest is only counted

# changed: a row is not what was recorded · missing · added: beside the chain · reordered: it was
# recorded at another place · chain: a row is whole, and does not follow the one before it ·
# unreadable: on a damaged page · version, link, time: numbers that do not go together · guard: a
# table, an index, a trigger or a view is not the one that was made · index: it differs from its
# table · page: the structure of the file is damaged.
Kind: TypeAlias = Literal[
    "changed",
    "missing",
    "added",
    "reordered",
    "chain",
    "unreadable",
    "version",
    "link",
    "time",
    "guard",
    "index",
    "page",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is not as it was recorded."""

    position: int | None  # of the event concerned; None when it is about no single event
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What a check found. `problems` holds the first hundred of `problem_count`."""

    events: int
    problem_count: int
    problems: tuple[Problem, ...]
    first_position: int | None = None  # the first one that fails
    unchained_events: int = 0  # recorded before the chain began: a checksum covers them
    beside_rows: int = 0  # that are chained beside the events
    unchained_rows: int = 0  # beside the events, from before the chain: nothing covers them

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return self.problem_count == 0


class Findings:
    """Problems as they are found: all counted, the first hundred kept."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[Problem] = []
        self.first_position: int | None = None

    def take(self, problems: Iterable[Problem]) -> None:
        """Take all that a check finds."""
        for it in problems:
            self.count += 1
            if len(self.kept) < REPORTED:
                self.kept.append(it)
            if it.position is not None:
                first = self.first_position
                self.first_position = it.position if first is None else min(first, it.position)
