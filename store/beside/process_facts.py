"""How far each process manager has heard the log, and how far a person has moved the clock."""

import sqlite3
from typing import Final

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


def heard_until(db: sqlite3.Connection, process: str) -> int | None:
    """The last position the process manager has dealt with; None before it was started."""
    row = db.execute(HEARD, [process]).fetchone()
    return None if row is None else int(row[0])


def beginning(db: sqlite3.Connection) -> int:
    """The position after which a process manager that is started now begins to hear: as far as
    the others have come, or the end of the last import."""
    return int(db.execute(BEGINNING).fetchone()[0])


def hear(db: sqlite3.Connection, process: str, position: int) -> None:
    """It has dealt with everything up to a position; inside a transaction."""
    db.execute(HEAR, [process, position])


def clock_ahead_us(db: sqlite3.Connection) -> int:
    """By how many microseconds the store's clock is ahead of the real one."""
    row = db.execute(AHEAD).fetchone()
    return 0 if row is None else int(row[0])


def move_clock(db: sqlite3.Connection, ahead_us: int) -> None:
    """Put the store's clock ahead; inside a transaction."""
    db.execute(MOVE, [ahead_us])
