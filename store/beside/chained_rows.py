"""The hash chain over what stands beside the events: every row that is never changed, in order.

An entry names the row, and the head of the events when the row was recorded, whose chain is hashed
with it: neither can be rewritten without the other, and events that were cut off at the end are
missed. Its bytes are the MessagePack array of its number, the table, the key as JSON, the position,
the chain of the event there (32 zero bytes where there is none), and the row's values.

The checksum is the CRC-32 of the MessagePack array of the row's values alone: it tells a changed
row from changed events.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

from store import json_text
from store.sqlite.chain import BEGINNING, chained, checksum, pack

TABLE: Final = """
CREATE TABLE beside_chain (
    number INTEGER PRIMARY KEY,
    recorded_in TEXT NOT NULL,
    row_key TEXT NOT NULL CHECK (json_type(row_key) = 'array'),
    position INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;
"""
GUARD: Final = """
CREATE TRIGGER beside_chain_is_dense BEFORE INSERT ON beside_chain
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM beside_chain) BEGIN
    SELECT RAISE(ABORT, 'beside_chain is append-only: numbers are dense');
END;
"""
HEAD: Final = """
SELECT coalesce(b.number, 0), b.chain, coalesce(e.position, 0), e.chain FROM (SELECT 1)
LEFT JOIN (SELECT number, chain FROM beside_chain ORDER BY number DESC LIMIT 1) b
LEFT JOIN (SELECT position, chain FROM events ORDER BY position DESC LIMIT 1) e
"""
ADD: Final = "INSERT INTO beside_chain VALUES (?, ?, ?, ?, ?, ?)"


class Chained(Struct, frozen=True, kw_only=True):
    """A table whose rows are chained: its columns as hashed, the key first."""

    key: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def columns(self) -> str:
        """All of them, for a SELECT."""
        return ", ".join((*self.key, *self.others))


CHAINED: Final = {
    "store_facts": Chained(key=("key",), others=("value",)),
    "imports": Chained(key=("id",), others=("imported_at_us", "last_position", "manifest")),
    "commands": Chained(
        key=("number",),
        others=(
            *("id", "type", "stream", "data", "actor", "roles", "expected", "issued_at_us"),
            *("due_at_us", "expires_at_us", "causation_id", "correlation_id"),
        ),
    ),
    "command_outcomes": Chained(
        key=("number",),
        others=(
            *("status", "first_position", "last_position", "rule", "reason", "attempts"),
            "decided_at_us",
        ),
    ),
    "command_attempts": Chained(key=("number", "attempt"), others=("status", "reason", "at_us")),
    "outbox": Chained(
        key=("id",), others=("position", "gateway", "payload", "release_at_us", "corrects")
    ),
    "outbox_deliveries": Chained(
        key=("message_id", "attempt"), others=("status", "answer", "at_us")
    ),
    "answers": Chained(key=("event_id", "gateway", "request"), others=("answer", "asked_at_us")),
    "retry_journal": Chained(
        key=("number",),
        others=(
            *("kind", "subject", "handler", "stream", "position", "status", "attempt", "reason"),
            *("decided_by", "at_us", "next_at_us"),
        ),
    ),
}


def record_rows(
    db: sqlite3.Connection, table: str, insert: str, rows: Iterable[Sequence[Any]]
) -> None:
    """Run an INSERT into one of the chained tables for each of `rows`, and chain what it records.

    Inside a transaction. Raises what SQLite raises.
    """
    shape = CHAINED[table]
    number, chain, position, event_chain = db.execute(HEAD).fetchone()
    chain, event_chain = chain or BEGINNING, event_chain or BEGINNING
    width, sql = len(shape.key), f"{insert} RETURNING {shape.columns}"
    for values in rows:
        for row in db.execute(sql, values).fetchall():
            number += 1
            key = json_text.encode(row[:width])
            chain = chained(chain, entry_bytes(number, table, key, position, event_chain, row))
            db.execute(ADD, (number, table, key, position, checksum(pack(row)), chain))


def entry_bytes(
    number: int, table: str, key: str, position: int, event_chain: bytes, row: Sequence[Any]
) -> bytes:
    """What is hashed of one row, behind the chain of the entry before it."""
    return pack((number, table, key, position, event_chain, row))
