"""The program's own columns are asked by their names, and are not in `SELECT *`."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.projector.catch_up import catch_up
from replay.questions.own_columns import OWN_COLUMNS
from replay.questions.sql_query import ask, open_to_ask
from tests.replay.written_logs import event, log_of

TYPES = (
    "type",
    "count",
    "first_position",
    "first_recorded_at_us",
    "last_position",
    "last_recorded_at_us",
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with log_of(tmp_path, *((f"order-{n}", event({"n": n})) for n in range(3))) as log:
        catch_up(log)
        found = open_to_ask(log)
        assert found is not None
        yield found
        found.close()


@pytest.mark.parametrize(
    ("statement", "more"),
    [
        ("SELECT * FROM event_types", ()),
        ("SELECT all * FROM event_types WHERE _position > 0 ORDER BY _row", ()),
        ("SELECT *, _position FROM event_types", ("_position",)),
        ("SELECT e.*, e . _WRITES AS w, '_row' AS it FROM event_types e", ("w", "it")),
        ("SELECT * FROM event_types WHERE _row = (SELECT max(_row) FROM event_types)", ()),
        ("-- what, _row\nSELECT DISTINCT * /* all, * */ FROM (event_types) LIMIT 1", ()),
        ("SELECT * FROM event_types, (SELECT max(_row) AS top FROM event_types)", None),
        ("WITH e AS (SELECT *, _row AS number FROM event_types) SELECT * FROM e", None),
    ],
)
def test_a_star_has_the_columns_of_the_projection(
    db: sqlite3.Connection, statement: str, more: tuple[str, ...] | None
) -> None:
    columns = ask(db, statement).columns

    assert columns[: len(TYPES)] == TYPES
    assert more is None or columns == TYPES + more


def test_columns_before_and_between_stars_are_those_that_were_named(db: sqlite3.Connection) -> None:
    both = ask(db, "SELECT a._row, a.*, a._row, b.* FROM event_types a JOIN event_types b")
    first = ask(db, "SELECT _row, * FROM event_types WHERE _position > 0")

    assert both.columns.count("_row") == 4  # between two stars it is not told apart
    assert first.columns == ("_row", *TYPES)
    assert first.rows[0][:2] == (1, "Changed")


@pytest.mark.parametrize("name", OWN_COLUMNS)
def test_each_is_there_for_whoever_names_it(db: sqlite3.Connection, name: str) -> None:
    assert ask(db, f"SELECT {name} FROM streams").columns == (name,)
    assert ask(db, f'SELECT count(*) FROM streams WHERE "{name.upper()}" >= 0').rows == ((3,),)
    assert ask(db, f"SELECT '{name}' FROM streams").columns


def test_a_history_keeps_what_it_is_about(db: sqlite3.Connection) -> None:
    found = ask(db, "SELECT * FROM event_types_history WHERE _position = 2")

    assert found.columns[:3] == ("type", "_position", "_is_deleted")
    assert [row[1] for row in found.rows] == [2]


def test_the_numbers_of_sqlite_are_still_asked(db: sqlite3.Connection) -> None:
    assert ask(db, "SELECT rowid FROM streams ORDER BY rowid").rows == ((1,), (2,), (3,))
    assert ask(db, "SELECT * FROM event_types WHERE rowid = 1").columns == TYPES


@pytest.mark.parametrize("statement", ["VALUES (1, 2)", "SELECT 1 UNION SELECT 2", "SELECT 1 -- *"])
def test_what_has_no_star_is_answered_as_it_is(db: sqlite3.Connection, statement: str) -> None:
    assert ask(db, statement).rows
