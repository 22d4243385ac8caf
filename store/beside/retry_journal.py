"""The retry journal: what failed and is tried again, what is dead, and what a person decided on it.

A subject is an event that a process manager hears, a command, or a message for a gateway. Its last
entry says how it stands; nothing is ever replayed from here.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from store.beside.chained_rows import record_rows
from store.sqlite.rows import made_of, rows

Kind: TypeAlias = Literal["event", "command", "message"]
Standing: TypeAlias = Literal["held", "failed", "dead", "retry", "given up", "handled"]

_ENTRY: Final = """j.number, j.kind, j.subject, j.handler, j.stream, j.position, j.status,
j.attempt, j.reason, j.decided_by, j.at_us, j.next_at_us"""
_IS_OPEN: Final = "j.status NOT IN ('given up', 'handled')"
ADD: Final = "INSERT INTO retry_journal VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
SINCE: Final = f"SELECT {_ENTRY} FROM retry_journal j WHERE j.number > ? ORDER BY j.number"
OPEN: Final = f"""
SELECT {_ENTRY} FROM retry_journal j
WHERE {_IS_OPEN} AND NOT EXISTS (
    SELECT 1 FROM retry_journal n
    WHERE n.kind = j.kind AND n.subject = j.subject AND n.number > j.number)
AND NOT (j.kind = 'command' AND EXISTS (
    SELECT 1 FROM commands c JOIN command_outcomes o ON o.number = c.number
    WHERE c.id = j.subject))
AND NOT (j.kind = 'message' AND EXISTS (
    SELECT 1 FROM outbox_deliveries d WHERE d.message_id = j.subject AND d.status <> 'failed'))
ORDER BY j.number
"""
OF: Final = f"""
SELECT {_ENTRY} FROM retry_journal j WHERE j.kind = ? AND j.subject = ? ORDER BY j.number
"""


class JournalEntry(Struct, frozen=True, kw_only=True):
    """What became of a subject at one time. Times are microseconds since 1970 UTC.

    `held`: it waits behind another one of its stream. `failed`: it is tried again at
    `next_at_us`. `dead`: it was tried as often as is stated, and waits for a person. `retry`: a
    person wants it tried again, and its attempts count anew. `given up`: a person wants it tried
    no more. `handled`: it went well in the end.
    """

    number: int = 0  # in the order of writing, from 1; 0 before it is written
    kind: Kind
    subject: str  # the id of a command or a message; of an event, see `event_subject`
    handler: str  # process manager, type of command, or gateway
    stream: str  # whose order it keeps; empty for none
    position: int | None  # of the event that is heard, or that causes the message
    status: Standing
    attempt: int  # in a row, counted from 1; 0 where none was made
    reason: str
    decided_by: str  # a person's name; empty: nobody decided
    at_us: int
    next_at_us: int | None  # when it is tried again; None where it is not by itself


def event_subject(process: str, position: int) -> str:
    """What an event is for one process manager: each hears it for itself."""
    return f"{process} {position}"


class SqliteRetryJournal:
    """store.beside.interface.RetryJournalWriter on a connection; on a read-only one it only
    reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def since(self, number: int) -> list[JournalEntry]:
        return self._entries(SINCE, [number])

    def open(self) -> list[JournalEntry]:
        return self._entries(OPEN, [])

    def of(self, kind: Kind, subject: str) -> list[JournalEntry]:
        return self._entries(OF, [kind, subject])

    def note(self, entry: JournalEntry) -> None:
        record_rows(self._db, "retry_journal", ADD, [msgspec.structs.astuple(entry)[1:]])

    def _entries(self, sql: str, values: Sequence[Any]) -> list[JournalEntry]:
        return [made_of(JournalEntry, row) for row in rows(self._db, sql, values)]
