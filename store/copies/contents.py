"""Everything that a log holds, in the order in which it was recorded: events, and what stands
beside them. For one connection inside one read transaction."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from store import json_text
from store.beside.chained_rows import CHAINED
from store.copies.recording import Placed
from store.errors import StoreDamaged
from store.events import NewEvent
from store.sqlite import schema
from store.sqlite.connect import database_path
from store.words import said

PAGE: Final = 1_000
EVENTS: Final = """
SELECT e.position, s.name, e.version, e.recorded_max_us, t.name, e.id,
       e.recorded_at_us, e.recorded_offset_min, e.occurred_at_us, e.occurred_offset_min,
       e.data, e.metadata, e.source
FROM events e JOIN streams s ON s.id = e.stream_id JOIN types t ON t.id = e.type_id
WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?
"""
LINKS: Final = """
SELECT l.position, s.name FROM links l JOIN streams s ON s.id = l.stream_id
WHERE l.position BETWEEN ? AND ?
"""
CHAIN: Final = "SELECT recorded_in, row_key, position FROM beside_chain ORDER BY number"
KEYS: Final = "SELECT row_key FROM beside_chain WHERE recorded_in = ?"
FACT: Final = "SELECT CAST(value AS INTEGER) FROM store_facts WHERE key = ?"
CHANGING: Final = ("process_checkpoints", "clock")  # what is never chained

BesideRow = tuple[int, str, Sequence[Any]]  # head of the events then, table, values


def is_wholly_chained(db: sqlite3.Connection) -> bool:
    """Whether every event and row of the log is in a chain from its beginning."""
    if schema.version_of(db) < schema.CHAINED_SINCE:
        return False
    return db.execute(FACT, [schema.UNCHAINED_EVENTS]).fetchone() is None


def events(db: sqlite3.Connection, *, after: int, until: int) -> Iterator[Placed]:
    """Those with after < position <= until, by position. Raises StoreDamaged when one is
    missing."""
    while after < until:
        rows = db.execute(EVENTS, [after, until, PAGE]).fetchall()
        positions = [row[0] for row in rows]
        if positions != list(range(after + 1, after + 1 + len(rows))) or not rows:
            raise StoreDamaged(
                said("an event after position {after} is missing", after=after), database_path(db)
            )
        links = _links(db, positions[0], positions[-1])
        for row in rows:
            yield placed(row[1:], links.get(row[0], ()))
        after = positions[-1]


def placed(facts: Sequence[Any], links: tuple[str, ...]) -> Placed:
    """An event of a row of EVENTS, without its position."""
    stream, version, counted_us, type_, id_, *more = facts
    recorded_us, recorded_min, occurred_us, occurred_min, data, metadata, source = more
    event = NewEvent(
        type=type_,
        id=id_,
        recorded_at_us=recorded_us,
        recorded_offset_min=recorded_min,
        occurred_at_us=occurred_us,
        occurred_offset_min=occurred_min,
        data_json=data,
        metadata_json=metadata,
        source_json=source,
        links=links,
    )
    return Placed(stream=stream, version=version, counted_us=counted_us, event=event)


def rows_beside(db: sqlite3.Connection) -> Iterator[BesideRow]:
    """Rows that are never changed, in the order in which they were recorded. Those from before
    there was a chain come first: they were recorded when the events had no chain either."""
    if schema.version_of(db) < schema.CHAINED_SINCE:
        yield from _unchained_rows(db, until=_head(db))
        return
    row = db.execute(FACT, [schema.UNCHAINED_EVENTS]).fetchone()
    if row is not None:
        yield from _unchained_rows(db, until=int(row[0]))
    for table, key, position in db.execute(CHAIN):
        if (values := _row(db, table, json_text.decode(key))) is not None:
            yield position, table, values


def changing_rows(db: sqlite3.Connection) -> Iterator[tuple[str, list[Any]]]:
    """The tables that change, whole."""
    there = _tables(db)
    for table in CHANGING:
        if table in there:
            yield table, db.execute(f"SELECT * FROM {table}").fetchall()


def _links(db: sqlite3.Connection, first: int, last: int) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for position, name in db.execute(LINKS, [first, last]):
        found[position] = (*found.get(position, ()), name)
    return found


def _unchained_rows(db: sqlite3.Connection, *, until: int) -> Iterator[BesideRow]:
    there = _tables(db)
    for table, shape in CHAINED.items():
        if table not in there:
            continue
        chained = (
            {str(it) for (it,) in db.execute(KEYS, [table])} if "beside_chain" in there else ()
        )
        order = ", ".join(shape.key)
        for row in db.execute(f"SELECT {shape.columns} FROM {table} ORDER BY {order}"):
            if json_text.encode(row[: len(shape.key)]) not in chained:
                yield until, table, row


def _row(db: sqlite3.Connection, table: str, key: Sequence[Any]) -> Sequence[Any] | None:
    shape = CHAINED[table]
    where = " AND ".join(f"{it} = ?" for it in shape.key)
    row: Sequence[Any] | None = db.execute(
        f"SELECT {shape.columns} FROM {table} WHERE {where}", list(key)
    ).fetchone()
    return row


def _tables(db: sqlite3.Connection) -> set[str]:
    return {str(it) for (it,) in db.execute("SELECT name FROM main.sqlite_schema")}


def _head(db: sqlite3.Connection) -> int:
    (head,) = db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
    return int(head)
