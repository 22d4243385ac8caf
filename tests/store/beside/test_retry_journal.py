"""The retry journal: the last entry of a subject says how it stands, and nothing in it changes."""

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from store.beside.attempts import Trouble
from store.beside.retry_journal import JournalEntry, Standing, event_subject
from store.interface import EventWriter
from store.sqlite.integrity import verify
from store.sqlite.store import SqliteStore, open_store
from tests.replay.issued import issued


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "log.foldline", create=True)
    yield store
    store.close()


def note(store: SqliteStore, status: Standing, *, subject: str = "m1", at_us: int = 1) -> None:
    entry = JournalEntry(
        kind="message",
        subject=subject,
        handler="mail",
        stream="",
        position=7,
        status=status,
        attempt=1,
        reason="no answer",
        decided_by="",
        at_us=at_us,
        next_at_us=at_us + 1 if status == "failed" else None,
    )
    store.submit(lambda writer: writer.beside.retries.note(entry)).result()


def test_what_is_neither_handled_nor_given_up_is_open_with_its_last_entry(
    store: SqliteStore,
) -> None:
    note(store, "failed", subject="m1")
    note(store, "dead", subject="m1")
    note(store, "failed", subject="m2")
    note(store, "failed", subject="m3")
    note(store, "handled", subject="m3")
    note(store, "dead", subject="m4")
    note(store, "given up", subject="m4")
    note(store, "failed", subject="m4")  # it may fail again after that

    found = [(it.subject, it.status) for it in store.beside.retries.open()]

    assert found == [("m1", "dead"), ("m2", "failed"), ("m4", "failed")]


def test_entries_are_numbered_in_the_order_of_writing(store: SqliteStore) -> None:
    for at_us in (3, 4, 5):
        note(store, "failed", at_us=at_us)

    found = store.beside.retries.since(1)

    assert [(it.number, it.at_us, it.next_at_us) for it in found] == [(2, 4, 5), (3, 5, 6)]
    assert store.beside.retries.of("message", "m1")[1:] == found
    assert store.beside.retries.of("command", "m1") == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE retry_journal SET status = 'handled'",
        "DELETE FROM retry_journal",
        "INSERT OR REPLACE INTO retry_journal SELECT * FROM retry_journal",
    ],
)
def test_the_file_refuses_a_change_of_the_journal(store: SqliteStore, change: str) -> None:
    note(store, "failed")
    db = sqlite3.connect(store.place.path)

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(change)

    db.close()


def test_the_journal_is_in_the_chain_of_what_stands_beside_the_events(store: SqliteStore) -> None:
    note(store, "failed")

    assert verify(store.place.path).is_sound
    with sqlite3.connect(store.place.path) as db:
        assert db.execute(
            "SELECT count(*) FROM beside_chain WHERE recorded_in = 'retry_journal'"
        ).fetchone() == (1,)
    db.close()


def test_a_command_is_pending_again_once_its_last_attempt_is_to_be_retried(
    store: SqliteStore,
) -> None:
    command = replace(issued("Add", {}, id_="c1"), stream="a-1")
    store.submit(lambda writer: writer.beside.commands.add([command])).result()
    seen = []

    states: list[Trouble] = ["retried", "failed", "retried"]
    for status in states:
        store.submit(partial(tried, status)).result()
        seen.append(len(store.beside.commands.waiting(after=0)))

    assert seen == [1, 0, 1]
    assert not store.beside.attempts.is_stopped("c1")


def tried(status: Trouble, writer: EventWriter) -> None:
    writer.beside.attempts.note("c1", status, "", at_us=1)


def test_an_event_is_a_subject_of_its_own_for_each_process_manager() -> None:
    assert event_subject("billing", 7) != event_subject("stock", 7)
