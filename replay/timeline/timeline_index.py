"""The timeline in memory: how many events of each type lie between any two coordinates.

What is kept are cumulative counts at knots (every 256 positions, and every span of time), so a
count is a subtraction of two look-ups for all pixels and types at once, and its cost does not
grow with the log. A count is off by at most one step at either edge, and exact over everything;
by time it is exact while no more than BUCKETS moments hold events.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from replay.timeline.timeline_counts import PAIR, Int64s
from replay.timeline.timeline_knots import Counts, Floats, Knots, cumulated, joined_knots
from replay.timeline.timeline_view import STEP
from replay.words import said

Axis: TypeAlias = Literal["position", "recorded", "occurred"]

CELLS: Final = 8_000_000  # counts kept for an axis; with more types times steps, steps are joined

MOST_TYPES: Final = 1_000  # counted apart; those that appeared later are counted together
OTHERS: Final = said("… other types")

HAS_TABLES: Final = """
SELECT count(*) FROM sqlite_schema
WHERE name IN ('projections', 'timeline', 'timeline_recorded_scale')
"""
KNOWN: Final = "SELECT generation, checkpoint FROM projections WHERE name = 'timeline'"
TYPES: Final = "SELECT type FROM timeline_types ORDER BY id LIMIT ?"
STEPS: Final = """
SELECT counts, event_count, recorded_first_us, recorded_last_us, occurred_min_us, occurred_max_us
FROM timeline WHERE step >= ? ORDER BY step
"""
SCALE: Final = "SELECT exponent FROM timeline_scale"
BUCKETS: Final = """
SELECT counts, bucket FROM timeline_buckets WHERE last_position > ? ORDER BY bucket
"""
RECORDED_SCALE: Final = "SELECT exponent FROM timeline_recorded_scale"
RECORDED_BUCKETS: Final = """
SELECT counts, bucket FROM timeline_recorded_buckets WHERE last_position > ? ORDER BY bucket
"""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Rows:
    """Rows of a table of counts: `facts[row]` beside `counts[row, type]`."""

    facts: Int64s
    counts: Counts


_NO_STEPS: Final = _Rows(facts=np.zeros((0, 5), np.int64), counts=np.zeros((0, 0), np.uint32))
_NO_BUCKETS: Final = (
    0,
    _Rows(facts=np.zeros((0, 1), np.int64), counts=np.zeros((0, 0), np.uint32)),
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TimelineIndex:
    """Frozen; made by `load`. Rows of every answer are in the order of `types`, of which the last
    is OTHERS where there are more than MOST_TYPES."""

    types: tuple[str, ...]
    totals: Counts
    indexed_until: int  # the position up to which events are counted
    generation: int
    exponent: int
    steps: _Rows  # facts: size, recorded first and last, occurred least and greatest
    buckets: _Rows  # facts: bucket of occurred time
    recorded_exponent: int
    recorded_buckets: _Rows  # facts: bucket of recorded time
    position: Knots
    recorded: Knots
    occurred: Knots

    @staticmethod
    def load(db: sqlite3.Connection, previous: "TimelineIndex | None" = None) -> "TimelineIndex":
        """Read the index from the views file; with `previous`, only what is new.

        `previous` must come from the views of the same log; it is what comes back when nothing
        has changed. Empty while there is no timeline.
        """
        db.execute("BEGIN")
        try:
            return _load(db, previous)
        finally:
            db.execute("ROLLBACK")

    def counts(self, edges: Floats, axis: Axis) -> Counts:
        """How many events of each type lie in each bin: [type, bin], `edges` ascending.

        A bin holds the coordinates from its left edge to just before its right one.
        Coordinates are positions, or microseconds since 1970 UTC; on the recorded axis an
        event stands at the running maximum of recorded-at.
        """
        before = self._knots(axis).counts_before(np.asarray(edges, np.float64))
        return np.diff(before, axis=1).astype(np.uint32)

    def extent(self, axis: Axis) -> tuple[float, float]:
        """From the first event to just behind the last one; (0, 1) when there are none."""
        return self._knots(axis).extent

    def coordinate_of(self, position: int, axis: Axis) -> float:
        """About where the event stands, at most one step off. The log knows exactly:
        `running_max_us(position)`, `event(position).occurred_at_us`."""
        if axis == "position" or not len(self.position.first):
            return float(position)
        run = int(np.searchsorted(self.position.last, position, side="right"))
        run = min(run, len(self.position.first) - 1)
        first, last = self.position.first[run], self.position.last[run]
        share = min(max((position - first) / max(last - 1 - first, 1.0), 0.0), 1.0)
        low, high = self.steps.facts[run, 1:3] if axis == "recorded" else self.steps.facts[run, 3:]
        return float(low + share * (high - low))

    def positions_about(self, recorded_us: float) -> tuple[int, int]:
        """Two positions between which, both included, lies the last one whose running maximum
        of recorded-at is at most a time; ask the log for that of those in between."""
        runs, last_us = len(self.steps.facts), self.steps.facts[:, 2]
        run = int(np.searchsorted(last_us + 1.0, recorded_us, side="right"))
        low = int(self.position.last[run - 1]) - 1 if run else 0
        return low, int(self.position.last[run]) - 1 if run < runs else self.indexed_until

    def _knots(self, axis: Axis) -> Knots:
        if axis == "position":
            return self.position
        return self.recorded if axis == "recorded" else self.occurred


def _load(db: sqlite3.Connection, previous: TimelineIndex | None) -> TimelineIndex:
    generation, checkpoint = _known(db)
    if not checkpoint:
        return _index(generation=generation)
    if previous is not None and previous.generation == generation:
        if previous.indexed_until == checkpoint:
            return previous
        if previous.indexed_until > checkpoint:
            previous = None
    else:
        previous = None
    types = _types(db)
    known_until = previous.indexed_until if previous else 0
    exponent, buckets = _read_buckets(
        db,
        SCALE,
        BUCKETS,
        types=len(types),
        known_until=known_until,
        known=(previous.exponent, previous.buckets) if previous else _NO_BUCKETS,
    )
    recorded_exponent, recorded_buckets = _read_buckets(
        db,
        RECORDED_SCALE,
        RECORDED_BUCKETS,
        types=len(types),
        known_until=known_until,
        known=(previous.recorded_exponent, previous.recorded_buckets) if previous else _NO_BUCKETS,
    )
    return _index(
        types=types,
        indexed_until=checkpoint,
        generation=generation,
        steps=_read_steps(db, previous, types=len(types), events=checkpoint),
        exponent=exponent,
        buckets=buckets,
        recorded_exponent=recorded_exponent,
        recorded_buckets=recorded_buckets,
    )


def number_of_type(id_: int) -> int:
    """The place of a type in `TimelineIndex.types`, by its number in the views, from 1."""
    return min(id_, MOST_TYPES) - 1


def _types(db: sqlite3.Connection) -> tuple[str, ...]:
    found = tuple(str(name) for (name,) in db.execute(TYPES, [MOST_TYPES + 1]))
    return found if len(found) <= MOST_TYPES else (*found[: MOST_TYPES - 1], OTHERS)


def _known(db: sqlite3.Connection) -> tuple[int, int]:
    """Generation and checkpoint of the timeline; zeros when there is none yet."""
    if db.execute(HAS_TABLES).fetchone()[0] < 3:
        return 0, 0
    row = db.execute(KNOWN).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def _read_steps(
    db: sqlite3.Connection, previous: TimelineIndex | None, *, types: int, events: int
) -> _Rows:
    """The steps; those that were full before are taken from `previous`."""
    joined = _joined_steps(types, events)
    old = previous.steps if previous and joined == 1 else _NO_STEPS
    full = int(np.count_nonzero(old.facts[:, 0] == STEP))
    rows = db.execute(STEPS, [full]).fetchall()
    number = np.arange(len(rows)) // joined
    new = _Rows(
        facts=_join([row[1:] for row in rows], np.flatnonzero(np.diff(number, prepend=-1))),
        counts=_counts([row[0] for row in rows], number, types=types),
    )
    return _Rows(
        facts=np.concatenate([old.facts[:full], new.facts]),
        counts=np.concatenate([_widened(old.counts[:full], types), new.counts]),
    )


def _joined_steps(types: int, events: int) -> int:
    """How many steps make one run, so that a log of very many types needs no more memory."""
    joined = 1
    while types * events // STEP // joined > CELLS:
        joined *= 2
    return joined


def _join(facts: Sequence[Sequence[int]], starts: Int64s) -> Int64s:
    """size, recorded first and last, occurred least and greatest of each run of steps."""
    size, first, last, least, greatest = np.array(facts, np.int64).T
    ends = np.append(starts[1:], len(facts)) - 1
    return np.stack(
        [
            np.add.reduceat(size, starts),
            first[starts],
            last[ends],
            np.minimum.reduceat(least, starts),
            np.maximum.reduceat(greatest, starts),
        ],
        axis=1,
    )


def _read_buckets(
    db: sqlite3.Connection,
    scale: str,
    sql: str,
    *,
    types: int,
    known_until: int,
    known: tuple[int, _Rows],
) -> tuple[int, _Rows]:
    """The exponent and the buckets; of those known, only what has changed is read."""
    exponent = int(db.execute(scale).fetchone()[0])
    old = known[1] if known[0] == exponent else _NO_BUCKETS[1]
    rows = db.execute(sql, [known_until if len(old.facts) else 0]).fetchall()
    changed = np.array([row[1] for row in rows], np.int64)
    counts = _counts([row[0] for row in rows], np.arange(len(rows)), types=types)
    kept = ~np.isin(old.facts[:, 0], changed)
    facts = np.concatenate([old.facts[kept], changed[:, None]])
    counts = np.concatenate([_widened(old.counts[kept], types), counts])
    order = np.argsort(facts[:, 0], kind="stable")
    return exponent, _Rows(facts=facts[order], counts=counts[order])


def _counts(texts: Sequence[bytes], number: Int64s, *, types: int) -> Counts:
    """counts[number, type] from the bytes of each row."""
    pairs = np.frombuffer(b"".join(texts), PAIR)
    rows = np.repeat(number, [len(text) // PAIR.itemsize for text in texts])
    counts = np.zeros((int(number[-1]) + 1 if len(number) else 0, types), np.uint32)
    cells = (rows, np.minimum(pairs["type"].astype(np.int64), MOST_TYPES) - 1)
    if len(texts) == len(counts) and types < MOST_TYPES:
        counts[cells] = pairs["count"]  # no two pairs for one cell
    else:
        np.add.at(counts, cells, pairs["count"])
    return counts


def _widened(counts: Counts, types: int) -> Counts:
    """With a column for each type that has come since."""
    return np.pad(counts, ((0, 0), (0, types - counts.shape[1])))


def _index(
    *,
    generation: int,
    types: tuple[str, ...] = (),
    indexed_until: int = 0,
    steps: _Rows = _NO_STEPS,
    exponent: int = 0,
    buckets: _Rows = _NO_BUCKETS[1],
    recorded_exponent: int = 0,
    recorded_buckets: _Rows = _NO_BUCKETS[1],
) -> TimelineIndex:
    before, ends = cumulated(steps.counts), np.cumsum(steps.facts[:, 0]).astype(np.float64)
    first, last = steps.facts[:, 1].astype(np.float64), steps.facts[:, 2].astype(np.float64)
    recorded_steps = Knots(first=first, last=last + 1, before=before)
    return TimelineIndex(
        types=types,
        totals=before[:, -1],
        indexed_until=indexed_until,
        generation=generation,
        steps=steps,
        exponent=exponent,
        buckets=buckets,
        recorded_exponent=recorded_exponent,
        recorded_buckets=recorded_buckets,
        position=Knots(first=ends - steps.facts[:, 0] + 1, last=ends + 1, before=before),
        recorded=joined_knots(recorded_steps, _spans(recorded_buckets, recorded_exponent)),
        occurred=_spans(buckets, exponent),
    )


def _spans(buckets: _Rows, exponent: int) -> Knots:
    start = np.ldexp(buckets.facts[:, 0].astype(np.float64), exponent)
    return Knots(first=start, last=start + 2.0**exponent, before=cumulated(buckets.counts))
