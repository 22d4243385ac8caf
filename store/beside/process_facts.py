"""How far each process manager has heard the log, and how far a person has moved the clock."""

import sqlite3
from typing import Final

from store.sqlite.rows import rows

HEARD: Final = "SELECT position FROM process_checkpoints WHERE name = ?"
HEAR: Final = """
INSERT INTO process_checkpoints VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""
BEGINNING: Final = """
SELECT coalesce((SELECT max(position) FROM process_checkpoints),
                (SELECT max(last_position) FROM imports), 0)
"""
AHEAD: Final = "SELECT ahead_us FROM clock"
MOVE: Final = """
INSERT INTO clock VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET ahead_us = excluded.ahead_us
"""


class SqliteProcesses:
    """store.beside.interface.ProcessWriter on a connection; on a read-only one it only reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def heard_until(self, process: str) -> int | None:
        found = rows(self._db, HEARD, [process])
        return int(found[0][0]) if found else None

    def beginning(self) -> int:
        return int(rows(self._db, BEGINNING)[0][0])

    def hear(self, process: str, position: int) -> None:
        self._db.execute(HEAR, [process, position])


class SqliteClock:
    """store.beside.interface.ClockWriter on a connection; on a read-only one it only reads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def ahead_us(self) -> int:
        found = rows(self._db, AHEAD)
        return int(found[0][0]) if found else 0

    def move(self, ahead_us: int) -> None:
        self._db.execute(MOVE, [ahead_us])
