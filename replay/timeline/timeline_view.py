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
from operator import attrgetter
from typing import Any, Final

import numpy as np

from replay.timeline.timeline_buckets import BucketWriter
from replay.timeline.timeline_counts import Int64s
from replay.timeline.timeline_fork import RECORDED, begin_from_fork
from replay.timeline.timeline_steps import STEP, joined, steps_of
from replay.view_version import ViewVersion
from replay.views import many_rows
from replay.views.flat_rows import FlatRows
from replay.views.index_writer import IndexWriter
from replay.views.sink import Flushed
from replay.views.view import Table, View
from replay.words import said
from store.events import RecordedEvent

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
