"""A log that lacks what its schema says that it has, or holds what is no text."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from store.errors import StoreDamaged
from store.events import NewEvent
from store.opening import open_store, reading
from store.sqlite.integrity import verify
from store.transfer.ingest import ingest
from tests.store.event_files import event, write_lines

CHANGES = (
    *("DROP TABLE links", "DROP TABLE types", "DROP TABLE streams", "DROP TABLE events"),
    *("ALTER TABLE links RENAME TO other", "ALTER TABLE types RENAME COLUMN name TO other"),
)


def altered(log: Path, change: str) -> None:
    """A log of one event, changed by a program that takes the guards away."""
    store = open_store(log, create=True)
    store.append("a-1", [NewEvent(type="T", data_json="{}", links=("b",))], expected=0)
    store.close()
    with closing(sqlite3.connect(log, isolation_level=None)) as db:
        db.executescript("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON")
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("DROP VIEW IF EXISTS event_log")
        db.execute(change)


@pytest.mark.parametrize("change", CHANGES)
def test_a_log_without_one_of_its_tables_is_told_as_damaged(tmp_path: Path, change: str) -> None:
    log = tmp_path / "log.foldline"
    altered(log, change)
    source = write_lines(tmp_path / "in.jsonl", {**event(9), "links": ["a"]})

    with pytest.raises(StoreDamaged), reading(log) as reader:
        assert not (reader.links_between(1, 9) and reader.page(1, 9))
    with pytest.raises(StoreDamaged):
        ingest(source, into=log)
    with suppress(StoreDamaged):
        assert not verify(log).is_sound


@pytest.mark.parametrize("table", ["types", "streams"])
def test_a_name_that_is_no_text_is_told_as_damage(tmp_path: Path, table: str) -> None:
    log = tmp_path / "log.foldline"
    altered(log, f"UPDATE {table} SET name = CAST(x'ff' AS TEXT) WHERE id = 1")

    with pytest.raises(StoreDamaged, match=r"a text is not UTF-8"), reading(log) as reader:
        reader.page(1, 9)
    assert not verify(log).is_sound
