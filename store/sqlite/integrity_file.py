"""The check of the file itself: what it refuses changes by, its indexes, its pages."""

import sqlite3
from collections.abc import Iterator
from functools import reduce
from operator import xor
from typing import Final

from store.sqlite import older_schema, schema
from store.sqlite.connect import connect_memory
from store.sqlite.integrity_report import REPORTED, Kind, Problem
from store.words import counted, said

OBJECTS: Final = """
SELECT type || ' ' || name, sql FROM sqlite_schema
WHERE sql IS NOT NULL AND typeof(type) = 'text' AND typeof(name) = 'text'
"""
_TABLES: Final = """
SELECT name FROM sqlite_schema
WHERE type = 'table' AND name <> 'events' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""
_STREAM_COUNTS: Final = """
SELECT s.name, count(*), max(e.version) FROM events e JOIN streams s ON s.id = e.stream_id
GROUP BY e.stream_id HAVING count(*) != max(e.version) OR min(e.version) != 1
"""
_LOST_LINKS: Final = """
SELECT l.position FROM links l LEFT JOIN events e ON e.position = l.position
LEFT JOIN streams s ON s.id = l.stream_id WHERE e.position IS NULL OR s.id IS NULL
"""
# In the order of each index, which holds all that is asked: its table is not read.
_BY_ID: Final = "SELECT id, position FROM events ORDER BY id"
# A sum over what an index has of each event, not the same when two of them change places.
_STREAM_SUM: Final = "sum((stream_id * 1000003 + version) % 2147483647 * position % 2147483647)"
_TYPE_SUM: Final = "sum((type_id * 1000003 + 7) % 2147483647 * position % 2147483647)"
_BY_STREAM: Final = f"SELECT stream_id, {_STREAM_SUM}, count(*) FROM events GROUP BY stream_id"
_BY_TYPE: Final = f"SELECT type_id, {_TYPE_SUM}, count(*) FROM events GROUP BY type_id"
_IN_TABLE: Final = f"SELECT {_STREAM_SUM}, {_TYPE_SUM}, count(*) FROM events NOT INDEXED"
_CHUNK: Final = 5_000
_OF_AN_INDEX: Final = ("missing from index", "entries in index", "entry in index")


def guards(db: sqlite3.Connection) -> Iterator[Problem]:
    """The tables, indexes, triggers and the view are the ones that were made."""
    found = dict(db.execute(OBJECTS))
    version = schema.version_of(db)
    for name, sql in _expected(found.get(said("table events"), ""), version).items():
        if _words(found.get(name)) != _words(sql):
            word = said("was changed") if name in found else said("is missing")
            yield _problem("guard", said("the {name} {word}", name=name, word=word))


def versions(db: sqlite3.Connection) -> Iterator[Problem]:
    """The versions of each stream are dense, from 1."""
    for stream, count, newest in db.execute(_STREAM_COUNTS):
        text = counted(
            "{count} event reaches version {newest} in stream {stream!r}",
            "{count} events reach version {newest} in stream {stream!r}",
            count,
            newest=newest,
            stream=stream,
        )
        yield _problem("version", text)


def links(db: sqlite3.Connection) -> Iterator[Problem]:
    """Every link has its event and its stream."""
    for (position,) in db.execute(_LOST_LINKS):
        text = said("a link points to position {position}, which does not exist", position=position)
        yield Problem(position=position, kind="link", text=text)


def indexes(db: sqlite3.Connection, *, events: int, ids: int) -> Iterator[Problem]:
    """Each index of the events holds what the table holds, in order.

    `ids`: the exclusive or of the hashes of id and position of each event that was read. An index
    is read from end to end, which costs less than to look up each event in it.
    """
    if _by_id(db) != (events, ids):
        yield from _named(db, said("by id"))
    in_streams, in_types, count = db.execute(_IN_TABLE).fetchone()
    for name, sql, expected in (
        (said("by stream"), _BY_STREAM, in_streams),
        (said("by type"), _BY_TYPE, in_types),
    ):
        if _grouped(db, sql) != (count, expected or 0):
            yield from _named(db, name)


def _by_id(db: sqlite3.Connection) -> tuple[int, int] | None:
    """How many entries, and their hashes; None where they are not in order, or no ids."""
    count, found = 0, 0
    before: list[tuple[object, ...]] = []
    cursor = db.execute(_BY_ID)
    while rows := cursor.fetchmany(_CHUNK):
        count += len(rows)
        found = reduce(xor, map(hash, rows), found)
        if any(type(it) is not str for it, _ in rows) or sorted(before + rows) != before + rows:
            return None
        before = rows[-1:]
    return count, found


def _grouped(db: sqlite3.Connection, sql: str) -> tuple[int, int] | None:
    """How many entries, and their sum; None where they are not in order (a group comes twice), or
    no numbers: a damaged row may hold a value of any type."""
    count, total, last = 0, 0, -1
    for number, part, size in db.execute(sql):
        if type(number) is not int or type(part) is not int or number <= last:
            return None
        count, total, last = count + size, total + part, number
    return count, total


def _named(db: sqlite3.Connection, name: str) -> Iterator[Problem]:
    """What SQLite itself says of an index that differs."""
    told = [text for text in _check(db, "integrity_check('events')") if _is_of_index(text)]
    yield _problem("index", said("the index {name} differs from the events", name=name))
    for text in told:
        yield _problem("index", said("SQLite's integrity check reports: {text}", text=text))


def structure(db: sqlite3.Connection, *, is_thorough: bool) -> Iterator[Problem]:
    """The pages hang together; other tables than the events fit their indexes, and the events do
    where `is_thorough`. Else the events' own conditions are not asked again: what is recorded met
    them, and the pass over the events has shown that it is what was recorded."""
    db.execute(f"PRAGMA ignore_check_constraints = {not is_thorough}")
    for text in _check(db, "integrity_check" if is_thorough else "quick_check"):
        yield _problem(
            "index" if _is_of_index(text) else "page",
            said("SQLite's integrity check reports: {text}", text=text),
        )
    db.execute("PRAGMA ignore_check_constraints = 0")
    if not is_thorough:
        for (table,) in db.execute(_TABLES).fetchall():
            for text in _check(db, f"integrity_check('{table}')"):
                if _is_of_index(text):
                    yield _problem(
                        "index", said("SQLite's integrity check reports: {text}", text=text)
                    )


def _check(db: sqlite3.Connection, pragma: str) -> Iterator[str]:
    name, _, table = pragma.partition("(")
    limit = f"({table}" if table else f"({REPORTED})"
    return (text for (text,) in db.execute(f"PRAGMA {name}{limit}") if text != "ok")


def _is_of_index(text: str) -> bool:
    return any(it in text for it in _OF_AN_INDEX)


def _words(sql: str | None) -> list[str] | None:
    """However its lines are broken: a table that got a column later is another text."""
    return None if sql is None else sql.split()


def _expected(events_table: str, version: int) -> dict[str, str]:
    """What a log of this schema version has; with its unique indexes within the table where that
    is one of a log that was begun under an older schema."""
    db = connect_memory()
    try:
        db.executescript(
            "".join(older_schema.statements(version, is_older="UNIQUE" in events_table))
        )
        return dict(db.execute(OBJECTS))
    finally:
        db.close()


def _problem(kind: Kind, text: str) -> Problem:
    return Problem(position=None, kind=kind, text=text)
