"""Logs as programs of older schema versions made them, from the statements those ran."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from zlib import crc32

from store.sqlite import schema

SCRIPTS = Path(__file__).parent / "fixtures"
EVENT = """
INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
COMMAND = """
INSERT INTO commands (id, type, stream, data, actor, roles, expected, issued_at_us, due_at_us,
                      expires_at_us, causation_id, correlation_id)
VALUES (?, 'Add', 'a-1', '{}', 'ada', '[]', NULL, 1, 1, NULL, NULL, ?)
"""


def make_older_log(
    path: Path, version: int, *, words: Sequence[str] = (), commands: Sequence[str] = ()
) -> Path:
    """A log of schema version 1, 2 or 3, with an event in the stream note-1 for each word, and
    pending commands of these ids."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for number in range(1, version + 1):
            db.executescript((SCRIPTS / f"schema-{number}.sql").read_text("utf-8"))
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("INSERT INTO store_facts VALUES ('store_id', 'an older one')")
        db.execute("INSERT INTO streams VALUES (1, 'note-1')")
        db.execute("INSERT INTO types VALUES (1, 'Noted')")
        db.executemany(EVENT, [_row(at, word) for at, word in enumerate(words, 1)])
        if commands:
            db.executemany(COMMAND, [(it, it) for it in commands])
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path


def _row(position: int, word: str) -> tuple[Any, ...]:
    data = f'{{"word":"{word}"}}'
    facts = (f"id-{position}", position, 0, position, position, 0, data, "{}", None)
    hashed = (position, "note-1", position, "Noted", *facts)
    checksum = crc32("\x1f".join(map(str, hashed)).encode())
    return (position, 1, position, 1, *facts, checksum)
