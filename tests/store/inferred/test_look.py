"""A look at the changes between states says what an import of them brings in."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import Cancelled
from store.inferred.infer import infer_changes
from store.inferred.look import look_at_changes
from store.reading.format import Incoming
from tests.store.inferred.test_infer import AFTER, BEFORE, states, told, write_csv

__all__ = ["states"]  # a fixture


def table_of(file: Path, rows: list[tuple[int, str]]) -> Path:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE other (id)")
        db.execute("CREATE TABLE stock (sku INTEGER PRIMARY KEY, name TEXT)")
        db.executemany("INSERT INTO stock VALUES (?, ?)", rows)
        db.execute("INSERT INTO other VALUES (1)")
    return file


def test_what_was_seen_is_what_comes_in(states: list[Path], tmp_path: Path) -> None:
    later = write_csv(tmp_path / "wednesday.csv", [*AFTER[1:], BEFORE[1], BEFORE[1]])

    seen = look_at_changes([*states, later], table="stock", key=["id"], has_first=True, limit=100)
    reports = infer_changes(
        [*states, later], into=tmp_path / "s.foldline", table="stock", key=["id"], has_first=True
    )

    events = [it for it in seen.records if isinstance(it, Incoming)]
    assert told(tmp_path / "s.foldline") == [
        (it.stream, it.event.type, json.loads(it.event.data_json)) for it in events
    ]
    assert (seen.added, seen.changed, seen.removed) == (5, 1, 2)
    assert seen.rejected == sum(it.rejected for it in reports) == 1
    assert len(events) == sum(it.stored for it in reports) == 8


def test_without_a_key_only_columns_and_choices_are_told(tmp_path: Path) -> None:
    before = table_of(tmp_path / "a.sqlite", [(1, "cup")])
    after = table_of(tmp_path / "b.sqlite", [(1, "mug")])

    seen = look_at_changes([before, after], table="t", key=[], choices={"table": "stock"})

    assert seen.columns == ("sku", "name")
    assert [it.values for it in seen.choices if it.name == "table"] == [("other", "stock")]
    assert (seen.records, seen.changed) == ((), 0)


def test_a_look_is_counted_to_its_end_and_keeps_the_first_changes(states: list[Path]) -> None:
    shares = list[float]()

    seen = look_at_changes(states, table="stock", key=["id"], limit=1, on_progress=shares.append)

    assert len(seen.records) == 1
    assert (seen.added, seen.changed, seen.removed) == (1, 1, 1)
    assert shares == sorted(shares)
    assert all(0 <= it <= 1 for it in shares)


def test_a_look_that_is_cancelled_ends(states: list[Path]) -> None:
    with pytest.raises(Cancelled):
        look_at_changes(states, table="stock", key=["id"], is_cancelled=lambda: True)
