"""How a filter goes over the log: span by span, and no further than somebody asks."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from store.errors import Cancelled
from store.events import NewEvent
from store.filter.parse import parse
from store.filter.tree import Tree
from store.query import EventQuery, SqlValue, conditions
from store.sqlite.connect import open_log
from store.sqlite.filter_scan import PAGE, POSITIONS, FilterScan
from store.sqlite.reader import LogReader
from store.sqlite.rows import rows
from store.sqlite.store import open_store

EVENTS = 500


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Every seventh event holds a 7, some of them in a list, which SQL cannot tell."""
    path = tmp_path / "log.foldline"
    store = open_store(path, create=True)
    texts = ['{"n":7}' if n % 14 else '{"n":[1,7]}' for n in range(EVENTS)]
    events = [
        NewEvent(type="T", data_json=text if n % 7 == 0 else '{"n":1}')
        for n, text in enumerate(texts)
    ]
    store.append("s", events, expected=0)
    store.close()
    db = open_log(path)
    yield db
    db.close()


class Asked:
    """What a scan asks of the log."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db, self._log = db, LogReader(db)
        self.spans: list[tuple[int, int]] = []

    def rows(self, sql: str, values: Sequence[SqlValue]) -> list[tuple[Any, ...]]:
        marks = sql.split("FROM events e\nWHERE")[0].count("?")
        self.spans.append((int(values[marks]), int(values[marks + 1])))
        return rows(self._db, sql, values)

    def scan(self, text: str, *, until: int = EVENTS, **facts: Any) -> FilterScan:
        return FilterScan(
            self.rows,
            self._log.at_positions,
            EventQuery(**facts.pop("query", {})),
            tree_of(text),
            after=facts.pop("after", 0),
            until=until,
            span=50,
            **facts,
        )


def tree_of(text: str) -> Tree:
    tree = parse(text)
    assert tree is not None
    return tree


SEVENS = [n + 1 for n in range(EVENTS) if n % 7 == 0]


@pytest.mark.parametrize("reverse", [False, True])
def test_every_hit_is_found_once_and_in_order(db: sqlite3.Connection, reverse: bool) -> None:
    scan = Asked(db).scan("n = 7", after=3, until=480, reverse=reverse)

    found = [it.position for it in scan.events()]

    expected = [it for it in SEVENS if 3 < it <= 480]
    assert found == list(scan.positions()) == (expected[::-1] if reverse else expected)


def test_no_question_takes_more_than_a_span(db: sqlite3.Connection) -> None:
    asked = Asked(db)

    list(asked.scan("n = 8").positions())

    assert asked.spans == [(low, low + 50) for low in range(0, EVENTS, 50)]


@pytest.mark.parametrize("text", ["n = 7", "type = T"])
def test_no_more_spans_are_asked_for_than_hits_are_wanted(
    db: sqlite3.Connection, text: str
) -> None:
    asked = Asked(db)

    found = list(asked.scan(text).events(limit=3))
    first = list(islice(asked.scan(text, reverse=True).events(), 1))

    assert (len(found), len(first)) == (3, 1)
    assert set(asked.spans) == {(0, 50), (EVENTS - 50, EVENTS)}


@pytest.mark.parametrize(
    ("text", "query"), [("stream = s and n = 7", {}), ("n = 7", {"streams": ("s",)})]
)
def test_the_events_of_one_stream_are_asked_for_at_once(
    db: sqlite3.Connection, text: str, query: dict[str, Any]
) -> None:
    asked = Asked(db)

    found = list(asked.scan(text, query=query).positions())

    assert (found, asked.spans) == (SEVENS, [(0, EVENTS)])


def test_more_hits_than_a_page_holds_are_found(tmp_path: Path) -> None:
    store = open_store(tmp_path / "log.foldline", create=True)
    count = 2 * PAGE + 1
    store.append("s", [NewEvent(type="T", data_json='{"a":5.0}') for _ in range(count)], expected=0)

    query = EventQuery(where=parse("a = 5"))  # SQL is not sure of any of them
    found = [it.position for it in store.read(query)]
    newest = [it.position for it in store.read(query, reverse=True, limit=PAGE + 1)]
    store.close()

    assert found == list(range(1, count + 1))
    assert newest == found[::-1][: PAGE + 1]


def test_more_positions_than_are_held_at_once_are_found(tmp_path: Path) -> None:
    store = open_store(tmp_path / "log.foldline", create=True)
    count = POSITIONS + 10
    texts = ('{"a":5}', '{"a":[5]}', '{"a":4}')  # SQL is sure, is not, and is sure that it is none
    events = [NewEvent(type="T", data_json=texts[n % 3]) for n in range(count)]
    store.append("s", events, expected=0)

    found = list(store.positions(EventQuery(where=parse("a >= 5"))))
    others = list(store.positions(EventQuery(where=parse("not a >= 5"))))
    store.close()

    assert found == [it for it in range(1, count + 1) if it % 3]
    assert others == list(range(3, count + 1, 3))


def test_an_interrupt_ends_a_filter(db: sqlite3.Connection) -> None:
    log = LogReader(db)
    db.set_progress_handler(lambda: 1, 1)  # what an interrupt does, at a sure moment

    with pytest.raises(Cancelled):
        list(log.positions(EventQuery(where=parse("n = 8"))))
    db.set_progress_handler(None, 0)

    assert list(log.positions(EventQuery(where=parse("n = 7")))) == SEVENS


def test_a_filter_is_never_left_out_by_who_asks_for_conditions_alone() -> None:
    with pytest.raises(ValueError, match="a scan"):
        conditions(EventQuery(where=parse("n = 7")))
