"""The delivery lab: a projection is fed by disturbed delivery, beside an undisturbed one.

At the end stands a verdict: the same rows, or the first difference; with what the consumer
noticed, what it never applied and what it applied twice.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from replay.lab.delivery import Arrival, Faults, delivered, require_positions
from replay.lab.findings import Finding, Watch
from replay.lab.lab_difference import Difference, differing_keys, first_difference
from replay.lab.memory_rows import MemoryRows
from replay.projection import Key, Projection
from replay.views.hearing import heard_by
from replay.words import said
from store.interface import EventReader

Guard: TypeAlias = Literal["none", "checkpoint", "ids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came to a consumer and what it did, in numbers. All events count, heard or not."""

    delivered: int
    applied: int
    duplicate_count: int  # came again
    gap_count: int  # never came
    inversion_count: int  # came after a later event of their stream
    reordering_count: int  # came after later events of other streams only
    late_count: int  # were published only after a restart, from the outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One projection after a disturbed delivery."""

    view: str
    guard: Guard
    events: int
    seen: Seen
    findings: tuple[Finding, ...]  # all of them, by position
    lost: tuple[int, ...]  # positions that it listens to and never applied
    doubled: tuple[int, ...]  # positions that it applied more than once
    row_count: int
    differing: int  # rows that are not those of undisturbed delivery
    first: Difference | None
    failure: str  # why it stood still on the way, and undisturbed it would not have

    @property
    def is_same(self) -> bool:
        """Whether it ends as after undisturbed delivery."""
        return not self.differing and not self.failure


def run(
    log: EventReader,
    projection: Projection[Any],
    faults: Faults,
    *,
    guard: Guard = "none",
    until: int | None = None,
    on_progress: Callable[[int], None] = lambda _done: None,
    arrivals: Callable[[], Iterable[Arrival]] | None = None,
) -> Verdict:
    """Feed the projection twice, in memory; nothing of the store is touched.

    `arrivals`: what comes to the consumer, each time it is asked; None: what `faults` make of it.
    `guard` is what the consumer does about it: nothing; "checkpoint" ignores what is not behind
    the last position it applied; "ids" ignores what it applied before. Raises NoSuchEvent.
    """
    head = log.head() if until is None else until
    require_positions(faults, head)

    def undisturbed() -> Iterable[Arrival]:
        return map(Arrival, log.read(until=head))

    def disturbed() -> Iterable[Arrival]:
        return delivered(log.read(until=head), faults) if arrivals is None else arrivals()

    good = _Consumer(log, projection, "none")
    for arrival in undisturbed():
        good.take(arrival)
        if arrival.event.position % 1_000 == 0:
            on_progress(arrival.event.position)
    consumer = _Consumer(log, projection, guard)
    for arrival in disturbed():
        consumer.take(arrival)
    keys = differing_keys(good.rows.rows, consumer.rows.rows)
    first = None
    if keys:
        histories = (
            _writes(_Consumer(log, projection, "none", keys=keys), undisturbed()),
            _writes(_Consumer(log, projection, guard, keys=keys), disturbed()),
        )
        first = first_difference(*histories)
    return _verdict(projection, head, good, consumer, differing=len(keys), first=first)


class _Consumer:
    """Takes events as they come, notes what is wrong with that, and applies what its guard lets
    through. Of `keys` it remembers every row that was written."""

    def __init__(
        self,
        log: EventReader,
        projection: Projection[Any],
        guard: Guard,
        *,
        keys: frozenset[Key] = frozenset(),
    ) -> None:
        self.rows = MemoryRows(projection, on_write=self._remember if keys else None)
        self.written: dict[Key, list[tuple[int, Any]]] = {it: [] for it in keys}
        self.applied: Counter[int] = Counter()  # position → times
        self.failure = ""
        self.guard: Guard = guard
        self._log = log
        self._projection = projection
        self._watch = Watch(projection.listens)
        self._at = 0  # position in hand
        self._settled: set[int] = set()  # positions that were dealt with
        self._highest = self._delivered = self._late = 0

    def take(self, arrival: Arrival) -> None:
        """Apply it, unless the guard says otherwise or the consumer crashes."""
        event, position = arrival.event, arrival.event.position
        self._delivered += 1
        self._late += arrival.is_late
        self._watch.take(event)
        if not arrival.is_projected or self.failure or self._is_ignored(position):
            return
        self._settled.add(position)
        self._highest = max(self._highest, position)
        self._at = position
        try:
            for it in heard_by(self._projection, [event]):
                self._projection.apply(self.rows, it, self._log.links(position))
                self.applied[position] += 1
        except Exception as error:  # the edge: a projection may raise anything, then it is parked
            self.failure = said(
                "stopped at {position:,}: {name__}: {error}",
                position=position,
                name__=type(error).__name__,
                error=error,
            )

    def findings(self, head: int) -> tuple[Finding, ...]:
        """What it noticed; gaps show only at the end."""
        return self._watch.findings(head, self._log.event)

    def seen(self, findings: Iterable[Finding]) -> Seen:
        """Its numbers."""
        kinds = Counter(it.kind for it in findings)
        return Seen(
            delivered=self._delivered,
            applied=self.applied.total(),
            duplicate_count=kinds["duplicate"],
            gap_count=kinds["gap"],
            inversion_count=kinds["inversion"],
            reordering_count=kinds["reordering"],
            late_count=self._late,
        )

    def _is_ignored(self, position: int) -> bool:
        match self.guard:
            case "checkpoint":
                return position <= self._highest
            case "ids":
                return position in self._settled
        return False

    def _remember(self, key: Key, row: Any) -> None:
        if key in self.written:
            self.written[key].append((self._at, row))


def _writes(consumer: _Consumer, arrivals: Iterable[Arrival]) -> dict[Key, list[tuple[int, Any]]]:
    for arrival in arrivals:
        consumer.take(arrival)
    return consumer.written


def _verdict(
    projection: Projection[Any],
    head: int,
    good: _Consumer,
    consumer: _Consumer,
    *,
    differing: int,
    first: Difference | None,
) -> Verdict:
    findings = consumer.findings(head)
    return Verdict(
        view=projection.name,
        guard=consumer.guard,
        events=head,
        seen=consumer.seen(findings),
        findings=findings,
        lost=tuple(sorted(good.applied.keys() - consumer.applied.keys())),
        doubled=tuple(sorted(it for it, times in consumer.applied.items() if times > 1)),
        row_count=len(consumer.rows.rows),
        differing=differing,
        first=first,
        failure="" if consumer.failure == good.failure else consumer.failure,
    )
