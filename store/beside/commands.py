"""The command log: what was asked of the store and what came of it, apart from the events.

Every id is there once, so a resend changes nothing; a command without an outcome is pending, unless
an attempt at it came to nothing (store.attempts). Nothing here is ever replayed.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from store import json_text
from store.beside.attempts import is_stopped, keeps_attempts
from store.errors import StoreError
from store.times import format_moment

Status: TypeAlias = Literal["done", "refused", "failed", "expired", "cancelled"]

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
    AND NOT EXISTS (
        SELECT 1 FROM command_attempts a WHERE a.number = c.number AND a.status <> 'retried')
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
    AND (o.number IS NOT NULL OR EXISTS (
        SELECT 1 FROM command_attempts a WHERE a.number = c.number AND a.status <> 'retried'))
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


class Queue(Struct, frozen=True):
    """The commands of one type, or those of a type on one stream: what waits, and how fast they
    are handled."""

    of: str  # the type, or the stream
    waiting: int  # due and not handled yet
    timers: int  # due later
    handled: int
    recently: int  # handled since the moment that was asked about
    longest_us: int  # how long the first of the waiting ones has been due
    conflicts: int  # met by those that were handled: somebody was quicker, and they decided again


class Waiting(Struct, frozen=True):
    """A command that waits for its time or its turn."""

    number: int  # in the order of issue, from 1
    id: str
    type: str
    stream: str
    due_at_us: int


class IssuedCommand(Struct, frozen=True):
    """A request to change a stream, as it was issued. Times are microseconds since 1970 UTC."""

    id: str  # made when its form was opened: a resend is the same command
    type: str
    stream: str
    data_json: str
    actor: str
    roles: tuple[str, ...]
    expected: int | None  # the version its issuer saw; None: whatever it is
    issued_at_us: int
    due_at_us: int  # not to be handled before: a timer is a command that is due later
    expires_at_us: int | None  # not to be handled after
    causation_id: str | None  # of the event that led to it; None when a person began it
    correlation_id: str

    @property
    def data(self) -> Any:
        """The payload as a value; decoded at each call."""
        return json_text.decode(self.data_json)


class Outcome(Struct, frozen=True):
    """What came of a command, once and for all."""

    command_id: str
    status: Status
    first_position: int | None  # of its events; None when there are none
    last_position: int | None
    rule: str  # that refused it, by name
    reason: str  # for a person; empty when it was done
    attempts: int  # times it was decided on, conflicts included
    decided_at_us: int


class AlreadyIssued(StoreError):
    """The store has this command already."""

    hint = "Look at its outcome; a resend needs no second command."

    def __init__(self, command_id: str) -> None:
        super().__init__(f"a command with this id was already issued: {command_id}")
        self.command_id = command_id


class IdTaken(StoreError):
    """The id is that of another command."""

    hint = "Give it an id of its own: the same id is for sending the same command again."

    def __init__(self, first: IssuedCommand) -> None:
        super().__init__(
            f"the id is taken by {first.type} {first.data_json} of {first.actor}, "
            f"issued at {format_moment(first.issued_at_us)}: {first.id}"
        )
        self.first = first


def add(db: sqlite3.Connection, commands: Iterable[IssuedCommand]) -> None:
    """Record commands as issued, inside a transaction. Raises AlreadyIssued."""
    for it in commands:
        *facts, roles, expected, issued, due, expires, causation, correlation = _astuple(it)
        row = (*facts, json_text.encode(roles), expected, issued, due, expires, causation)
        try:
            db.execute(ADD, (*row, correlation))
        except sqlite3.IntegrityError as error:
            if "append-only" in str(error) or "commands.id" in str(error):
                raise AlreadyIssued(it.id) from error
            raise


def add_again(db: sqlite3.Connection, command: IssuedCommand) -> None:
    """Record a command as issued, inside a transaction. One that came to nothing may be sent
    again under its id. Raises AlreadyIssued, IdTaken."""
    try:
        add(db, [command])
    except AlreadyIssued:
        first, outcome = find(db, command.id)
        if first is not None:
            require_same(first, command)
        if outcome is not None or not is_stopped(db, command.id):
            raise


def require_same(first: IssuedCommand, command: IssuedCommand) -> None:
    """Raises IdTaken when a command is no resend of the first one with its id."""
    if first.type != command.type or first.data != command.data:
        raise IdTaken(first)


def settle(db: sqlite3.Connection, outcome: Outcome) -> None:
    """Record what came of a command, inside a transaction. Raises AlreadyIssued when it is
    settled already."""
    try:
        db.execute(SETTLE, _astuple(outcome))
    except sqlite3.IntegrityError as error:
        if "append-only" in str(error) or "command_outcomes.number" in str(error):
            raise AlreadyIssued(outcome.command_id) from error
        raise


def find(db: sqlite3.Connection, command_id: str) -> tuple[IssuedCommand | None, Outcome | None]:
    """A command and its outcome; None for what is not there (yet)."""
    row = db.execute(ONE, [command_id]).fetchone()
    return (None if row is None else _command(row)), outcome_of(db, command_id)


def outcome_of(db: sqlite3.Connection, command_id: str) -> Outcome | None:
    """What came of a command; None while it is pending, or was never issued."""
    row = db.execute(OUTCOME, [command_id]).fetchone()
    return None if row is None else Outcome(*row)


def latest(db: sqlite3.Connection, *, limit: int) -> list[tuple[IssuedCommand, Outcome | None]]:
    """The commands issued last, newest first."""
    if not has_commands(db):
        return []
    width = len(IssuedCommand.__struct_fields__)
    return [
        (_command(row[:width]), None if row[width + 1] is None else Outcome(*row[width:]))
        for row in db.execute(LATEST, [limit])
    ]


def caused_by(
    db: sqlite3.Connection, actor: str, causes: Sequence[str]
) -> list[tuple[IssuedCommand, Outcome | None]]:
    """What an actor issued because of some events or commands, oldest first."""
    if not has_commands(db):
        return []
    width = len(IssuedCommand.__struct_fields__)
    return [
        (_command(row[:width]), None if row[width + 1] is None else Outcome(*row[width:]))
        for row in db.execute(CAUSED, [actor, json_text.encode(list(causes))])
    ]


def of_correlation(db: sqlite3.Connection, correlation_id: str) -> list[IssuedCommand]:
    """Every command of one conversation, in the order in which they were issued."""
    if not has_commands(db):
        return []
    return [_command(row) for row in db.execute(CORRELATED, [correlation_id])]


def naming(db: sqlite3.Connection, command: str, field: str, value: str) -> list[IssuedCommand]:
    """The commands of a type that say this in a field, in the order in which they were issued."""
    if not has_commands(db):
        return []
    return [_command(row) for row in db.execute(NAMING, [command, field, value])]


def waiting(db: sqlite3.Connection, *, after: int) -> list[Waiting]:
    """Commands without an outcome that were issued after the one with this number, timers among
    them, in the order in which they were issued."""
    return [Waiting(*row) for row in db.execute(_known(db, WAITING), [after])]


def pending(db: sqlite3.Connection) -> list[IssuedCommand]:
    """All commands without an outcome, timers included, the longest due first."""
    return [_command(row) for row in db.execute(_known(db, PENDING))] if has_commands(db) else []


def done(
    db: sqlite3.Connection, *, after: int = 0, until: int | None = None
) -> Iterator[tuple[IssuedCommand, Outcome]]:
    """Commands whose first event lies behind `after` and not behind `until`, in log order."""
    if not has_commands(db):
        return
    width = len(IssuedCommand.__struct_fields__)
    for row in db.execute(DONE, [after, FAR if until is None else until]).fetchall():
        yield _command(row[:width]), Outcome(*row[width:])


def stopped(
    db: sqlite3.Connection, rule: str, *, limit: int
) -> list[tuple[IssuedCommand, Outcome]]:
    """Commands that failed by a rule, newest first."""
    if not has_commands(db):
        return []
    width = len(IssuedCommand.__struct_fields__)
    found = db.execute(STOPPED, [rule, limit])
    return [(_command(row[:width]), Outcome(*row[width:])) for row in found]


def troubled(
    db: sqlite3.Connection, actors: Sequence[str], *, limit: int
) -> list[tuple[IssuedCommand, Outcome | None]]:
    """Commands of some actors that were not done and are not pending, newest first."""
    if not has_commands(db):
        return []
    width = len(IssuedCommand.__struct_fields__)
    return [
        (_command(row[:width]), None if row[width + 1] is None else Outcome(*row[width:]))
        for row in db.execute(_known(db, TROUBLED), [json_text.encode(list(actors)), limit])
    ]


def queues(db: sqlite3.Connection, now_us: int, *, since_us: int) -> list[Queue]:
    """Every type of command that was ever issued, the longest queue first."""
    if not has_commands(db):
        return []
    return [Queue(*row) for row in db.execute(_known(db, QUEUES), [now_us, since_us])]


def queues_of_streams(
    db: sqlite3.Connection, type_: str, now_us: int, *, since_us: int, limit: int
) -> list[Queue]:
    """The commands of one type by stream, the longest queue first."""
    if not has_commands(db):
        return []
    return [
        Queue(*row)
        for row in db.execute(_known(db, STREAM_QUEUES), [now_us, since_us, type_, limit])
    ]


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many commands there are by status, `pending` included."""
    return dict(db.execute(_known(db, COUNTS)).fetchall()) if has_commands(db) else {}


def has_commands(db: sqlite3.Connection) -> bool:
    """Whether the log is of a schema that keeps commands; an older one on a read-only disk is
    not."""
    return bool(db.execute("PRAGMA user_version").fetchone()[0] >= 2)


def _known(db: sqlite3.Connection, sql: str) -> str:
    """The question as the log's schema can answer it: an older one has no attempts."""
    if keeps_attempts(db):
        return sql
    return sql.replace("command_attempts a", "(SELECT 0 number, 0 attempt, '' status LIMIT 0) a")


def _command(row: Sequence[Any]) -> IssuedCommand:
    id_, type_, stream, data, actor, roles, *rest = row
    return IssuedCommand(id_, type_, stream, data, actor, tuple(json_text.decode(roles)), *rest)


_astuple: Final = msgspec.structs.astuple
