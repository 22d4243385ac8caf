"""The delivery lab: a projection is fed by disturbed delivery, beside an undisturbed one.

A consumer sees what came twice, what is missing and what came too early, by position. At the end
stands a verdict: the same rows, or the first that differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import msgspec

from replay.delivery import Faults, delivered
from replay.memory_rows import MemoryRows
from replay.projection import Key, Projection
from store import json_text
from store.events import RecordedEvent
from store.reader import LogReader

Guard: TypeAlias = Literal["none", "checkpoint", "ids"]

NAMED: Final = 20  # positions of each fault that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a consumer noticed of its delivery; the positions are the first ones of each kind."""

    delivered: int
    applied: int
    duplicate_count: int
    duplicates: tuple[int, ...]  # came again
    inversion_count: int
    inversions: tuple[int, ...]  # came after a later one
    gap_count: int
    gaps: tuple[int, ...]  # never came


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One projection after a disturbed delivery. `difference` is empty when it is the same."""

    view: str
    guard: Guard
    events: int
    seen: Seen
    row_count: int
    differing: int
    difference: str  # the first row that differs

    @property
    def is_same(self) -> bool:
        """Whether the rows are those of undisturbed delivery."""
        return not self.differing


def run(
    log: LogReader,
    projection: Projection[Any],
    faults: Faults,
    *,
    guard: Guard = "none",
    until: int | None = None,
    on_progress: Callable[[int], None] = lambda _done: None,
) -> Verdict:
    """Feed the projection twice, in memory; nothing of the store is touched.

    `guard` is what the consumer does about it: nothing; "checkpoint" ignores what is not behind
    the last position it applied; "ids" ignores what it applied before. Raises whatever the
    projection raises.
    """
    head = log.head() if until is None else until
    good, disturbed = MemoryRows(projection), MemoryRows(projection)
    undisturbed = _Consumer(log, projection, good, "none")
    for event in log.read(until=head):
        undisturbed.take(event)
        if event.position % 1_000 == 0:
            on_progress(event.position)
    consumer = _Consumer(log, projection, disturbed, guard)
    for event in delivered(log.read(until=head), faults):
        consumer.take(event)
    differing, difference = _compare(good.rows, disturbed.rows)
    return Verdict(
        view=projection.name, guard=guard, events=head, seen=consumer.seen(head),
        row_count=len(disturbed.rows), differing=differing, difference=difference,
    )  # fmt: skip


class _Consumer:
    """Takes events as they come, and notes what is wrong with that."""

    def __init__(
        self, log: LogReader, projection: Projection[Any], rows: MemoryRows, guard: Guard
    ) -> None:
        self._log = log
        self._projection = projection
        self._rows = rows
        self._guard = guard
        self._positions: set[int] = set()
        self._highest = self._delivered = self._applied = 0
        self._duplicates: list[int] = []
        self._inversions: list[int] = []

    def take(self, event: RecordedEvent) -> None:
        """Apply it, unless the guard says otherwise."""
        position = event.position
        self._delivered += 1
        is_again, is_behind = position in self._positions, position <= self._highest
        if is_again:
            self._duplicates.append(position)
        elif is_behind:
            self._inversions.append(position)
        self._positions.add(position)
        self._highest = max(self._highest, position)
        is_ignored = is_behind if self._guard == "checkpoint" else is_again
        listens = self._projection.listens
        if self._guard != "none" and is_ignored:
            return
        if listens is None or event.type in listens:
            self._projection.apply(self._rows, event, self._log.links(position))
            self._applied += 1

    def seen(self, head: int) -> Seen:
        """What it noticed; gaps show only at the end."""
        gaps = [it for it in range(1, head + 1) if it not in self._positions]
        return Seen(
            delivered=self._delivered, applied=self._applied,
            duplicate_count=len(self._duplicates), duplicates=tuple(self._duplicates[:NAMED]),
            inversion_count=len(self._inversions), inversions=tuple(self._inversions[:NAMED]),
            gap_count=len(gaps), gaps=tuple(gaps[:NAMED]),
        )  # fmt: skip


def _compare(good: dict[Key, Any], disturbed: dict[Key, Any]) -> tuple[int, str]:
    count, first = 0, ""
    for key in sorted({*good, *disturbed}, key=str):
        one, other = good.get(key), disturbed.get(key)
        if one == other:
            continue
        count += 1
        first = first or f"{key}: undisturbed {_told(one)}, disturbed {_told(other)}"
    return count, first


def _told(row: Any) -> str:
    return "no row" if row is None else json_text.encode(msgspec.structs.asdict(row))
