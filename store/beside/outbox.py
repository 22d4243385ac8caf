"""Messages to the outside world, written with the events that cause them, delivered afterwards.

A message is released at a time, and until then it may be corrected or withdrawn. Each attempt
to deliver it is recorded. Recorded answers of outside queries lie here too: as long as the
events are kept, so is what the world said when they were decided.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from store import json_text
from store.query import EVERYTHING, EventQuery, conditions

DeliveryStatus: TypeAlias = Literal["sent", "failed", "withdrawn"]

ADD: Final = "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?)"
DELIVERED: Final = "INSERT INTO outbox_deliveries VALUES (?, ?, ?, ?, ?)"
_MESSAGE: Final = "m.id, m.position, m.gateway, m.payload, m.release_at_us, m.corrects"
WAITING: Final = f"""
SELECT {_MESSAGE} FROM outbox m
WHERE m.release_at_us <= ? AND NOT EXISTS (
    SELECT 1 FROM outbox_deliveries d WHERE d.message_id = m.id AND d.status != 'failed')
ORDER BY m.release_at_us, m.rowid LIMIT ?
"""
LATEST: Final = f"""
SELECT {_MESSAGE}, d.message_id, d.attempt, d.status, d.answer, d.at_us
FROM outbox m LEFT JOIN outbox_deliveries d ON d.message_id = m.id AND d.attempt = (
    SELECT max(attempt) FROM outbox_deliveries WHERE message_id = m.id)
ORDER BY m.rowid DESC LIMIT ?
"""
ATTEMPTS: Final = "SELECT count(*) FROM outbox_deliveries WHERE message_id = ?"
ANSWER: Final = "SELECT answer FROM answers WHERE event_id = ? AND gateway = ? AND request = ?"
KEEP_ANSWER: Final = "INSERT INTO answers VALUES (?, ?, ?, ?, ?)"
ALL_ANSWERS: Final = """
SELECT event_id, gateway, request, answer, asked_at_us FROM answers
WHERE event_id IN (SELECT e.id FROM events e WHERE {conditions})
"""
LATEST_ANSWERS: Final = """
SELECT e.position, t.name, a.event_id, a.gateway, a.request, a.answer, a.asked_at_us
FROM answers a JOIN events e ON e.id = a.event_id JOIN types t ON t.id = e.type_id
ORDER BY a.asked_at_us DESC, e.position DESC LIMIT ?
"""


class Message(Struct, frozen=True):
    """Something a gateway shall send. Times are microseconds since 1970 UTC."""

    id: str
    position: int  # of the event that causes it
    gateway: str
    payload_json: str
    release_at_us: int  # not to be sent before
    corrects: str | None = None  # the message it takes the place of


class Delivery(Struct, frozen=True):
    """One attempt to send a message."""

    message_id: str
    attempt: int  # from 1
    status: DeliveryStatus
    answer: str  # what the other side said, or why it could not be reached
    at_us: int


class Answer(Struct, frozen=True):
    """What an outside system said when an event was decided."""

    event_id: str
    gateway: str
    request_json: str
    answer_json: str
    asked_at_us: int


def add(db: sqlite3.Connection, messages: Iterable[Message]) -> None:
    """Put messages into the outbox, inside the transaction of their events."""
    db.executemany(ADD, map(_astuple, messages))


def waiting(db: sqlite3.Connection, now_us: int, *, limit: int) -> list[Message]:
    """Released messages that were not sent yet, those released first before the others."""
    return [Message(*row) for row in db.execute(WAITING, [now_us, limit])]


def latest(db: sqlite3.Connection, *, limit: int) -> list[tuple[Message, Delivery | None]]:
    """The newest messages and the last attempt to send each."""
    width = len(Message.__struct_fields__)
    return [
        (Message(*row[:width]), None if row[width] is None else Delivery(*row[width:]))
        for row in db.execute(LATEST, [limit])
    ]


def told(db: sqlite3.Connection) -> set[tuple[int, str]]:
    """Which events' messages ever were in the outbox: their positions, and for which gateway."""
    return set(db.execute("SELECT position, gateway FROM outbox"))


def attempts(db: sqlite3.Connection, message_id: str) -> int:
    """How often it was tried."""
    return int(db.execute(ATTEMPTS, [message_id]).fetchone()[0])


def record(db: sqlite3.Connection, delivery: Delivery) -> None:
    """Keep what came of an attempt, inside a transaction."""
    db.execute(DELIVERED, _astuple(delivery))


def keep_answers(db: sqlite3.Connection, answers: Iterable[Answer]) -> None:
    """Keep what the outside said, inside the transaction of the events it was asked for."""
    db.executemany(KEEP_ANSWER, map(_astuple, answers))


def answer_to(db: sqlite3.Connection, event_id: str, gateway: str, request_json: str) -> Any:
    """The recorded answer as a value. Raises LookupError when there is none."""
    row = db.execute(ANSWER, [event_id, gateway, request_json]).fetchone()
    if row is None:
        raise LookupError(f"{gateway} was not asked {request_json} for event {event_id}")
    return json_text.decode(row[0])


def answers(db: sqlite3.Connection, query: EventQuery = EVERYTHING) -> list[Answer]:
    """The recorded answers of the events that meet a query, for export."""
    where, values = conditions(query)
    return [Answer(*row) for row in db.execute(ALL_ANSWERS.format(conditions=where), values)]


def latest_answers(db: sqlite3.Connection, *, limit: int) -> list[tuple[int, str, Answer]]:
    """The newest answers, each with the position and the type of the event it was given for."""
    found = db.execute(LATEST_ANSWERS, [limit])
    return [(position, type_, Answer(*row)) for position, type_, *row in found]


_astuple: Final = msgspec.structs.astuple
