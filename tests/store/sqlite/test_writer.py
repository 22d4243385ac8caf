"""What the writer remembers between two transactions, and the time it gives."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from store.events import NEW_STREAM, NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

LATER_US = 4_000_000_000_000_000  # a long time ahead of the clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    return path


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    db = open_log(path, writable=True)
    yield db
    db.close()


def test_names_of_a_transaction_that_was_taken_back_are_not_remembered(
    db: sqlite3.Connection, path: Path
) -> None:
    writer = Writer(db)
    with suppress(ZeroDivisionError), writer.transaction():
        writer.append_inside("cart-1", [NewEvent(type="Opened")], expected=NEW_STREAM)
        raise ZeroDivisionError

    writer.append("order-1", [NewEvent(type="Placed")], expected=NEW_STREAM)
    writer.append("cart-1", [NewEvent(type="Opened")], expected=NEW_STREAM)

    with reading(path) as log:
        found = [(it.stream, it.version, it.type) for it in log.read()]
    assert found == [("order-1", 1, "Placed"), ("cart-1", 1, "Opened")]


def test_an_event_without_a_time_is_not_recorded_before_one_that_came_with_it(
    db: sqlite3.Connection, path: Path
) -> None:
    ahead = NewEvent(type="Noted", recorded_at_us=LATER_US, recorded_offset_min=60)

    Writer(db).append("s-1", [ahead, NewEvent(type="Noted")], expected=NEW_STREAM)
    Writer(db).append("s-1", [NewEvent(type="Noted")], expected=2)

    with reading(path) as log:
        assert [it.recorded_at_us for it in log.read()] == [LATER_US] * 3
