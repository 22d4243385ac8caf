"""A branch beside another database, for questions in SQL: its events as `event_log`.

The events before the first edit are those of the log, by its own indexes. Of those after it,
temporary tables say by how much a position, and a version in its stream, has moved.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from store.branches.opening import open_branch
from store.branches.reader import BranchReader
from store.branches.versions import own_versions, runs, version_runs
from store.events import RecordedEvent
from store.place import Place
from store.sqlite.connect import attach_log, temporary_objects
from store.times import format_moment

VIEW: Final = "branch_event_log"
OWN: Final = "branch"
_SAID: Final = ", ".join(
    (
        *("type", "id", "recorded_at", "occurred_at", "data", "metadata", "source"),
        *("recorded_at_us", "recorded_offset_min", "occurred_at_us", "occurred_offset_min"),
    )
)
TABLES: Final = (
    "CREATE TEMP TABLE branch_runs (first INTEGER, last INTEGER, shift INTEGER)",
    "CREATE TEMP TABLE branch_versions (stream TEXT, first INTEGER, last INTEGER, shift INTEGER)",
    "CREATE TEMP TABLE branch_own (stream TEXT PRIMARY KEY, version INTEGER)",
    """CREATE TEMP TABLE branch_placed (position INTEGER, stream TEXT, version INTEGER, type TEXT,
id TEXT, recorded_at TEXT, occurred_at TEXT, data TEXT, metadata TEXT, source TEXT,
recorded_at_us INTEGER, recorded_offset_min INTEGER, occurred_at_us INTEGER,
occurred_offset_min INTEGER)""",
)
_MOVED: Final = """
SELECT e.there + r.shift AS position, e.stream, e.version + coalesce(v.shift, 0) AS version, {said}
FROM ({events}) e JOIN temp.branch_runs r ON e.there BETWEEN r.first AND r.last
LEFT JOIN temp.branch_versions v ON v.stream = e.stream AND e.there BETWEEN v.first AND v.last
"""
_LATER: Final = """SELECT position AS there, stream, version, {said} FROM log.event_log
WHERE position >= {first} AND position <= {base}"""
_OWNS: Final = """SELECT o.position + {base} AS there, o.stream AS stream,
o.version + coalesce(w.version, 0) AS version, {said} FROM branch.event_log o
LEFT JOIN temp.branch_own w ON w.stream = o.stream"""
SELECT: Final = """
CREATE TEMP VIEW branch_event_log AS
SELECT position, stream, version, {said} FROM log.event_log
WHERE position < {first} AND position <= {base}
UNION ALL {later} UNION ALL {own}
UNION ALL SELECT position, stream, version, {said} FROM temp.branch_placed
"""


def attach_branch(db: sqlite3.Connection, path: Path) -> None:
    """Let a connection ask the events of the branch in a file, read-only: its history as it is
    now. Raises what opening a branch raises."""
    with closing(open_branch(path)) as branch:
        attach_log(db, Place(path).log)
        attach_log(db, path, name=OWN)
        with temporary_objects(db):
            for statement in TABLES:
                db.execute(statement)
            _fill(db, branch)
            db.execute(_view(branch))


def _view(branch: BranchReader) -> str:
    first, base = branch.layout.places.first_changed, branch.facts.base_head
    later = _LATER.format(said=_SAID, first=first, base=base)
    own = _OWNS.format(said=_SAID, base=base)
    moved = (_MOVED.format(said=_SAID, events=it) for it in (later, own))
    return SELECT.format(said=_SAID, first=first, base=base, later=next(moved), own=next(moved))


def _fill(db: sqlite3.Connection, branch: BranchReader) -> None:
    layout = branch.layout
    db.executemany("INSERT INTO temp.branch_runs VALUES (?, ?, ?)", runs(layout.places))
    moves = version_runs(layout)
    db.executemany("INSERT INTO temp.branch_versions VALUES (?, ?, ?, ?)", moves)
    db.executemany("INSERT INTO temp.branch_own VALUES (?, ?)", own_versions(branch))
    marks = ", ".join("?" * 14)
    placed = (_row(it.event) for it in layout.placed)
    db.executemany(f"INSERT INTO temp.branch_placed VALUES ({marks})", placed)


def _row(it: RecordedEvent) -> tuple[str | int | None, ...]:
    return (
        it.position,
        it.stream,
        it.version,
        it.type,
        it.id,
        _utc(it.recorded_at_us),
        _utc(it.occurred_at_us),
        it.data_json,
        it.metadata_json,
        it.source_json,
        it.recorded_at_us,
        it.recorded_offset_min,
        it.occurred_at_us,
        it.occurred_offset_min,
    )


def _utc(at_us: int) -> str:
    """As the view of a log has it."""
    return format_moment(at_us, 0).replace("+00:00", "Z")
