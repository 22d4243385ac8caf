"""The timeline as a view: counts by type at fixed steps of position and in spans of time.

Tables, for the view `timeline`:

* `timeline`: one row for every STEP positions, the last one growing: how many events of each
  type, the running maximum of recorded-at at its first and last event, the span of occurred-at.
* `timeline_types`: a number for each type, in the order in which they first appear.
* `timeline_occurred`: every event by (occurred-at, position), for marks and steps on that axis,
  with the running maximum of recorded-at, so that all of this can be made again as of a position.
* `timeline_buckets`: how many events of each type occurred in each span of 2^exponent
  microseconds (`timeline_scale`). When more than BUCKETS spans hold events, the spans double.
  So the table stays small at any number of events, in whatever order they occurred, and holds
  the same whatever batches they came in. Steps of equal count would all move with a late event.
* `timeline_recorded_buckets`, `timeline_recorded_scale`: the same by the running maximum of
  recorded-at. Steps of equal count alone would smear a small log, and fill its idle gaps.
"""

import sqlite3
from collections.abc import Sequence
from itertools import chain, pairwise
from operator import attrgetter
from typing import Any, Final

import numpy as np

from replay.timeline.timeline_buckets import BucketWriter
from replay.timeline.timeline_counts import Int64s, packed, unpacked
from replay.view_version import ViewVersion
from replay.views import many_rows
from replay.views.checkpoints import FORK, Begun, Fork
from replay.views.flat_rows import FlatRows
from replay.views.index_writer import IndexWriter
from replay.views.sink import Flushed
from replay.views.view import Table, View
from replay.words import said
from store.events import RecordedEvent

STEP: Final = 256  # positions
RECORDED: Final = "_recorded"  # in the names of tables by recorded time

AT_ONCE: Final = 100_000  # events

STEPS: Final = f"INSERT INTO main.timeline SELECT * FROM {FORK}.timeline WHERE step < ?"
OCCURRED: Final = f"""
INSERT INTO main.timeline_occurred SELECT * FROM {FORK}.timeline_occurred
WHERE position <= ? ORDER BY occurred_at_us, position
"""
TYPES: Final = f"""
INSERT INTO main.timeline_types SELECT * FROM {FORK}.timeline_types
WHERE id <= (SELECT max(type_id) FROM main.timeline_occurred)
"""
EVENTS: Final = (
    "SELECT occurred_at_us, position, type_id, recorded_max_us FROM main.timeline_occurred"
)
LAST: Final = f"{EVENTS} WHERE position > ? ORDER BY position"

_TABLES: Final = """
CREATE TABLE "{base}" (
    step INTEGER PRIMARY KEY,
    event_count INTEGER NOT NULL,
    counts BLOB NOT NULL,
    recorded_first_us INTEGER NOT NULL,
    recorded_last_us INTEGER NOT NULL,
    occurred_min_us INTEGER NOT NULL,
    occurred_max_us INTEGER NOT NULL
) STRICT;
CREATE TABLE "{base}_types" (id INTEGER PRIMARY KEY, type TEXT NOT NULL) STRICT;
CREATE TABLE "{base}_occurred" (
    occurred_at_us INTEGER NOT NULL,
    position INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    recorded_max_us INTEGER NOT NULL,
    PRIMARY KEY (occurred_at_us, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE "{base}_buckets" (
    bucket INTEGER PRIMARY KEY,
    counts BLOB NOT NULL,
    last_position INTEGER NOT NULL
) STRICT;
CREATE TABLE "{base}_scale" (exponent INTEGER NOT NULL) STRICT;
INSERT INTO "{base}_scale" VALUES (0);
CREATE TABLE "{base}_recorded_buckets" (
    bucket INTEGER PRIMARY KEY,
    counts BLOB NOT NULL,
    last_position INTEGER NOT NULL
) STRICT;
CREATE TABLE "{base}_recorded_scale" (exponent INTEGER NOT NULL) STRICT;
INSERT INTO "{base}_recorded_scale" VALUES (0)
"""
_BUCKET_INDEX: Final = """
CREATE INDEX "{name}{axis}_buckets_by_position_{generation}"
ON "{base}{axis}_buckets" (last_position)
"""


def _create(db: sqlite3.Connection, version: ViewVersion) -> None:
    for statement in _TABLES.format(base=version.name).split(";"):
        db.execute(statement)


def _index(db: sqlite3.Connection, version: ViewVersion, generation: int) -> None:
    """By which readers find the buckets that have changed."""
    name, base = version.view, version.name
    for axis in ("", RECORDED):
        db.execute(_BUCKET_INDEX.format(base=base, name=name, axis=axis, generation=generation))


