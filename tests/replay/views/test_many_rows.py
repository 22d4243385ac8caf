"""Many rows a statement come into a table as they would one by one."""

import sqlite3
from contextlib import closing

import pytest

from replay.views import many_rows
from replay.views.flat_rows import FlatRows


def some(count: int) -> list[tuple[int, str | None, float]]:
    return [(at, f"t{at}" if at % 3 else None, at / 2) for at in range(count)]


def flat(rows: list[tuple[int, str | None, float]]) -> FlatRows:
    found = FlatRows(3)
    for row in rows:
        found.add(row)
    return found


@pytest.mark.parametrize("count", [0, 1, 2, 99, 100, 101, 250])
@pytest.mark.parametrize("form", [list, flat])
def test_all_rows_are_inserted(count: int, form: type[list[tuple[int, str | None, float]]]) -> None:
    rows = some(count)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL)")

        many_rows.insert(db, "INSERT INTO t", form(rows))

        assert db.execute("SELECT * FROM t ORDER BY a").fetchall() == rows


def test_flat_rows_are_the_sequence_that_a_list_of_them_is() -> None:
    rows = some(7)
    found = flat(rows)

    assert (len(found), list(found), found[2], found[-1]) == (7, rows, rows[2], rows[-1])
    assert found[1:9:2] == rows[1:9:2]
    assert (rows[3] in found, found.index(rows[3]), list(reversed(found))) == (True, 3, rows[::-1])
    with pytest.raises(IndexError):
        _ = found[7]


@pytest.mark.parametrize("count", [1, 100, 130])
def test_a_column_of_zeros_is_in_every_row_and_in_the_table(count: int) -> None:
    found = FlatRows(2, zero_at=1)
    for at in range(count):
        found.add((at, "t"))
    rows = [(at, 0, "t") for at in range(count)]

    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE t (a, b, c)")
        many_rows.insert(db, "INSERT INTO t (a, b, c)", found)

        assert db.execute("SELECT * FROM t").fetchall() == rows
    assert (list(found), found[-1], found[:2]) == (rows, rows[-1], rows[:2])
