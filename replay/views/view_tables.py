"""The tables of one view, and the SQL that writes and reads them.

For a view `v` with key `k` and further columns `c`:

* `v`: the rows as they are now: k, c, the position of the event that last wrote the row, the
  one that first did, how many times it was written, whether its JSON columns are left out of the
  history for now (`row_buffer` tells when), and the row's number.
* `v_writes`: every write of every row, in the order in which they were made. `_write` is the
  event's position times 65,536 plus the number of the write within the event, so a range of
  positions is a range of the primary key, and the index by row ends in it too. A write never
  moves: the table only grows at its end, which is several times faster than one kept by key.
* `v_deleted`: the numbers of the keys that have no row now.
* `v_history`: the writes with their keys and positions, for people with a plain sqlite3.

Rows are numbered from 1 as their keys first appear.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from replay.projection import Column
from replay.view_version import version_named
from replay.views.sink import WRITES_PER_EVENT
from store import json_text

WRITES: Final = "_writes"
DELETED: Final = "_deleted"

_TYPES: Final = {
    "text": "TEXT",
    "integer": "INTEGER",
    "real": "REAL",
    "boolean": "INTEGER",
    "json": "TEXT",
}


class ViewTables:
    """SQL over the tables of the view `base`; built once, from names that were checked."""

    def __init__(self, base: str, columns: Sequence[Column]) -> None:
        self.base = base
        self.columns = tuple(columns)
        self.key = tuple(column.name for column in columns if column.is_key)
        self.rest = tuple(column.name for column in columns if not column.is_key)
        self.json_indexes = tuple(n for n, it in enumerate(columns) if it.kind == "json")
        key, rest = _list(self.key), _list(self.rest)
        matched = " AND ".join(f'"{name}" = ?' for name in self.key)
        every = _list((*self.key, *self.rest))
        self.find_row = f"""SELECT {every}, _position, _row, _first_position, _writes, _is_cut
FROM "{base}" WHERE {matched}"""
        self.find_deleted = f'SELECT _row, _writes FROM "{base}_deleted" WHERE {matched}'
        self.last_row = f"""SELECT max(coalesce((SELECT max(_row) FROM "{base}"), 0),
    coalesce((SELECT max(_row) FROM "{base}_deleted"), 0))"""
        self.add_rows = f"""INSERT INTO "{base}"
({every}, _position, _first_position, _writes, _is_cut, _row)"""
        self.change_row = f"""UPDATE "{base}" SET {_settings(self.rest)}
_position = ?, _first_position = ?, _writes = ?, _is_cut = ? WHERE _row = ?"""
        self.remove_row = f'DELETE FROM "{base}" WHERE _row = ?'
        self.add_deleted = f"""INSERT OR REPLACE INTO "{base}_deleted" ({key}, _writes, _row)
VALUES ({_marks(len(self.key) + 2)})"""
        self.remove_deleted = f'DELETE FROM "{base}_deleted" WHERE _row = ?'
        comma = ", " if rest else ""
        self.add_writes = f'INSERT INTO "{base}_writes" (_write, _row, _is_deleted{comma}{rest})'

    def decoded(self, values: Sequence[Any]) -> list[Any]:
        """The columns of one row as the values they were put as."""
        return decoded(self.columns, values)

    def create(self, db: sqlite3.Connection) -> None:
        """Make the tables, empty and without the index of the history."""
        key = "".join(f"    {_definition(it)},\n" for it in self.columns if it.is_key)
        rest = "".join(f"    {_definition(it)},\n" for it in self.columns if not it.is_key)
        late = "".join(f"    {_nullable(it)},\n" for it in self.columns if not it.is_key)
        unique = f"UNIQUE ({_list(self.key)})"
        db.execute(f"""CREATE TABLE "{self.base}" (
{key}{rest}    _position INTEGER NOT NULL,
    _first_position INTEGER NOT NULL,
    _writes INTEGER NOT NULL,
    _is_cut INTEGER NOT NULL,
    _row INTEGER PRIMARY KEY,
    {unique}
) STRICT""")
        db.execute(f"""CREATE TABLE "{self.base}_writes" (
    _write INTEGER PRIMARY KEY,
    _row INTEGER NOT NULL,
    _is_deleted INTEGER NOT NULL,
{late}    _position INTEGER AS (_write / {WRITES_PER_EVENT}) VIRTUAL{_rule(self.columns)}
) STRICT""")
        db.execute(f"""CREATE TABLE "{self.base}_deleted" (
{key}    _writes INTEGER NOT NULL,
    _row INTEGER PRIMARY KEY,
    {unique}
) STRICT""")

    def index(self, db: sqlite3.Connection, *, generation: int) -> None:
        """Make the index by which the history is asked. `generation` keeps its name apart from
        that of the tables which a rebuild will replace.

        Kept up from the start it would cost a long fold more than half of its time.
        """
        name = version_named(self.base).view
        db.execute(f"""CREATE INDEX "{name}_writes_by_row_{generation}"
ON "{self.base}_writes" (_row)""")

    def create_history(self, db: sqlite3.Connection) -> None:
        """Make the SQL view for people. The tables must have their final name."""
        key, rest = _list(self.key), _list(self.rest)
        comma = ", " if rest else ""
        db.execute(f"""CREATE VIEW "{self.base}_history" AS
SELECT {key}, _position, _is_deleted{comma}{rest} FROM "{self.base}_writes" JOIN (
    SELECT _row AS _number, {key} FROM "{self.base}"
    UNION ALL SELECT _row, {key} FROM "{self.base}_deleted") ON _number = _row""")


def decoded(columns: Sequence[Column], values: Sequence[Any]) -> list[Any]:
    """The columns of one row as the values they were put as."""
    found = list(values)
    for index, column in enumerate(columns):
        if column.kind == "json":
            found[index] = json_text.decode(found[index])
        elif column.kind == "boolean" and found[index] is not None:
            found[index] = bool(found[index])
    return found


def _list(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _settings(names: Sequence[str]) -> str:
    return "".join(f'"{name}" = ?, ' for name in names)


def _definition(column: Column) -> str:
    return _nullable(column) + ("" if column.is_nullable else " NOT NULL")


def _nullable(column: Column) -> str:
    return f'"{column.name}" {_TYPES[column.kind]}'


def _rule(columns: Sequence[Column]) -> str:
    """What holds of a write that deletes nothing: a JSON column may be left out, and nothing else.
    One rule for the whole row, as each takes its time at every write."""
    needed = [it for it in columns if not (it.is_key or it.is_nullable or it.kind == "json")]
    if not needed:
        return ""
    rule = " AND ".join(f'"{it.name}" IS NOT NULL' for it in needed)
    return f",\n    CHECK (_is_deleted OR ({rule}))"
