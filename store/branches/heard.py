"""How far process managers have heard the events that a branch holds of its log, and its own.

A position is kept as that before the edits: see store.branches.beside.BranchProcesses.
"""

import sqlite3
from collections.abc import Iterator
from typing import Final

from store.sqlite import schema
from store.sqlite.rows import rows

SINCE: Final = 2  # the schema version of a log from which on it records what was heard

# Process managers go on where they were; one that is started begins where it would in the log.
IN_LOG: Final = """
SELECT name, min(position, ?1) FROM process_checkpoints
UNION ALL SELECT '', min(?1, coalesce((SELECT max(position) FROM process_checkpoints),
                                      (SELECT max(last_position) FROM imports), 0))
"""
IN_BRANCH: Final = "SELECT name, position FROM process_checkpoints"
HEAR: Final = "INSERT OR REPLACE INTO process_checkpoints VALUES (?, ?)"


def heard_in_log(log: sqlite3.Connection, base_head: int) -> list[tuple[str, int]]:
    """By name, of what a branch holds of the log."""
    if schema.version_of(log) < SINCE:
        return []
    return rows(log, IN_LOG, [base_head])


def hear(db: sqlite3.Connection, heard: list[tuple[str, int]]) -> None:
    """Note it in a branch's file. Inside a transaction."""
    db.executemany(HEAR, heard)


def move_heard(db: sqlite3.Connection, log: sqlite3.Connection, old: int, head: int) -> None:
    """Put the events of the log behind `old`, up to `head`, before the branch's own. Inside a
    transaction.

    What the log's process managers have heard is not heard again in the branch, as what they made
    of it came with it. What they have not heard is not missed, so those that have gone on in the
    branch hear its own events again from there: what was recorded of these is recognised.
    """
    there, here = dict(heard_in_log(log, head)), dict(rows(db, IN_BRANCH))
    hear(db, list(_moved(there, here, old, head)))


def _moved(
    there: dict[str, int], here: dict[str, int], old: int, head: int
) -> Iterator[tuple[str, int]]:
    for name in {**there, **here}:
        in_log, until = there.get(name, 0), here.get(name, 0)
        if until > old and in_log == head:
            yield name, until + head - old
        else:
            yield name, max(min(until, old), in_log)
