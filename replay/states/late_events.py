"""Events that came late: they occurred before something that their stream already held.

An event belongs to its home stream; those that are linked into it count, too. What an event is
late by never changes, as nothing is recorded before it any more.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from replay.states.occurred_order import OccurredOrders
from replay.words import counted, said
from store.interface import EventReader

STREAMS_KEPT: Final = 100_000  # what was longest unused goes first
FIRST: Final = 10  # positions that are told
PAGE: Final = 2_000  # events


class Placed(Protocol):
    """What is asked of an event."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> str: ...
    @property
    def occurred_at_us(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """One late event: where it stands, and where it would have been."""

    position: int
    after: int  # the event of its stream that it occurred next to, and behind; 0: before them all
    overtaken: int  # events recorded before it that occurred after it

    @property
    def words(self) -> str:
        """`Recorded late: it occurred after the event at 12, before 3 events recorded earlier.`"""
        before = counted(
            "before {count:,} event of its stream that was recorded earlier",
            "before {count:,} events of its stream that were recorded earlier",
            self.overtaken,
        )
        if not self.after:
            return said("Recorded late: it occurred {before}, as the first one.", before=before)
        return said(
            "Recorded late: it occurred after the event at {after:,}, {before}.",
            after=self.after,
            before=before,
        )


def late_mark(late: Late) -> str:
    """In a line: `late, after 12`."""
    if not late.after:
        return said("late, first")
    return said("late, after {after}", after=late.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """As far as it was looked through."""

    until: int = 0
    latest_us: int | None = None  # that anything up to there occurred at
    late: frozenset[int] = frozenset()  # positions of events that live in it


class LateEvents:
    """For one log. Any thread; each stream is looked through once."""

    def __init__(self) -> None:
        self._keeping = threading.Lock()
        self._streams: OrderedDict[str, _Stream] = OrderedDict()
        self._orders = OccurredOrders()

    def of(self, log: EventReader, events: Iterable[Placed]) -> dict[int, Late]:
        """Those of these events that came late, by position."""
        found = {}
        for it in events:
            if it.position in self._looked(log, it.stream, it.position).late:
                found[it.position] = self._late(log, it)
        return found

    def _looked(self, log: EventReader, stream: str, until: int) -> _Stream:
        with self._keeping:
            seen = self._streams.get(stream, _Stream())
            if stream in self._streams:
                self._streams.move_to_end(stream)
        if seen.until >= until:
            return seen
        seen = _looked_on(seen, log.stream_moments(stream, after=seen.until))
        with self._keeping:
            self._streams[stream] = seen
            while len(self._streams) > STREAMS_KEPT:
                self._streams.popitem(last=False)
        return seen

    def _late(self, log: EventReader, event: Placed) -> Late:
        with self._keeping:
            order, _ = self._orders.of(log, event.stream)
        at = order.count(event.occurred_at_us, event.position) - 1
        behind = order.positions[at + 1 :]
        return Late(
            position=event.position,
            after=int(order.positions[at - 1]) if at else 0,
            overtaken=int(np.count_nonzero(behind < event.position)),
        )


def _looked_on(seen: _Stream, fresh: list[tuple[int, int, int]]) -> _Stream:
    if not fresh:
        return seen
    table = np.array(fresh, dtype=np.int64).reshape(-1, 3)
    positions, versions, occurred_us = table.T
    floor = np.iinfo(np.int64).min if seen.latest_us is None else seen.latest_us
    latest = np.maximum.accumulate(np.concatenate([[floor], occurred_us]))
    is_late = (occurred_us < latest[:-1]) & (versions > 0)
    return _Stream(
        until=int(positions[-1]),
        latest_us=int(latest[-1]),
        late=seen.late.union(positions[is_late].tolist()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LateType:
    """All late events of one type."""

    type: str
    count: int
    of: int  # events of that type
    positions: tuple[int, ...]  # of the first ten

    @property
    def words(self) -> str:
        """How many of how many, and what that is."""
        return said(
            "{count:,} of {value:,} {type}: they occurred before an event that their stream "
            "already held",
            count=self.count,
            value=self.of,
            type=self.type,
        )


def find_late(
    log: EventReader, *, on_progress: Callable[[int, int], None] = lambda _done, _total: None
) -> list[LateType]:
    """By type, by name. Reads the whole log once, and holds one time for each stream."""
    head, latest_us = log.head(), dict[str, int]()
    counts, late = dict[str, int](), dict[str, list[int]]()
    for first in range(1, head + 1, PAGE):
        last = min(first + PAGE - 1, head)
        links = log.links_between(first, last)
        for it in log.page(first, last):
            counts[it.type] = counts.get(it.type, 0) + 1
            at_us = it.occurred_at_us
            if at_us < latest_us.get(it.stream, at_us):
                late.setdefault(it.type, []).append(it.position)
            for stream in (it.stream, *links.get(it.position, ())):
                latest_us[stream] = max(at_us, latest_us.get(stream, at_us))
        on_progress(last, head)
    return [
        LateType(type=type_, count=len(it), of=counts[type_], positions=tuple(it[:FIRST]))
        for type_, it in sorted(late.items())
    ]
