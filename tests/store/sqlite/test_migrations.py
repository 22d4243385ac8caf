"""Logs of an older schema: brought to the newest one, or read as they are."""

import sqlite3
from pathlib import Path

import pytest

from store.beside.sqlite_beside import SqliteBeside
from store.events import NewEvent
from store.sqlite import schema
from store.sqlite.connect import create_log, open_log
from store.sqlite.integrity import verify
from store.sqlite.writer import Writer
from tests.older_logs import make_older_log


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
    return make_older_log(path, 2, commands=["c1"])


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


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_log_that_was_brought_up_to_date_has_the_tables_of_a_new_one(
    tmp_path: Path, version: int
) -> None:
    old, new = make_older_log(tmp_path / "old.foldline", version), tmp_path / "new.foldline"
    create_log(new)

    open_log(old, writable=True).close()
    found, expected = objects(old), objects(new)
    within = " UNIQUE", ", UNIQUE (stream_id, version)"  # the table, instead of indexes beside it

    assert expected.keys() - found.keys() == {"indexevents_by_id", "indexevents_by_stream"}
    assert found.pop("tableevents") == [
        *" ".join(expected.pop("tableevents"))
        .replace("id TEXT NOT NULL, recorded", f"id TEXT NOT NULL{within[0]}, recorded")
        .replace("chain BLOB )", f"chain BLOB{within[1]} )")
        .split()
    ]
    assert found.items() <= expected.items()
    assert verify(old).is_sound
    assert verify(new).is_sound


def test_events_of_before_the_chain_stay_as_they_are_and_later_ones_are_chained(
    tmp_path: Path,
) -> None:
    path = make_older_log(tmp_path / "old.foldline", 3, words=["one", "two"])

    db = open_log(path, writable=True)
    Writer(db).append("note-1", [NewEvent(type="Noted")], expected=2)
    chains = db.execute("SELECT length(chain) FROM events ORDER BY position").fetchall()
    facts = dict(db.execute("SELECT key, value FROM store_facts"))
    db.close()

    assert chains == [(None,), (None,), (32,)]
    assert facts[schema.UNCHAINED_EVENTS] == "2"
    assert verify(path).is_sound


def objects(path: Path) -> dict[str, list[str]]:
    """What the file has, however the lines of its statements are broken."""
    db = plainly(path)
    found = db.execute("SELECT type || name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    words = {name: sql.split() for name, sql in found}
    db.close()
    return words
