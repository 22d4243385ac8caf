"""Every query that is used while scrolling goes by an index."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.errors import Cancelled
from store.query import EventQuery, conditions
from store.sqlite import reader_sql
from store.sqlite.connect import create_log, open_log
from store.sqlite.reader import LogReader

QUERIES = sorted(
    name
    for name, value in vars(reader_sql).items()
    if name.isupper()
    and isinstance(value, str)
    and value.lstrip().startswith("SELECT")
    and name not in ("TYPE_COUNTS", "STREAM_LENGTHS", "STORE_ID")
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    create_log(tmp_path / "log.foldline")
    db = open_log(tmp_path / "log.foldline")
    yield db
    db.close()


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_scans_the_events(db: sqlite3.Connection, name: str) -> None:
    sql = getattr(reader_sql, name).replace("{where}", "1")
    values = [1] * sql.count("?")

    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]

    assert [step for step in plan if step.startswith(("SCAN e", "SCAN events"))] == []


@pytest.mark.parametrize("sql", [reader_sql.PAGE_UP, reader_sql.PAGE_DOWN])
def test_events_of_one_type_are_read_in_their_order_and_not_sorted(
    db: sqlite3.Connection, sql: str
) -> None:
    where, values = conditions(EventQuery(types=("Added",)))

    asked = f"EXPLAIN QUERY PLAN {sql.format(where=where)}"
    plan = [row[3] for row in db.execute(asked, [0, 9, *values, 1])]

    assert plan[0].startswith("SEARCH e USING INDEX events_by_type (type_id=? AND rowid>?")
    assert [step for step in plan if "TEMP B-TREE" in step] == []


def test_an_interrupt_ends_a_query_and_the_reader_goes_on(db: sqlite3.Connection) -> None:
    log = LogReader(db)
    db.set_progress_handler(lambda: 1, 1)  # what an interrupt does, at a sure moment

    with pytest.raises(Cancelled):
        log.page(1, 10)
    db.set_progress_handler(None, 0)

    assert log.head() == 0
