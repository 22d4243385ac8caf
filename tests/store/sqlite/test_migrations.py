"""Logs of an older schema: brought to the newest one, or read as they are."""

import sqlite3
from pathlib import Path

import pytest

from store.beside.commands import IssuedCommand
from store.beside.sqlite_beside import SqliteBeside
from store.sqlite import schema
from store.sqlite.connect import create_log, open_log


def plainly(path: Path) -> sqlite3.Connection:
    """As any other program opens it."""
    return sqlite3.connect(path)


def test_migrations_run_step_by_step_each_whole_or_not_at_all(tmp_path: Path) -> None:
    db = plainly(tmp_path / "old.sqlite")
    db.execute("PRAGMA user_version = 1")
    steps = {1: "CREATE TABLE two (x);", 2: "CREATE TABLE three (x); SELECT wrong FROM nowhere;"}

    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(db, steps=steps)
    db.rollback()

    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema")]
    assert tables == ["two"]
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    db.close()


def an_older_log(path: Path) -> Path:
    """As schema version 2 made it: without attempts."""
    create_log(path)
    db = plainly(path)
    db.executescript("DROP TABLE command_attempts; PRAGMA user_version = 2;")
    command = IssuedCommand(
        id="c1",
        type="Add",
        stream="a-1",
        data_json="{}",
        actor="ada",
        roles=(),
        expected=None,
        issued_at_us=1,
        due_at_us=1,
        expires_at_us=None,
        causation_id=None,
        correlation_id="c1",
    )
    SqliteBeside(db).commands.add([command])
    db.commit()
    db.close()
    return path


def test_a_log_without_attempts_gets_them(tmp_path: Path) -> None:
    path = an_older_log(tmp_path / "old.foldline")

    db = open_log(path, writable=True)
    beside = SqliteBeside(db)
    beside.attempts.note("c1", "conflict", "somebody was quicker", at_us=2)

    assert schema.version_of(db) == schema.SCHEMA_VERSION
    assert beside.commands.counts() == {"conflict": 1}
    db.close()


def test_two_that_migrate_at_once_both_find_it_done(tmp_path: Path) -> None:
    path = an_older_log(tmp_path / "old.foldline")
    first, second = plainly(path), plainly(path)

    class Overtaken(dict[int, str]):
        def __getitem__(self, version: int) -> str:
            schema.migrate(first)
            return schema.MIGRATIONS[version]

    assert schema.migrate(second, steps=Overtaken(schema.MIGRATIONS)) == schema.SCHEMA_VERSION
    first.close()
    second.close()
