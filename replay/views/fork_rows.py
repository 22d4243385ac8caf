"""Rows of a branch's view as they were at the fork, by the history of the log's view.

The history leaves long JSON out (`row_buffer`). Where the row was not written since, its newest
values are at hand; otherwise it is folded again from its own last events before the fork.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from replay.projection import Column, Projection
from replay.views import many_rows
from replay.views.checkpoints import FORK, Begun, Fork
from replay.views.left_out import LeftOut
from replay.views.lookup_store import LOOKUP
from replay.views.row_buffer import LONGEST_KEPT
from replay.views.row_history import RowHistory, Write
from replay.views.sink import WRITES_PER_EVENT
from replay.views.view_tables import ViewTables

AT_ONCE: Final = 500  # rows whose long values are made together

WRITES: Final = f"""
INSERT INTO main."{{name}}_writes" (_write, _row, _is_deleted{{rest}})
SELECT _write, _row, _is_deleted{{rest}} FROM {FORK}."{{name}}_writes" WHERE _write < ?
ORDER BY _write
"""
# Of each row its last write, and the first one since it was last deleted; null: it is deleted.
FOUND: Final = """
CREATE TEMP TABLE fork__rows AS
SELECT w._row AS number, max(w._write) AS last, count(*) AS writes,
    min(CASE WHEN w._write > coalesce(gone.last, -1) THEN w._write END) AS first
FROM main."{name}_writes" w LEFT JOIN (
    SELECT _row, max(_write) AS last FROM main."{name}_writes" WHERE _is_deleted GROUP BY _row
) gone ON gone._row = w._row
GROUP BY w._row
"""
SOURCES: Final = f"""
FROM temp.fork__rows it JOIN main."{{name}}_writes" w ON w._write = it.last
LEFT JOIN {FORK}."{{name}}" now ON now._row = it.number
LEFT JOIN {FORK}."{{name}}_deleted" gone ON gone._row = it.number
"""
ROWS: Final = f"""
INSERT INTO main."{{name}}" ({{key}}{{rest}}, _position, _first_position, _writes, _is_cut, _row)
SELECT {{keys}}{{values}}, it.last / {WRITES_PER_EVENT}, it.first / {WRITES_PER_EVENT}, it.writes,
    {{is_cut}}, it.number
{SOURCES} WHERE it.first IS NOT NULL AND {{is_whole}}
"""
LONG_ONES: Final = f"""
SELECT it.number, it.last, it.first, it.writes, {{keys}}{{lasts}}
{SOURCES} WHERE it.first IS NOT NULL AND NOT ({{is_whole}})
"""
DELETED: Final = f"""
INSERT INTO main."{{name}}_deleted" ({{key}}, _writes, _row)
SELECT {{keys}}, it.writes, it.number {SOURCES} WHERE it.first IS NULL
"""
LOOKED_UP: Final = f"""
INSERT INTO main."{{name}}{LOOKUP}" (key, position, value)
SELECT key, position, value FROM {FORK}."{{name}}{LOOKUP}" WHERE position <= ?
ORDER BY key, position
"""


class ForkRows:
    """Begins the view of one projection: a FromFork."""

    def __init__(self, projection: Projection[Any], columns: Sequence[Column]) -> None:
        self._projection = projection
        self._columns = tuple(columns)

    def __call__(self, db: sqlite3.Connection, fork: Fork) -> Begun:
        sql, end = self._sql(fork), (fork.until + 1) * WRITES_PER_EVENT
        writes = db.execute(WRITES.format(**sql), [end]).rowcount
        if self._projection.keeps_lookup:
            db.execute(LOOKED_UP.format(**sql), [fork.until])
        db.execute(FOUND.format(**sql))
        rows = db.execute(ROWS.format(**sql)).rowcount
        long_ones = db.execute(LONG_ONES.format(**sql)).fetchall()
        if long_ones:
            ViewTables(fork.of.name, self._columns).index(db, generation=fork.generation)
            self._add_long(db, fork, long_ones)
        db.execute(DELETED.format(**sql))
        db.execute("DROP TABLE temp.fork__rows")
        return Begun(rows=rows + len(long_ones), writes=writes, is_indexed=bool(long_ones))

    def _add_long(
        self, db: sqlite3.Connection, fork: Fork, found: Sequence[tuple[Any, ...]]
    ) -> None:
        tables = ViewTables(fork.of.name, self._columns)
        history = RowHistory(db, fork.of.name, self._columns)
        left_out = LeftOut(self._projection, tables, fork.branch)
        for at in range(0, len(found), AT_ONCE):
            some = found[at : at + AT_ONCE]
            whole = left_out.complete_all(history, list(self._as_writes(some)))
            rows = [
                (*it.key, *it.rest, it.position, first // WRITES_PER_EVENT, writes, 1, it.row)
                for it, (_, _, first, writes, *_) in zip(whole, some, strict=True)
            ]
            many_rows.insert(db, tables.add_rows, rows)

    def _as_writes(self, found: Sequence[tuple[Any, ...]]) -> Iterator[Write]:
        size = len(self._projection.key)
        for number, last, _, _, *values in found:
            key, rest = tuple(values[:size]), tuple(values[size:])
            yield Write(row=number, write=last, is_deleted=False, key=key, rest=rest)

    def _sql(self, fork: Fork) -> dict[str, str]:
        """What stands in the statements; the names of a view and its columns were checked."""
        key = [f'"{it.name}"' for it in self._columns if it.is_key]
        rest = [f'"{it.name}"' for it in self._columns if not it.is_key]
        json = [f'"{it.name}"' for it in self._columns if it.kind == "json" and not it.is_key]
        known = {it: f"coalesce(w.{it}, {_newest(it, fork.until)})" for it in json}
        return {
            "name": fork.of.name,
            "key": ", ".join(key),
            "keys": ", ".join(f"coalesce(now.{it}, gone.{it})" for it in key),
            "rest": "".join(f", {it}" for it in rest),
            "lasts": "".join(f", w.{it}" for it in rest),
            "values": "".join(f", {known.get(it, f'w.{it}')}" for it in rest),
            "is_whole": " AND ".join(f"{it} IS NOT NULL" for it in known.values()) or "1",
            "is_cut": self._is_cut(json),
        }

    def _is_cut(self, json: Sequence[str]) -> str:
        """As the buffer says it of the last write."""
        if not json or self._projection.is_own or self._projection.reads_others:
            return "0"
        size = " + ".join(f"length(w.{it})" for it in json)
        return f"coalesce({size} > {LONGEST_KEPT}, 1)"


def _newest(column: str, until: int) -> str:
    """What the log's row holds, where it was not written behind the fork."""
    return f"CASE WHEN now._position <= {until} THEN now.{column} END"
