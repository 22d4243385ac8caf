"""Appending in batches of 1,000, against plain executemany of ready rows into the same table.

The plain side writes the very rows that ours wrote, in the same batches, into a table with
the same columns, checks and indexes but without triggers; both commit durably.
"""

import sqlite3
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.event_source import new_events
from benchmarks.measure import Result, Size, in_turns, seconds
from store.events import NewEvent
from store.sqlite.connect import create_log, open_log, remove_files
from store.sqlite.writer import INSERT, Writer

BATCH = 1_000


def run(size: Size) -> list[Result]:
    """One stream a batch, as a busy system writes."""
    events = new_events(size.of(100_000, quick=10_000, tiny=2_000))
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder, "ours.foldline"), Path(folder, "plain.foldline")
        _append(ours, events)
        rows = rows_of(ours)
        ratio, our_s, plain_s = in_turns(
            partial(_append, ours, events),
            partial(insert_rows, plain, rows),
            rounds=size.rounds(),
        )
    detail = f"{len(events) / our_s:,.0f}/s against {len(events) / plain_s:,.0f}/s"
    return [
        Result(
            name="append, 1,000 a transaction",
            figure=ratio,
            unit="× plain",
            target=0.6,
            better="higher",
            detail=detail,
        )
    ]


def _append(path: Path, events: list[NewEvent]) -> float:
    remove_files(path)
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)

    def work() -> None:
        for at in range(0, len(events), BATCH):
            writer.append(f"order-{at}", events[at : at + BATCH], expected=0)

    took = seconds(work)
    db.close()
    return took


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    """The rows of a log's events table, ready to be inserted elsewhere."""
    db = open_log(path)
    columns = INSERT[INSERT.index("(") + 1 : INSERT.index(")")]
    rows = db.execute(f"SELECT {columns} FROM events ORDER BY position").fetchall()
    db.close()
    return rows


def insert_rows(path: Path, rows: list[tuple[Any, ...]]) -> float:
    """Seconds to write ready rows with plain executemany, 1,000 a transaction."""
    remove_files(path)
    create_log(path)
    db = open_log(path, writable=True)
    db.execute("PRAGMA cache_size = -32768")  # as much as our import has
    without_triggers(db)

    def work() -> None:
        for at in range(0, len(rows), BATCH):
            db.execute("BEGIN IMMEDIATE")
            db.executemany(INSERT, rows[at : at + BATCH])
            db.execute("COMMIT")

    took = seconds(work)
    db.close()
    return took


def without_triggers(db: sqlite3.Connection) -> None:
    """Take from a log what it refuses changes by."""
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        db.execute(f"DROP TRIGGER {name}")
