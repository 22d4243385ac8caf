"""What a log is known by: the position of its newest event and the chain there, which stands for
every event up to it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from store.errors import Cancelled, StoreDamaged
from store.sqlite import schema
from store.sqlite.integrity import verify
from store.words import said

STORE_ID: Final = "SELECT value FROM store_facts WHERE key = 'store_id'"
HEAD: Final = "SELECT position, {chain} FROM events ORDER BY position DESC LIMIT 1"
BESIDE: Final = "SELECT chain FROM beside_chain ORDER BY number DESC LIMIT 1"


class LogHead(Struct, frozen=True, kw_only=True):
    """The end of a log. A chain is SHA-256 in hexadecimal; empty where there is none."""

    store_id: str
    position: int  # 0: no event yet
    chain: str
    beside_chain: str  # of what is recorded beside the events


def head_of(db: sqlite3.Connection) -> LogHead:
    """Of the log behind a connection, as that sees it now."""
    is_chained = schema.version_of(db) >= schema.CHAINED_SINCE
    events = db.execute(HEAD.format(chain="chain" if is_chained else "NULL")).fetchone()
    position, chain = events or (0, None)
    (beside,) = (db.execute(BESIDE).fetchone() if is_chained else None) or (None,)
    row = db.execute(STORE_ID).fetchone()
    return LogHead(
        store_id=str(row[0]) if row else "",
        position=position,
        chain=chain.hex() if chain else "",
        beside_chain=beside.hex() if beside else "",
    )


def require_sound(path: Path, *, of: Path, is_cancelled: Callable[[], bool]) -> None:
    """Read a copy of a store from end to end. Raises StoreDamaged with the first thing that is
    wrong, and Cancelled."""
    report = verify(path, is_cancelled=is_cancelled)
    if is_cancelled():
        raise Cancelled
    if report.problems:
        more = (
            said(" and {problem_count:,} more", problem_count=report.problem_count - 1)
            if report.problem_count > 1
            else ""
        )
        error = StoreDamaged(
            said(
                "the source is damaged: {text}{more}",
                text=report.problems[0].text,
                more=more,
            ),
            of,
        )
        error.hint = said(
            "Check the store with main.py verify. main.py salvage reads a damaged one."
        )
        raise error
