"""Bytes of a small store flipped one after the other: what a check finds, and never a crash."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import StoreError
from store.events import NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.integrity import verify
from store.sqlite.writer import Writer

PAGE_BYTES = 4_096
STEP = 997  # every so many bytes of the file


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        events = [NewEvent.of("Noted", {"word": f"w{at}" * 20}) for at in range(20)]
        Writer(db).append("note-1", events, expected=0)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path


def is_found(log: Path, content: bytes, at: int) -> bool:
    """Whether the store with one bit of this byte flipped is refused, or told to be damaged."""
    flipped = bytearray(content)
    flipped[at] ^= 1 << at % 8
    log.write_bytes(flipped)
    try:
        return not verify(log).is_sound
    except StoreError:
        return True


def test_a_flip_anywhere_ends_in_a_report_or_a_refusal_in_our_words(log: Path) -> None:
    content = log.read_bytes()

    found = [is_found(log, content, at) for at in range(5, len(content), STEP)]

    assert any(found)


def test_every_flip_in_the_payloads_of_events_is_found(log: Path) -> None:
    content = log.read_bytes()
    places = [content.index(f'{{"word":"w{at}w{at}'.encode()) for at in range(20)]

    missed = [at for at in places if not is_found(log, content, at + 12)]

    assert missed == []


def test_an_id_that_an_index_holds_as_bytes_is_found(log: Path) -> None:
    """One bit of a record's header makes a text a blob, which cannot be compared with texts."""
    with closing(open_log(log)) as db:
        (id_,) = db.execute("SELECT id FROM events WHERE position = 2").fetchone()
    text_of_36, blob_of_36 = 13 + 2 * 36, 12 + 2 * 36
    content = log.read_bytes()
    in_index = bytes([3, text_of_36, 1]) + id_.encode()

    log.write_bytes(content.replace(in_index, bytes([3, blob_of_36, 1]) + id_.encode()))

    assert log.read_bytes() != content
    assert "index" in {it.kind for it in verify(log).problems}


def test_a_flip_in_the_header_of_any_page_is_found(log: Path) -> None:
    content = log.read_bytes()
    pages = range(0, len(content), PAGE_BYTES)
    places = [start + n for start in pages for n in range(8) if start] + [*range(100, 108)]

    missed = [at for at in places if not is_found(log, content, at)]

    assert missed == []


def test_a_fact_of_the_store_that_is_no_number_is_told(log: Path) -> None:
    with closing(sqlite3.connect(log, isolation_level=None)) as db:
        db.execute("INSERT INTO store_facts VALUES ('unchained_rows', 'as before')")

    assert "changed" in {it.kind for it in verify(log).problems}


def test_a_table_that_the_schema_calls_one_in_bytes_is_told(log: Path) -> None:
    """SQLite still opens it, and no program that lists tables finds it."""
    with closing(sqlite3.connect(log, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_schema SET type = CAST(type AS BLOB) WHERE name = 'clock'")

    assert "the table clock is missing" in {it.text for it in verify(log).problems}


def test_an_entry_beside_the_events_whose_key_is_damaged_is_told(log: Path) -> None:
    content = log.read_bytes()

    log.write_bytes(content.replace(b'store_facts["store_id"]', b'store_facts["store_id"}'))

    assert log.read_bytes() != content
    assert not verify(log).is_sound
