"""A cell of a view knows the event that gave it its value, whatever was written since."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.all_views import all_views
from replay.errors import UnknownColumn
from replay.history.cell_answer import cell_answer
from replay.questions import view_query
from replay.views import row_history
from replay.views.read_store import ReadStore
from replay.views.row_history import HistorySql
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import catch_up, make_log, open_runner
from tests.replay.views.test_kept_versions import VIEWS

EVENTS = 400
NAMES = ("streams", "latest_states", "event_types")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    yield store
    store.close()


def by_hand(
    db: sqlite3.Connection, log: EventReader, view: str, key: tuple[Any, ...], at: int, until: int
) -> tuple[int, Any, Any]:
    """Position, old and new value of the last change of a column, from the row as of every
    position."""
    was: Any = None
    found = (0, None, None)
    for position in range(1, until + 1):
        rows = view_query.row(db, log, view, key, at=position).rows
        now = rows[0].values[at] if rows else None
        if now != was:
            found = (position, was, now)
        was = now
    return found


@pytest.mark.parametrize("view", NAMES)
def test_the_event_of_a_cell_is_that_of_its_last_change_by_hand(
    view: str, log: EventReader, store: ReadStore
) -> None:
    dice = random.Random(view)
    page = view_query.page(store.db, log, view, limit=50)
    for row in dice.sample(page.rows, 3):
        until = dice.randrange(1, EVENTS + 1)
        for at, column in enumerate(page.columns):
            found = cell_answer(store.db, log, view, row.key, column.name, at=until)
            wanted = by_hand(store.db, log, view, row.key, at, until)
            if found is None:
                assert wanted == (0, None, None)
            elif found.is_known:
                write = found.write
                assert (write.position, write.before, write.after) == wanted
                assert found.event.position == found.entry.position == write.position


@pytest.mark.parametrize("view", NAMES)
def test_looking_through_the_table_finds_what_the_index_finds(
    view: str, log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of rows that have most of the writes for a while, and of others."""
    page = view_query.page(store.db, log, view, limit=50)

    def answers() -> list[object]:
        return [
            cell_answer(store.db, log, view, row.key, column.name, at=until)
            for row in page.rows
            for column in page.columns
            for until in (EVENTS, EVENTS // 2)
        ]

    monkeypatch.setattr(row_history, "LOOKED_THROUGH_FIRST", 10**9)
    by_the_index = answers()
    monkeypatch.setattr(row_history, "LOOKED_THROUGH_FIRST", 1)
    monkeypatch.setattr(row_history, "LOOKED_THROUGH", 6)

    assert answers() == by_the_index


def test_a_row_that_is_not_there_has_no_answer_and_a_column_that_is_not_is_said(
    log: EventReader, store: ReadStore
) -> None:
    assert cell_answer(store.db, log, "streams", ("nobody",), "category") is None
    with pytest.raises(UnknownColumn, match="no column 'colour'"):
        cell_answer(store.db, log, "streams", ("big-1",), "colour")


def test_it_looks_back_by_the_index_of_the_rows(store: ReadStore) -> None:
    sql = HistorySql("streams", VIEWS["streams"].columns)
    for statement, values in (
        (sql.other_value("category", is_null=False).before, (1, 99, "order")),
        (sql.other_value("category", is_null=True).before, (1, 99)),
        (sql.other_value("stream", is_null=True).before, (1, 99)),
        (sql.count_within, (1, 3, 99)),
        (sql.next_write, (1, 3)),
    ):
        plan = [row[3] for row in store.db.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert len(plan) == 1
        assert plan[0].startswith("SEARCH streams_writes USING")
        assert "INDEX streams_writes_by_row" in plan[0]


def test_a_row_of_most_writes_is_looked_through_as_the_table_lies(store: ReadStore) -> None:
    sql = HistorySql("streams", VIEWS["streams"].columns)
    for statement, values in (
        (sql.other_value("category", is_null=False).within, (1, 99, 1, "order")),
        (sql.write_before, (99, 5)),
    ):
        plan = [row[3] for row in store.db.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert len(plan) == 1
        assert plan[0].startswith("SEARCH streams_writes USING INTEGER PRIMARY KEY (rowid")
