"""Logs as programs of older schema versions made them, from the statements those ran."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

from store.sqlite import schema
from tests.contracts.plain_log import Given

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
        _make_tables(db, version)
        db.execute("INSERT INTO store_facts VALUES ('store_id', 'an older one')")
        db.execute("INSERT INTO streams VALUES (1, 'note-1')")
        db.execute("INSERT INTO types VALUES (1, 'Noted')")
        db.executemany(EVENT, [_row(at, word) for at, word in enumerate(words, 1)])
        if commands:
            db.executemany(COMMAND, [(it, it) for it in commands])
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path


def older_log_of(path: Path, version: int, given: Sequence[Given]) -> Path:
    """The same with these events and links; both times of each are stated. Each log has an id of
    its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        _make_tables(db, version)
        db.execute("BEGIN")
        db.execute("INSERT INTO store_facts VALUES ('store_id', ?)", [str(uuid4())])
        versions, latest = Counter[str](), -(2**62)
        for position, it in enumerate(given, 1):
            event = it.event
            versions[it.stream] += 1
            assert event.recorded_at_us is not None
            latest = max(latest, event.recorded_at_us)
            facts = (
                event.id,
                *(event.recorded_at_us, event.recorded_offset_min, latest),
                *(event.occurred_at_us, event.occurred_offset_min),
                *(event.data_json, event.metadata_json, event.source_json),
            )
            hashed = (position, it.stream, versions[it.stream], event.type, *facts)
            ids = (_number(db, "streams", it.stream), _number(db, "types", event.type))
            row = (position, ids[0], versions[it.stream], ids[1], *facts, _checksum(hashed))
            db.execute(EVENT, row)
            for link in sorted({*event.links} - {it.stream}):
                db.execute(
                    "INSERT INTO links VALUES (?, ?)", [_number(db, "streams", link), position]
                )
        db.execute("COMMIT")
    return path


def _make_tables(db: sqlite3.Connection, version: int) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    for number in range(1, version + 1):
        db.executescript((SCRIPTS / f"schema-{number}.sql").read_text("utf-8"))
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {version}")


def _number(db: sqlite3.Connection, table: str, name: str) -> int:
    row = db.execute(f"SELECT id FROM {table} WHERE name = ?", [name]).fetchone()
    added = row or [db.execute(f"INSERT INTO {table} (name) VALUES (?)", [name]).lastrowid]
    return int(added[0])


def _row(position: int, word: str) -> tuple[Any, ...]:
    data = f'{{"word":"{word}"}}'
    facts = (f"id-{position}", position, 0, position, position, 0, data, "{}", None)
    hashed = (position, "note-1", position, "Noted", *facts)
    return (position, 1, position, 1, *facts, _checksum(hashed))


def _checksum(hashed: tuple[Any, ...]) -> int:
    return crc32("\x1f".join(map(str, hashed)).encode())