class TimelineWriter:
    """Folds events into the timeline's tables. One thread; `flush` in a transaction."""

    def __init__(self, db: sqlite3.Connection, base: str) -> None:
        self._db = db
        self._base = base
        self._occurred = BucketWriter(db, base)
        self._recorded = BucketWriter(db, base + RECORDED)
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._events: list[RecordedEvent] = []
        self._type_ids: dict[str, int] | None = None
        self._occurred.forget()
        self._recorded.forget()

    def take(self, events: Sequence[RecordedEvent], _links: dict[int, tuple[str, ...]]) -> int:
        """Keep the events for the flush."""
        self._events.extend(events)
        return events[-1].position

    def flush(self) -> Flushed:
        """Write the steps, buckets and occurred times of the events."""
        events, self._events = self._events, []
        if not events:
            return Flushed(rows=0, writes=0)
        types = self._numbered(events)
        occurred, positions, recorded = (
            np.fromiter(map(attrgetter(it), events), np.int64, len(events))
            for it in ("occurred_at_us", "position", "recorded_at_us")
        )
        begun, latest_us = self._begun_step(events[0].position)
        recorded = np.maximum.accumulate(np.maximum(recorded, latest_us))
        self._insert("_occurred", _by_time(occurred, positions, types, recorded))
        self._occurred.add(occurred, types, positions)
        self._recorded.add(recorded, types, positions)
        steps = steps_of(positions, types, recorded, occurred)
        if begun is not None:
            steps[0] = joined(begun, steps[0])
        self._insert("", steps)
        return Flushed(rows=len(steps) - (begun is not None), writes=len(events))

    def _numbered(self, events: Sequence[RecordedEvent]) -> Int64s:
        """The events' types as numbers; a new type gets the next one, from 1."""
        if self._type_ids is None:
            self._type_ids = dict(self._db.execute(f'SELECT type, id FROM "{self._base}_types"'))
        known, new = self._type_ids, list[tuple[int, str]]()
        types = list(map(attrgetter("type"), events))
        for type_ in dict.fromkeys(types):
            if type_ not in known:
                known[type_] = len(known) + 1
                new.append((known[type_], type_))
        self._insert("_types", new)
        return np.fromiter(map(known.__getitem__, types), np.int64, len(types))

    def _begun_step(self, position: int) -> tuple[tuple[Any, ...] | None, int]:
        """The step that `position` goes on with, if any, and the running maximum so far."""
        last = self._db.execute(
            f'SELECT * FROM "{self._base}" ORDER BY step DESC LIMIT 1'
        ).fetchone()
        if last is None:
            return None, np.iinfo(np.int64).min
        return last if (position - 1) % STEP else None, last[4]

    def _insert(self, suffix: str, rows: Sequence[tuple[Any, ...]]) -> None:
        many_rows.insert(self._db, f'INSERT OR REPLACE INTO "{self._base}{suffix}"', rows)


def _by_time(occurred: Int64s, *others: Int64s) -> FlatRows:
    """The events in the order of the table that they go into."""
    rows = FlatRows(1 + len(others))
    columns = np.stack([occurred, *others], 1)
    rows.add(columns[np.argsort(occurred, kind="stable")].ravel().tolist())
    return rows


def steps_of(
    positions: Int64s, types: Int64s, recorded: Int64s, occurred: Int64s
) -> list[tuple[Any, ...]]:
    """The rows of the steps that the events fall into."""
    number = (positions - 1) // STEP
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(positions)]
    return [
        (int(number[start]), *_step(types[start:end], recorded[start:end], occurred[start:end]))
        for start, end in pairwise(edges)
    ]


def _step(types: Int64s, recorded: Int64s, occurred: Int64s) -> tuple[Any, ...]:
    return (
        len(types),
        packed(np.bincount(types)),
        int(recorded[0]),
        int(recorded[-1]),
        int(occurred.min()),
        int(occurred.max()),
    )


def joined(begun: tuple[Any, ...], more: tuple[Any, ...]) -> tuple[Any, ...]:
    """One step from its beginning and what came later."""
    return (
        begun[0],
        begun[1] + more[1],
        packed(unpacked(begun[2], more[2])),
        begun[3],
        more[4],
        min(begun[5], more[5]),
        max(begun[6], more[6]),
    )


def begin_from_fork(db: sqlite3.Connection, fork: Fork) -> Begun:
    """Make the empty tables what they were: a FromFork."""
    full = fork.until // STEP
    steps = db.execute(STEPS, [full]).rowcount
    events = db.execute(OCCURRED, [fork.until]).rowcount
    db.execute(TYPES)
    _count(db)
    last = db.execute(LAST, [full * STEP]).fetchall()
    if last:
        occurred, positions, types, recorded = _columns(last)
        many_rows.insert(
            db, "INSERT INTO main.timeline", steps_of(positions, types, recorded, occurred)
        )
    return Begun(rows=steps + bool(last), writes=events)


def _count(db: sqlite3.Connection) -> None:
    """By spans of either time."""
    by_occurred, by_recorded = BucketWriter(db, "timeline"), BucketWriter(db, "timeline" + RECORDED)
    found = db.execute(EVENTS)
    while some := found.fetchmany(AT_ONCE):
        occurred, positions, types, recorded = _columns(some)
        by_occurred.add(occurred, types, positions)
        by_recorded.add(recorded, types, positions)


def _columns(rows: list[tuple[int, ...]]) -> Int64s:
    flat = np.fromiter(chain.from_iterable(rows), np.int64, 4 * len(rows))
    return flat.reshape(-1, 4).T


def _describe(_db: sqlite3.Connection) -> None:
    """Its tables are plain as they are."""


TIMELINE: Final = View(
    name="timeline",
    title=said("Timeline"),
    version=3,
    definition="timeline 3",  # other counts in the same tables: a new number, this in `readable`
    readable=frozenset({"timeline 2"}),
    columns=(),
    projection=None,
    tables=(
        Table(suffix="", key=("step",)),
        Table(suffix="_types", key=("id",)),
        Table(suffix="_occurred", key=("occurred_at_us", "position")),
        Table(suffix="_buckets", key=("bucket",)),
        Table(suffix="_scale", key=("exponent",)),
        Table(suffix="_recorded_buckets", key=("bucket",)),
        Table(suffix="_recorded_scale", key=("exponent",)),
    ),
    create=_create,
    index=_index,
    writer=lambda db, version: IndexWriter(db, version, TimelineWriter(db, version.name)),
    describe=_describe,
    from_fork=begin_from_fork,
)
