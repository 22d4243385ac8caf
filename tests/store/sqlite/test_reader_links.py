"""What the read side asks of a log beside its events: links in bulk, and which log it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.events import NEW_STREAM, NewEvent
from store.interface import EventReader
from store.opening import open_reader
from store.sqlite.connect import create_log, open_log
from store.sqlite.reader_sql import LINKS_BETWEEN
from store.sqlite.writer import Writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    events = [
        NewEvent.of("Placed", {}, links=("item-2", "item-1")),
        NewEvent.of("Paid", {}),
        NewEvent.of("Sent", {}, links=("parcel-1",)),
    ]
    Writer(db).append("order-1", events, expected=NEW_STREAM)
    db.close()
    return path


@pytest.fixture
def reader(path: Path) -> Iterator[EventReader]:
    reader = open_reader(path)
    yield reader
    reader.close()


def test_links_of_a_range_are_listed_by_position_and_name(reader: EventReader) -> None:
    assert reader.links_between(1, 3) == {1: ("item-1", "item-2"), 3: ("parcel-1",)}
    assert reader.links_between(2, 3) == {3: ("parcel-1",)}
    assert reader.links_between(2, 2) == {}


def test_links_of_a_range_are_found_by_an_index(path: Path) -> None:
    db = open_log(path)

    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {LINKS_BETWEEN}", [1, 9])]

    assert "SEARCH l USING COVERING INDEX links_by_position (position>? AND position<?)" in plan
    db.close()


def test_every_log_has_an_id_of_its_own(reader: EventReader, tmp_path: Path) -> None:
    create_log(tmp_path / "b.foldline")
    other = open_reader(tmp_path / "b.foldline")

    assert len(reader.store_id()) == 36
    assert reader.store_id() != other.store_id()
    other.close()
