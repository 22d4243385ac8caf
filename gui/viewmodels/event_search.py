"""The search of a filter over the whole log, step by step: the first hits come early, and one knows
how far it is. On reader threads."""

from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Final

import numpy as np

from gui.viewmodels.event_pages import Positions
from gui.words import said
from gui.work.reads import Reads
from replay.errors import UnknownField
from replay.questions.first_hits import first_hits
from replay.questions.unknown_fields import require_known_fields
from store.query import EventQuery

STEP_S: Final = 0.1
SPAN: Final = 1 << 15  # positions looked through between two looks at the clock
WIDER: Final = 4  # times as many, where they took a small part of a step

_NONE: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Found:
    """What a search has found so far of the positions up to `goal`."""

    query: EventQuery
    goal: int
    until: int = 0  # up to where it has looked
    scanned: Positions = field(default_factory=lambda: _NONE)
    ahead: Positions = field(default_factory=lambda: _NONE)  # hits behind `until`, by the index
    why_none: str = ""  # a field that no event has
    is_growth: bool = False  # the log was looked through before, and has grown

    @property
    def positions(self) -> Positions:
        """All hits that are known, ascending."""
        return np.concatenate((self.scanned, self.ahead)) if len(self.ahead) else self.scanned

    @property
    def is_whole(self) -> bool:
        """Whether all was looked through."""
        return self.until >= self.goal

    @property
    def share(self) -> float:
        """How much of it, from 0 to 1."""
        return self.until / self.goal if self.goal else 1.0


def next_step(reads: Reads, *, found: Found) -> Found:
    """Look on for a tenth of a second. Where the first step finds nothing, the index of words may
    know hits that lie ahead."""
    more, until = list[int](), found.until
    started, span = perf_counter(), _first_span(found)
    while until < found.goal:
        before = perf_counter()
        last = min(until + span, found.goal)
        more += reads.log.positions(found.query, after=until, until=last)
        until = last
        span *= WIDER if perf_counter() - before < STEP_S / WIDER**2 else 1
        if perf_counter() - started > STEP_S:
            break
    scanned = np.concatenate((found.scanned, np.array(more, dtype=np.int64)))
    ahead = found.ahead[found.ahead > until]
    if not found.until and not more:
        ahead = _ahead(reads, found, until)
    is_in_vain = until >= found.goal and not len(scanned) and not found.is_growth
    why_none = _why_none(reads, found.query) if is_in_vain else ""
    return replace(found, until=until, scanned=scanned, ahead=ahead, why_none=why_none)


def _first_span(found: Found) -> int:
    """What an index finds at once is asked for at once."""
    return max(found.goal - found.until, 1) if found.query.is_narrow else SPAN


def _ahead(reads: Reads, found: Found, until: int) -> Positions:
    hits = first_hits(reads.views(), reads.log, found.query, after=until, until=found.goal)
    return np.array(hits, dtype=np.int64)


def _why_none(reads: Reads, query: EventQuery) -> str:
    """A field of the filter that no event has, and what was meant."""
    try:
        if query.where is not None:
            require_known_fields(reads.log, query.where)
    except UnknownField as error:
        meant = (
            said(": did you mean {close}?", close=" or ".join(error.close)) if error.close else "."
        )
        return said(
            "No event has the {what} {field}{meant}",
            what=error.what,
            field=error.field,
            meant=meant,
        )
    return ""
