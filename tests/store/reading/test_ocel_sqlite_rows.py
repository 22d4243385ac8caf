"""Rows of an event are its own, by the rules of the columns that hold the ids."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.reading.ocel_sqlite_rows import OcelRows
from store.reading.source import Source

TABLES = """
CREATE TABLE event_object (ocel_event_id {kind}, ocel_object_id TEXT, ocel_qualifier TEXT);
CREATE TABLE event_t (ocel_id {kind}, note TEXT);
"""


@pytest.mark.parametrize("kind", ["TEXT", "TEXT COLLATE NOCASE", "TEXT COLLATE RTRIM", "INTEGER"])
@pytest.mark.parametrize("ids", [("e1", "e2"), ("1", "2"), ("a", "A"), ("a", "a "), ("a", "a")])
def test_many_at_once_get_what_each_gets_by_itself(
    tmp_path: Path, kind: str, ids: tuple[str, str]
) -> None:
    path = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(TABLES.format(kind=kind))
        for number, id_ in enumerate([*ids, *ids]):
            db.execute("INSERT INTO event_object VALUES (?, ?, 'q')", (id_, f"o{number}"))
            db.execute("INSERT INTO event_t VALUES (?, ?)", (id_, f"n{number}"))

    with Source(path) as source:
        alone, together = OcelRows(source), OcelRows(source)
        together.load([(id_, "event_t") for id_ in ids])

        for id_ in ids:
            ties = [tuple(it)[:2] for it in together.relations(id_)]
            assert ties == [tuple(it)[:2] for it in alone.relations(id_)]
            assert together.columns("event_t", id_) == alone.columns("event_t", id_)
            assert ties
        assert together.columns("event_t", "none") is None
