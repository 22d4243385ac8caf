"""SQLite files with other rows, other tables, or other bytes where the pages keep their order."""

import sqlite3
from contextlib import closing, suppress
from random import Random
from typing import Final

MAGIC: Final = b"SQLite format 3\0"
_WAL: Final = 2  # in bytes 18 and 19
_VALUES: Final = (
    *("NULL", "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "0.5", "1e308"),
    *("''", "'a'", "x''", "x'00'", "x'ff00'", "zeroblob(64)", "'{}'", "'{\"a\":1}'", "'null'"),
    *("'2026-03-14T09:41:09Z'", "'2026-03-14 09:41:09'", "'9999-99-99'", "char(0)", "'true'"),
    *("CAST(x'c3' AS TEXT)", "CAST(x'eda080' AS TEXT)", "char(8238)", "'[1]'", "'['", "1/0"),
    *("9e999", "'1'", "'é'", "hex(randomblob(9))"),
)


def changed_database(data: bytes, random: Random) -> bytes:
    """With a change in a row or a table, or where a page keeps its cells."""
    if random.random() < 0.3:
        return _page_changed(data, random)
    try:
        return _rows_changed(data, random)
    except (sqlite3.Error, UnicodeDecodeError):
        return _page_changed(data, random)


def _page_changed(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    size = int.from_bytes(data[16:18], "big") if len(data) > 100 else 0
    size = 65536 if size == 1 else max(size, 512)
    page = random.randrange(max(len(data) // size, 1)) * size
    within = random.choice((random.randrange(12), random.randrange(64), random.randrange(size)))
    at = min(page + within + 100 * (not page and random.random() < 0.7), len(data) - 1)
    changed[at] = random.choice((0, 1, 2, 5, 10, 13, 127, 128, 255, random.randrange(256)))
    return bytes(changed)


def _rows_changed(data: bytes, random: Random) -> bytes:
    plain = bytearray(data)
    was_wal = plain[18:20] == bytes([_WAL, _WAL])
    if was_wal:
        plain[18:20] = b"\1\1"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.deserialize(bytes(plain))
        db.execute("PRAGMA foreign_keys = OFF")
        db.executescript("PRAGMA ignore_check_constraints = ON; PRAGMA legacy_alter_table = ON")
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(f"DROP TRIGGER {_name(name)}")
        for statement in _statements(db, random):
            with suppress(sqlite3.Error):
                db.execute(statement)
        changed = bytearray(db.serialize())
    if was_wal:
        changed[18:20] = bytes([_WAL, _WAL])
    return bytes(changed)


def _statements(db: sqlite3.Connection, random: Random) -> list[str]:
    """One change, as SQL."""
    tables = [it for (it,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    if not tables:
        return []
    table = _name(random.choice(tables))
    columns = [_name(it[1]) for it in db.execute(f"PRAGMA table_info({table})")]
    column, value = random.choice(columns or ["x"]), random.choice(_VALUES)
    row = f"rowid = (SELECT rowid FROM {table} ORDER BY random() LIMIT 1)"
    if random.random() < 0.75:
        return [f"UPDATE OR REPLACE {table} SET {column} = {value} WHERE {row}"]
    return random.choice(
        (
            [f"DELETE FROM {table} WHERE {row}"],
            [f"DELETE FROM {table}"],
            [f"UPDATE OR REPLACE {table} SET {column} = {value}"],
            [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"],
            [f"DROP TABLE {table}"],
            [f"ALTER TABLE {table} RENAME TO other"],
            [f"ALTER TABLE {table} RENAME COLUMN {column} TO other"],
            [f"ALTER TABLE {table} DROP COLUMN {column}"],
            [f"ALTER TABLE {table} RENAME TO t", f"CREATE VIEW {table} AS SELECT * FROM t"],
            [
                f"CREATE TABLE t AS SELECT * FROM {table}",
                f"DROP TABLE {table}",
                f"ALTER TABLE t RENAME TO {table}",
            ],
            [f"PRAGMA user_version = {random.randrange(-1, 7)}"],
            [f"PRAGMA application_id = {random.randrange(3)}"],
        )
    )


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
