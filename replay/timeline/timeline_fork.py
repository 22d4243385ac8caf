"""The timeline of a branch as it was at the fork, by what the log's timeline keeps of every event.

Spans of time cannot be taken over as they are: they may have become wider since. So the events are
counted once more, without reading any of the log.
"""

import sqlite3
from itertools import chain
from typing import Final

import numpy as np

from replay.timeline.timeline_buckets import BucketWriter
from replay.timeline.timeline_counts import Int64s
from replay.timeline.timeline_steps import STEP, steps_of
from replay.views import many_rows
from replay.views.fork import FORK, Begun, Fork

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
