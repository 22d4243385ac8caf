"""Which events a damaged log has lost, and where those that are left stand without them."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import islice
from typing import Final

from msgspec import Struct

from store.copies.evidence import Lost, Readable

NAMED: Final = 1_000  # spans and streams at most


class LostSpan(Struct, frozen=True, kw_only=True):
    """Positions behind one another that were lost in the same way."""

    first: int
    last: int
    is_damaged: bool  # rows are there that are not what was written; else nothing was found


class LostVersions(Struct, frozen=True, kw_only=True):
    """Versions of a stream that are missing. Those behind its last readable event are known only
    where a damaged row names them."""

    stream: str
    versions: tuple[tuple[int, int], ...]  # first and last of each gap


class Losses:
    """Counted once, over every position in order."""

    def __init__(self) -> None:
        self.events = self.count = self.renumbered = 0
        self._spans: list[LostSpan] = []
        self._before: list[int] = []  # lost events before each span
        self._gaps: dict[str, list[tuple[int, int]]] = {}
        self._versions: dict[str, tuple[int, int]] = {}  # of each stream: the last one, how many

    @classmethod
    def of(cls, events: Iterable[Readable | Lost]) -> "Losses":
        """Of every position up to the head."""
        losses = cls()
        for it in events:
            if isinstance(it, Lost):
                losses._lose(it)
            else:
                losses._keep(it)
        return losses

    @property
    def span_count(self) -> int:
        """How many there are."""
        return len(self._spans)

    @property
    def stream_count(self) -> int:
        """How many streams lack versions."""
        return len(self._gaps)

    def spans(self) -> tuple[LostSpan, ...]:
        """The first ones, by position."""
        return tuple(self._spans[:NAMED])

    def streams(self) -> tuple[LostVersions, ...]:
        """The first ones that lack versions, in the order in which that was noticed."""
        named = islice(self._gaps.items(), NAMED)
        return tuple(LostVersions(stream=it, versions=tuple(gaps)) for it, gaps in named)

    def position(self, old: int) -> int:
        """How many events up to an old position are left: where the last of them stands now."""
        at = bisect_right(self._spans, old, key=lambda it: it.first)
        if not at:
            return old
        span = self._spans[at - 1]
        return old - self._before[at - 1] - (min(old, span.last) - span.first + 1)

    def is_lost(self, old: int) -> bool:
        """Whether the event that stood there is."""
        at = bisect_right(self._spans, old, key=lambda it: it.first)
        return bool(at) and old <= self._spans[at - 1].last

    def _keep(self, it: Readable) -> None:
        self.events += 1
        stream, version = str(it.facts[0]), int(it.facts[1])
        last, kept = self._versions.get(stream, (0, 0))
        self._note_gap(stream, last + 1, version - 1)
        self._versions[stream] = (version, kept + 1)
        self.renumbered += bool(self.count) or version != kept + 1

    def _lose(self, it: Lost) -> None:
        if self._spans and self._continues(it):
            last = self._spans[-1]
            self._spans[-1] = LostSpan(
                first=last.first, last=it.position, is_damaged=last.is_damaged
            )
        else:
            self._before.append(self.count)
            span = LostSpan(first=it.position, last=it.position, is_damaged=it.is_damaged)
            self._spans.append(span)
        self.count += 1
        last_version, kept = self._versions.get(it.stream, (0, 0))
        if it.stream and it.version == last_version + 1:
            self._note_gap(it.stream, it.version, it.version)
            self._versions[it.stream] = (it.version, kept)

    def _continues(self, it: Lost) -> bool:
        last = self._spans[-1]
        return last.last + 1 == it.position and last.is_damaged == it.is_damaged

    def _note_gap(self, stream: str, first: int, last: int) -> None:
        if first <= last:
            self._gaps.setdefault(stream, []).append((first, last))
