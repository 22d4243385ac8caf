"""Messages to the outside world, written with the events that cause them, delivered afterwards.

A message is released at a time, and until then it may be corrected or withdrawn. Each attempt
to deliver it is recorded.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from store.beside.chained_rows import record_rows
from store.sqlite.rows import made_of, rows

DeliveryStatus: TypeAlias = Literal["sent", "failed", "withdrawn"]

ADD: Final = "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?)"
DELIVERED: Final = "INSERT INTO outbox_deliveries VALUES (?, ?, ?, ?, ?)"
_MESSAGE: Final = "m.id, m.position, m.gateway, m.payload, m.release_at_us, m.corrects"
WAITING: Final = f"""
SELECT {_MESSAGE} FROM outbox m
WHERE m.release_at_us <= ?1 AND NOT EXISTS (
    SELECT 1 FROM outbox_deliveries d WHERE d.message_id = m.id AND d.status != 'failed')
AND NOT EXISTS (
    SELECT 1 FROM retry_journal j WHERE j.kind = 'message' AND j.subject = m.id
        AND j.number = (SELECT max(number) FROM retry_journal n
                        WHERE n.kind = 'message' AND n.subject = m.id)
        AND (j.status = 'dead' OR (j.number > ?3 AND j.next_at_us > ?1)))
ORDER BY m.release_at_us, m.rowid LIMIT ?2
"""
UNSENT: Final = """
SELECT count(*) FROM outbox m
WHERE m.release_at_us <= ? AND NOT EXISTS (
    SELECT 1 FROM outbox_deliveries d WHERE d.message_id = m.id AND d.status != 'failed')
"""
ONE: Final = f"SELECT {_MESSAGE} FROM outbox m WHERE m.id = ?"
LATEST: Final = f"""
SELECT {_MESSAGE}, d.message_id, d.attempt, d.status, d.answer, d.at_us
FROM outbox m LEFT JOIN outbox_deliveries d ON d.message_id = m.id AND d.attempt = (
    SELECT max(attempt) FROM outbox_deliveries WHERE message_id = m.id)
ORDER BY m.rowid DESC LIMIT ?
"""
# Paged by rowid, oldest first.
PAGE: Final = f"""
SELECT m.rowid, {_MESSAGE}, d.message_id, d.attempt, d.status, d.answer, d.at_us
FROM outbox m LEFT JOIN outbox_deliveries d ON d.message_id = m.id AND d.attempt = (
    SELECT max(attempt) FROM outbox_deliveries WHERE message_id = m.id)
WHERE m.rowid > ? ORDER BY m.rowid LIMIT ?
"""
PAGE_SIZE: Final = 500
COUNT: Final = "SELECT count(*) FROM outbox"
FOLLOWED: Final = "SELECT corrects FROM outbox WHERE corrects IS NOT NULL"
TOLD: Final = "SELECT position, gateway FROM outbox"
LAST: Final = """
SELECT message_id, attempt, status, answer, at_us FROM outbox_deliveries
WHERE message_id = ? ORDER BY attempt DESC LIMIT 1
"""
ATTEMPTS: Final = "SELECT count(*) FROM outbox_deliveries WHERE message_id = ?"


class Message(Struct, frozen=True, kw_only=True):
    """Something a gateway shall send. Times are microseconds since 1970 UTC."""

    id: str
    position: int  # of the event that causes it
    gateway: str
    payload_json: str
    release_at_us: int  # not to be sent before
    corrects: str | None = None  # the message it takes the place of


class Delivery(Struct, frozen=True, kw_only=True):
    """One attempt to send a message."""

    message_id: str
    attempt: int  # from 1
    status: DeliveryStatus
    answer: str  # what the other side said, or why it could not be reached
    at_us: int


class SqliteOutbox:
    """store.beside.interface.OutboxWriter on a connection; on a read-only one it only reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def waiting(self, now_us: int, *, limit: int, hurried: int = 0) -> list[Message]:
        found = rows(self._db, WAITING, [now_us, limit, hurried])
        return [made_of(Message, row) for row in found]

    def unsent(self, now_us: int) -> int:
        return int(rows(self._db, UNSENT, [now_us])[0][0])

    def find(self, message_id: str) -> Message | None:
        found = rows(self._db, ONE, [message_id])
        return made_of(Message, found[0]) if found else None

    def latest(self, *, limit: int) -> list[tuple[Message, Delivery | None]]:
        return [_with_delivery(row) for row in rows(self._db, LATEST, [limit])]

    def all(self) -> Iterator[tuple[Message, Delivery | None]]:
        after = 0
        while page := rows(self._db, PAGE, [after, PAGE_SIZE]):
            after = page[-1][0]
            yield from (_with_delivery(row[1:]) for row in page)

    def count(self) -> int:
        return int(rows(self._db, COUNT, [])[0][0])

    def followed(self) -> set[str]:
        return {id_ for (id_,) in rows(self._db, FOLLOWED, [])}

    def told(self) -> set[tuple[int, str]]:
        return {(position, gateway) for position, gateway in rows(self._db, TOLD)}

    def attempts(self, message_id: str) -> int:
        return int(rows(self._db, ATTEMPTS, [message_id])[0][0])

    def delivery_of(self, message_id: str) -> Delivery | None:
        found = rows(self._db, LAST, [message_id])
        return made_of(Delivery, found[0]) if found else None

    def add(self, messages: Iterable[Message]) -> None:
        record_rows(self._db, "outbox", ADD, map(msgspec.structs.astuple, messages))

    def record(self, delivery: Delivery) -> None:
        record_rows(self._db, "outbox_deliveries", DELIVERED, [msgspec.structs.astuple(delivery)])


def _with_delivery(row: Sequence[Any]) -> tuple[Message, Delivery | None]:
    width = len(Message.__struct_fields__)
    delivery = None if row[width] is None else made_of(Delivery, row[width:])
    return made_of(Message, row[:width]), delivery
