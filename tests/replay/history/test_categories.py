"""Streams by category, and the order that they are listed in."""

import sqlite3
from collections.abc import Iterator

import pytest

from replay.history.navigation import (
    OF_CATEGORY,
    Counted,
    Sort,
    list_categories,
    list_category,
    list_streams,
)

ROWS = (  # stream, category, events, linked, last position
    ("order-2", "order", 5, 0, 90),
    ("order-10", "order", 1, 2, 95),
    ("order-1", "order", 3, 0, 80),
    ("orders-1", "orders", 9, 0, 10),
    ("seat-1", "seat", 1, 0, 99),
    ("seat", "seat", 1, 0, 12),
    ("Übung-1", "Übung", 1, 0, 1),
    ("order.x", "order.x", 1, 0, 2),
)
SCHEMA = """
CREATE TABLE streams (stream TEXT PRIMARY KEY, category TEXT, event_count INTEGER,
                      linked_count INTEGER, last_position INTEGER) STRICT, WITHOUT ROWID
"""


@pytest.fixture
def views() -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(":memory:")
    db.execute(SCHEMA)
    db.executemany("INSERT INTO streams VALUES (?, ?, ?, ?, ?)", ROWS)
    yield db
    db.close()


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["order", "order.x", "orders", "seat", "Übung"]),
        ("events", ["order", "orders", "seat", "order.x", "Übung"]),
        ("newest", ["seat", "order", "orders", "order.x", "Übung"]),
    ],
)
def test_categories_stand_in_the_order_asked_for(
    views: sqlite3.Connection, sort: Sort, names: list[str]
) -> None:
    found = list_categories(views, sort=sort)

    assert [it.name for it in found] == names
    assert {it.name: (it.streams, it.events) for it in found}["order"] == (3, 11)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["order-1", "order-10", "order-2"]),
        ("events", ["order-2", "order-1", "order-10"]),
        ("newest", ["order-10", "order-2", "order-1"]),
    ],
)
def test_a_category_has_its_own_streams_alone(
    views: sqlite3.Connection, sort: Sort, names: list[str]
) -> None:
    assert [it.name for it in list_category(views, "order", sort=sort, most=9)] == names
    assert len(list_category(views, "order", sort=sort, most=2)) == 2
    assert list_category(views, "seat", most=9) == (Counted("seat", 1), Counted("seat-1", 1))


def test_all_streams_can_be_sorted_and_narrowed(views: sqlite3.Connection) -> None:
    found = list_streams(views, containing="ORDER-", sort="newest", most=2)

    assert [it.name for it in found.streams] == ["order-10", "order-2"]
    assert found.total == 3


def test_streams_of_a_category_by_name_are_looked_up_not_searched_for(
    views: sqlite3.Connection,
) -> None:
    plan = views.execute(f"EXPLAIN QUERY PLAN {OF_CATEGORY.format(order='stream')}", ["a", 9])
    steps = " ".join(str(it[3]) for it in plan)

    assert "SCAN" not in steps
