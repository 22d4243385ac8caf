"""Attempts at a command that settled nothing: a conflict, a failure, something to be retried.

They are part of the command log, so that what was sent is there, whatever came of it. An outcome
ends them; it may follow a conflict or a failure when the same command is sent again. The last
attempt says how the command stands: after one that is to be retried it is pending.
"""

import sqlite3
from collections.abc import Collection
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from store import json_text
from store.beside.chained_rows import record_rows
from store.sqlite.rows import rows

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


class Attempt(Struct, frozen=True, kw_only=True):
    """One time that a command was tried and nothing came of it."""

    command_id: str
    attempt: int  # counted from 1; of what is retried many times not every one is kept
    status: Trouble
    reason: str
    at_us: int


class SqliteAttempts:
    """store.beside.interface.AttemptWriter on a connection; on a read-only one it only reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of(self, command_ids: Collection[str]) -> dict[str, tuple[Attempt, ...]]:
        found: dict[str, tuple[Attempt, ...]] = {}
        for id_, attempt, status, reason, at_us in rows(
            self._db, OF, [json_text.encode(list(command_ids))]
        ):
            one = Attempt(
                command_id=id_, attempt=attempt, status=status, reason=reason, at_us=at_us
            )
            found[id_] = (*found.get(id_, ()), one)
        return found

    def is_stopped(self, command_id: str) -> bool:
        tried = self.of([command_id]).get(command_id, ())
        return bool(tried) and tried[-1].status != "retried"

    def note(
        self,
        command_id: str,
        status: Trouble,
        reason: str,
        *,
        at_us: int,
        attempt: int | None = None,
    ) -> None:
        values = (attempt, status, reason, at_us, command_id)
        record_rows(self._db, "command_attempts", NOTE, [values])
