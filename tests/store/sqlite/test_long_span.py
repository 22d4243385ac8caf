"""A long page of the log reads its names by themselves, and gives what short pages give."""

from pathlib import Path

import pytest

from store.events import NewEvent, RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.asking import LONG_SPAN
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.writer import Writer

EVENTS = 2 * LONG_SPAN


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of seven streams and eleven types."""
    path = tmp_path / "log.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    with writer.transaction():
        writer.record(
            (f"s-{at % 7}", at // 7 + 1, NewEvent.of(f"T{at % 11}", {"at": at}))
            for at in range(EVENTS)
        )
    db.close()
    return path


def in_short_pages(log: EventReader, first: int, last: int) -> list[RecordedEvent]:
    return [it for at in range(first, last + 1) for it in log.page(at, at)]


def test_a_long_page_gives_what_short_pages_give(path: Path) -> None:
    log = open_reader(path)

    for first, last in ((1, EVENTS), (5, EVENTS + LONG_SPAN), (EVENTS + 1, 3 * EVENTS)):
        assert log.page(first, last) == in_short_pages(log, first, min(last, EVENTS))
    log.close()


def test_its_events_of_one_stream_share_the_name(path: Path) -> None:
    log = open_reader(path)

    events = log.page(1, EVENTS)
    log.close()

    assert len({id(it.stream) for it in events}) == 7
    assert len({id(it.type) for it in events}) == 11


@pytest.mark.parametrize("table", ["streams", "types"])
def test_what_has_lost_its_name_is_in_no_page(path: Path, table: str) -> None:
    db = connect(path)
    triggers = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(f"DELETE FROM {table} WHERE id = 3")
    db.close()
    log = open_reader(path)

    found = log.page(1, EVENTS)

    assert found == in_short_pages(log, 1, EVENTS)
    assert 0 < len(found) < EVENTS
    log.close()
