"""The command log: what was asked of the store and what came of it, apart from the events.

Every id is there once, so a resend changes nothing; a command without an outcome is pending, unless
an attempt at it came to nothing (store.beside.attempts). Nothing here is ever replayed.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from store import json_text
from store.beside.attempts import SqliteAttempts
from store.beside.chained_rows import record_rows
from store.beside.commands import (
    AlreadyIssued,
    IssuedCommand,
    Queue,
    Waiting,
    require_same,
)
from store.beside.outcomes import Done, Outcome, Stopped, outcome_of_row, row_of
from store.sqlite.rows import made_of, rows

FAR: Final = 2**63 - 1
_COMMAND: Final = """c.id, c.type, c.stream, c.data, c.actor, c.roles, c.expected, c.issued_at_us,
c.due_at_us, c.expires_at_us, c.causation_id, c.correlation_id"""
_OUTCOME: Final = """c.id, o.status, o.first_position, o.last_position, o.rule, o.reason,
o.attempts, o.decided_at_us"""
ADD: Final = """
INSERT INTO commands (id, type, stream, data, actor, roles, expected, issued_at_us, due_at_us,
                      expires_at_us, causation_id, correlation_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SETTLE: Final = """
INSERT INTO command_outcomes
VALUES ((SELECT number FROM commands WHERE id = ?), ?, ?, ?, ?, ?, ?, ?)
"""
ONE: Final = f"SELECT {_COMMAND} FROM commands c WHERE c.id = ?"
OUTCOME: Final = f"""
SELECT {_OUTCOME} FROM commands c JOIN command_outcomes o ON o.number = c.number WHERE c.id = ?
"""
LATEST: Final = f"""
SELECT {_COMMAND}, {_OUTCOME}
FROM commands c LEFT JOIN command_outcomes o ON o.number = c.number
ORDER BY c.number DESC LIMIT ?
"""
_OPEN: Final = """
    NOT EXISTS (SELECT 1 FROM command_outcomes o WHERE o.number = c.number)
    AND coalesce((SELECT a.status FROM command_attempts a WHERE a.number = c.number
                  ORDER BY a.attempt DESC LIMIT 1), 'retried') = 'retried'
"""
WAITING: Final = f"""
SELECT c.number, c.id, c.type, c.stream, c.due_at_us FROM commands c
WHERE c.number > ? AND {_OPEN} ORDER BY c.number
"""
DONE: Final = f"""
SELECT {_COMMAND}, {_OUTCOME}
FROM commands c JOIN command_outcomes o ON o.number = c.number
WHERE o.status = 'done' AND o.first_position > ? AND o.first_position <= ?
ORDER BY o.first_position
"""
CAUSED: Final = f"""
SELECT {_COMMAND}, {_OUTCOME}
FROM commands c LEFT JOIN command_outcomes o ON o.number = c.number
WHERE c.actor = ? AND c.causation_id IN (SELECT value FROM json_each(?))
ORDER BY c.number
"""
CORRELATED: Final = f"SELECT {_COMMAND} FROM commands c WHERE c.correlation_id = ? ORDER BY number"
NAMING: Final = f"""
SELECT {_COMMAND} FROM commands c
WHERE c.type = ? AND json_extract(c.data, '$.' || ?) = ? ORDER BY c.number
"""
PENDING: Final = f"""
SELECT {_COMMAND} FROM commands c WHERE {_OPEN}
ORDER BY c.due_at_us, c.number
"""
COUNTS: Final = """
SELECT coalesce(o.status, (SELECT a.status FROM command_attempts a WHERE a.number = c.number
                           ORDER BY a.attempt DESC LIMIT 1), 'pending'), count(*)
FROM commands c LEFT JOIN command_outcomes o ON o.number = c.number GROUP BY 1
"""
WITHOUT_EVENTS: Final = "SELECT count(*) FROM command_outcomes WHERE first_position IS NULL"
STOPPED: Final = f"""
SELECT {_COMMAND}, {_OUTCOME}
FROM commands c JOIN command_outcomes o ON o.number = c.number
WHERE o.status = 'failed' AND o.rule = ? ORDER BY c.number DESC LIMIT ?
"""
TROUBLED: Final = f"""
SELECT {_COMMAND}, {_OUTCOME}
FROM commands c LEFT JOIN command_outcomes o ON o.number = c.number
WHERE c.actor IN (SELECT value FROM json_each(?)) AND coalesce(o.status, '') <> 'done'
    AND coalesce(o.status, '') <> 'cancelled'
    AND (o.number IS NOT NULL OR (
        SELECT a.status FROM command_attempts a WHERE a.number = c.number
        ORDER BY a.attempt DESC LIMIT 1) <> 'retried')
ORDER BY c.number DESC LIMIT ?
"""
_QUEUE: Final = f"""
       sum({_OPEN} AND c.due_at_us <= ?1),
       sum({_OPEN} AND c.due_at_us > ?1),
       sum(o.number IS NOT NULL),
       sum(coalesce(o.decided_at_us, 0) > ?2),
       coalesce(?1 - min(iif({_OPEN} AND c.due_at_us <= ?1, c.due_at_us, NULL)), 0),
       sum(coalesce(o.attempts, 1) - 1)
FROM commands c LEFT JOIN command_outcomes o ON o.number = c.number
"""
QUEUES: Final = f"SELECT c.type, {_QUEUE} GROUP BY c.type ORDER BY 2 DESC, c.type"
STREAM_QUEUES: Final = f"""
SELECT c.stream, {_QUEUE} WHERE c.type = ?3 GROUP BY c.stream ORDER BY 2 DESC, 5 DESC, c.stream
LIMIT ?4
"""
STREAM_COUNT: Final = "SELECT count(DISTINCT stream) FROM commands WHERE type = ?"


class SqliteCommands:
    """store.beside.interface.CommandWriter on a connection; on a read-only one it only reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._attempts = SqliteAttempts(db)

    def find(self, command_id: str) -> tuple[IssuedCommand | None, Outcome | None]:
        found = rows(self._db, ONE, [command_id])
        return (_command(found[0]) if found else None), self.outcome_of(command_id)

    def outcome_of(self, command_id: str) -> Outcome | None:
        found = rows(self._db, OUTCOME, [command_id])
        return outcome_of_row(found[0]) if found else None

    def latest(self, *, limit: int) -> list[tuple[IssuedCommand, Outcome | None]]:
        return [_with_outcome(row) for row in rows(self._db, LATEST, [limit])]

    def caused_by(
        self, actor: str, causes: Sequence[str]
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        found = rows(self._db, CAUSED, [actor, json_text.encode(list(causes))])
        return [_with_outcome(row) for row in found]

    def of_correlation(self, correlation_id: str) -> list[IssuedCommand]:
        return [_command(row) for row in rows(self._db, CORRELATED, [correlation_id])]

    def naming(self, command: str, field: str, value: str) -> list[IssuedCommand]:
        return [_command(row) for row in rows(self._db, NAMING, [command, field, value])]

    def waiting(self, *, after: int) -> list[Waiting]:
        return [made_of(Waiting, row) for row in rows(self._db, WAITING, [after])]

    def pending(self) -> list[IssuedCommand]:
        return [_command(row) for row in rows(self._db, PENDING)]

    def done(
        self, *, after: int = 0, until: int | None = None
    ) -> Iterator[tuple[IssuedCommand, Done]]:
        for row in rows(self._db, DONE, [after, FAR if until is None else until]):
            outcome = outcome_of_row(row[WIDTH:])
            if isinstance(outcome, Done):
                yield _command(row[:WIDTH]), outcome

    def stopped(self, by: str, *, limit: int) -> list[tuple[IssuedCommand, Stopped]]:
        found = ((it, outcome_of_row(it[WIDTH:])) for it in rows(self._db, STOPPED, [by, limit]))
        return [(_command(row[:WIDTH]), it) for row, it in found if isinstance(it, Stopped)]

    def troubled(
        self, actors: Sequence[str], *, limit: int
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        found = rows(self._db, TROUBLED, [json_text.encode(list(actors)), limit])
        return [_with_outcome(row) for row in found]

    def queues(self, now_us: int, *, since_us: int) -> list[Queue]:
        return [made_of(Queue, row) for row in rows(self._db, QUEUES, [now_us, since_us])]

    def queues_of_streams(
        self, type_: str, now_us: int, *, since_us: int, limit: int
    ) -> list[Queue]:
        found = rows(self._db, STREAM_QUEUES, [now_us, since_us, type_, limit])
        return [made_of(Queue, row) for row in found]

    def stream_count(self, type_: str) -> int:
        return int(rows(self._db, STREAM_COUNT, [type_])[0][0])

    def count_without_events(self) -> int:
        return int(rows(self._db, WITHOUT_EVENTS)[0][0])

    def counts(self) -> dict[str, int]:
        return dict(rows(self._db, COUNTS))

    def add(self, commands: Iterable[IssuedCommand]) -> None:
        for it in commands:
            *facts, roles, expected, issued, due, expires, causation, correlation = _astuple(it)
            row = (*facts, json_text.encode(roles), expected, issued, due, expires, causation)
            try:
                record_rows(self._db, "commands", ADD, [(*row, correlation)])
            except sqlite3.IntegrityError as error:
                if "append-only" in str(error) or "commands.id" in str(error):
                    raise AlreadyIssued(it.id) from error
                raise

    def add_again(self, command: IssuedCommand) -> None:
        try:
            self.add([command])
        except AlreadyIssued:
            first, outcome = self.find(command.id)
            if first is not None:
                require_same(first, command)
            if outcome is not None or not self._attempts.is_stopped(command.id):
                raise

    def settle(self, outcome: Outcome) -> None:
        try:
            record_rows(self._db, "command_outcomes", SETTLE, [row_of(outcome)])
        except sqlite3.IntegrityError as error:
            if "append-only" in str(error) or "command_outcomes.number" in str(error):
                raise AlreadyIssued(outcome.command_id) from error
            raise


def _with_outcome(row: Sequence[Any]) -> tuple[IssuedCommand, Outcome | None]:
    outcome = None if row[WIDTH + 1] is None else outcome_of_row(row[WIDTH:])
    return _command(row[:WIDTH]), outcome


def _command(row: Sequence[Any]) -> IssuedCommand:
    id_, type_, stream, data, actor, roles, *rest = row
    fields = (id_, type_, stream, data, actor, tuple(json_text.decode(roles)), *rest)
    return made_of(IssuedCommand, fields)


_astuple: Final = msgspec.structs.astuple
WIDTH: Final = len(IssuedCommand.__struct_fields__)
