"""Recorded answers of outside queries.

As long as the events are kept, so is what the world said when they were decided.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from msgspec import Struct

from store import json_text
from store.beside.chained_rows import record_rows
from store.query import EVERYTHING, EventQuery, conditions
from store.sqlite.rows import made_of, rows

ONE: Final = "SELECT answer FROM answers WHERE event_id = ? AND gateway = ? AND request = ?"
KEEP: Final = "INSERT INTO answers VALUES (?, ?, ?, ?, ?)"
OF_EVENTS: Final = """
SELECT event_id, gateway, request, answer, asked_at_us FROM answers
WHERE event_id IN (SELECT e.id FROM events e WHERE {conditions})
"""
LATEST: Final = """
SELECT e.position, t.name, a.event_id, a.gateway, a.request, a.answer, a.asked_at_us
FROM answers a JOIN events e ON e.id = a.event_id JOIN types t ON t.id = e.type_id
ORDER BY a.asked_at_us DESC, e.position DESC LIMIT ?
"""
COUNT: Final = """
SELECT count(*) FROM answers a JOIN events e ON e.id = a.event_id
"""


class Answer(Struct, frozen=True, kw_only=True):
    """What an outside system said when an event was decided."""

    event_id: str
    gateway: str
    request_json: str
    answer_json: str
    asked_at_us: int


class SqliteAnswers:
    """store.beside.interface.AnswerWriter on a connection; on a read-only one it only reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def has(self, event_id: str, gateway: str, request_json: str) -> bool:
        return bool(rows(self._db, ONE, [event_id, gateway, request_json]))

    def to(self, event_id: str, gateway: str, request_json: str) -> Any:
        found = rows(self._db, ONE, [event_id, gateway, request_json])
        if not found:
            raise LookupError(f"{gateway} was not asked {request_json} for event {event_id}")
        return json_text.decode(found[0][0])

    def of_events(self, query: EventQuery = EVERYTHING) -> list[Answer]:
        where, values = conditions(query)
        found = rows(self._db, OF_EVENTS.format(conditions=where), values)
        return [made_of(Answer, row) for row in found]

    def latest(self, *, limit: int) -> list[tuple[int, str, Answer]]:
        found = rows(self._db, LATEST, [limit])
        return [(position, type_, made_of(Answer, row)) for position, type_, *row in found]

    def count(self) -> int:
        return int(rows(self._db, COUNT)[0][0])

    def keep(self, answers: Iterable[Answer]) -> None:
        record_rows(self._db, "answers", KEEP, map(msgspec.structs.astuple, answers))
