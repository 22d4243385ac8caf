"""What the writer remembers between two transactions, and the time it gives."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from store.events import ANY_VERSION, NEW_STREAM, NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

IMPORT = """
INSERT INTO imports (imported_at_us, last_position, manifest)
VALUES (500, 1, '{"first_position": 1}')
"""
DAY_US = 86_400_000_000
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


def test_our_clock_put_back_by_a_day_leaves_our_events_in_order(
    db: sqlite3.Connection, path: Path
) -> None:
    times = iter([LATER_US, LATER_US - DAY_US, LATER_US + 1])
    writer = Writer(db, clock_us=lambda: next(times))

    for _ in range(3):
        writer.append("s-1", [NewEvent(type="Noted")], expected=ANY_VERSION)

    with reading(path) as log:
        assert [it.recorded_at_us for it in log.read()] == [LATER_US, LATER_US, LATER_US + 1]
        assert log.position_as_of(LATER_US) == 2


def test_what_came_with_a_time_that_lies_ahead_counts_as_recorded_when_it_came(
    db: sqlite3.Connection, path: Path
) -> None:
    writer = Writer(db, clock_us=lambda: 1_000)
    ahead = NewEvent(type="Noted", recorded_at_us=LATER_US, recorded_offset_min=60)

    writer.append("s-1", [ahead, NewEvent(type="Noted")], expected=NEW_STREAM)
    Writer(db, clock_us=lambda: 2_000).append("s-1", [NewEvent(type="Noted")], expected=2)

    with reading(path) as log:
        assert [it.recorded_at_us for it in log.read()] == [LATER_US, 1_000, 2_000]
        assert [log.position_as_of(at_us) for at_us in (999, 1_000, 2_000)] == [0, 2, 3]


def test_a_log_whose_running_maximum_an_older_program_took_from_a_claim_records_the_present(
    db: sqlite3.Connection, path: Path
) -> None:
    """Older programs counted an imported recorded-at that lay ahead; the import was at 500."""
    Writer(db, clock_us=lambda: LATER_US).append("s-1", [NewEvent(type="Noted")], expected=0)
    db.execute(IMPORT)

    Writer(db, clock_us=lambda: 2_000).append("s-1", [NewEvent(type="Noted")], expected=1)

    with reading(path) as log:
        assert [it.recorded_at_us for it in log.read()] == [LATER_US, 2_000]
