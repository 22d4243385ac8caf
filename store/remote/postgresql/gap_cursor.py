"""Where reading goes on in a store whose numbers have gaps: the last number, the id of its event,
and the numbers before it that may still come.

As text: `120:ID`, or `120;97,101-104:ID`. The id tells whether the event there is still the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

MOST: Final = 1_000  # numbers that are looked for at a time
WIDEST: Final = 10_000  # numbers behind the last one in which they are looked for, as Axon does
_WRITTEN: Final = re.compile(r"(\d+)(?:;([\d,-]+))?:(.*)", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapCursor:
    """In the order of numbers, behind `position`."""

    position: int = 0
    id: str = ""
    gaps: tuple[int, ...] = ()  # before it, in order

    @property
    def text(self) -> str:
        """Opaque to everybody else."""
        gaps = f";{_ranges(self.gaps)}" if self.gaps else ""
        return f"{self.position}{gaps}:{self.id}"

    def came(self, position: int, id_: str, *, keeps_gaps: bool) -> "GapCursor":
        """Behind an event: the next one, or one that fills a gap. With `keeps_gaps` numbers that
        are missing before it may still come."""
        if position <= self.position:
            return replace(self, gaps=tuple(it for it in self.gaps if it != position))
        gaps = self.gaps
        if keeps_gaps and position > self.position + 1:
            first = max(self.position + 1, position - MOST)
            gaps = (*gaps, *range(first, position))
        if gaps and (gaps[0] < position - WIDEST or len(gaps) > MOST):
            gaps = tuple(it for it in gaps if it >= position - WIDEST)[-MOST:]
        return GapCursor(position=position, id=id_, gaps=gaps)


def read_cursor(text: str | None) -> GapCursor | None:
    """None for what is no such cursor."""
    if text is None:
        return GapCursor()
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    position, gaps, id_ = found.groups()
    return GapCursor(position=int(position), id=id_, gaps=tuple(_numbers(gaps or "")))


def _ranges(numbers: Iterable[int]) -> str:
    runs = groupby(enumerate(numbers), key=lambda it: it[1] - it[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ",".join(str(it[0]) if len(it) == 1 else f"{it[0]}-{it[-1]}" for it in ends)


def _numbers(text: str) -> Iterable[int]:
    for run in filter(None, text.split(",")):
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)
