"""Attempts at a command that settled nothing: a conflict, a failure, something to be retried.

They are part of the command log, so that what was sent is there, whatever came of it. An outcome
ends them; it may follow a conflict or a failure when the same command is sent again.
"""

import sqlite3
from collections.abc import Collection
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from store import json_text

Trouble: TypeAlias = Literal["conflict", "failed", "retried"]

NOTE: Final = """
INSERT INTO command_attempts
SELECT c.number,
       coalesce(?, 1 + (SELECT coalesce(max(attempt), 0) FROM command_attempts a
                        WHERE a.number = c.number)),
       ?, ?, ?
FROM commands c
WHERE c.id = ? AND NOT EXISTS (SELECT 1 FROM command_outcomes o WHERE o.number = c.number)
"""
OF: Final = """
SELECT c.id, a.attempt, a.status, a.reason, a.at_us
FROM command_attempts a JOIN commands c ON c.number = a.number
WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY a.number, a.attempt
"""


class Attempt(Struct, frozen=True):
    """One time that a command was tried and nothing came of it."""

    command_id: str
    attempt: int  # counted from 1; of what is retried many times not every one is kept
    status: Trouble
    reason: str
    at_us: int


def note(
    db: sqlite3.Connection,
    command_id: str,
    status: Trouble,
    reason: str,
    *,
    at_us: int,
    attempt: int | None = None,
) -> None:
    """Keep an attempt, inside a transaction; the next one when it has no number. A command that
    is settled has none any more."""
    db.execute(NOTE, [attempt, status, reason, at_us, command_id])


def attempts_of(
    db: sqlite3.Connection, command_ids: Collection[str]
) -> dict[str, tuple[Attempt, ...]]:
    """The attempts of some commands, oldest first; only of those that have any."""
    found: dict[str, tuple[Attempt, ...]] = {}
    if not keeps_attempts(db):
        return found
    for row in db.execute(OF, [json_text.encode(list(command_ids))]):
        found[row[0]] = (*found.get(row[0], ()), Attempt(*row))
    return found


def is_stopped(db: sqlite3.Connection, command_id: str) -> bool:
    """Whether a command came to nothing and waits for whoever issued it."""
    found = attempts_of(db, [command_id]).get(command_id, ())
    return any(it.status != "retried" for it in found)


def keeps_attempts(db: sqlite3.Connection) -> bool:
    """Whether the log is of a schema that keeps attempts; an older one on a read-only disk is
    not."""
    return bool(db.execute("PRAGMA user_version").fetchone()[0] >= 3)
