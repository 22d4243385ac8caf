"""Write events as OCEL 2.0 in a SQLite file: a table for each type of events and of objects."""

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from store.reading.carried import CARRIED
from store.reading.format import Outgoing
from store.reading.json_members import json_object
from store.reading.ocel_spool import OcelOut, OcelSpool, ocel_spool
from store.reading.rows import json_of, quoted_name
from store.sqlite.connect import connect
from store.words import said

_TABLES: Final = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT REFERENCES event_map_type(ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT REFERENCES object_map_type(ocel_type));
CREATE TABLE event_object (ocel_event_id TEXT REFERENCES event(ocel_id),
    ocel_object_id TEXT REFERENCES object(ocel_id), ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (ocel_source_id TEXT REFERENCES object(ocel_id),
    ocel_target_id TEXT REFERENCES object(ocel_id), ocel_qualifier TEXT,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""
_COLUMNS: Final = {"integer": "INTEGER", "float": "REAL", "boolean": "BOOLEAN", "string": "TEXT"}
_NOT_IN_NAME: Final = re.compile(r"[^A-Za-z0-9]+")
_LONGEST: Final = 60  # letters of a table's name


def write_sqlite(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One database. It is made beside and copied: a file that is packed cannot be one."""
    with ocel_spool() as spool, tempfile.TemporaryDirectory(prefix="foldline-export-") as folder:
        spool.take(events)
        path = Path(folder) / "log.sqlite"
        with closing(connect(path)) as db:
            db.execute("PRAGMA journal_mode = OFF").fetchone()
            db.execute("PRAGMA synchronous = OFF")
            db.executescript(_TABLES)
            db.execute("BEGIN")
            _write_objects(db, spool)
            _write_events(db, spool)
            db.execute("COMMIT")
        with path.open("rb") as made:
            shutil.copyfileobj(made, file)
        return spool.count


def _write_objects(db: sqlite3.Connection, spool: OcelSpool) -> None:
    tables = _tables(spool.object_types())
    db.executemany("INSERT INTO object_map_type VALUES (?, ?)", tables.items())
    for name in tables.values():
        columns = said("ocel_id TEXT REFERENCES object(ocel_id), ocel_time TIMESTAMP")
        table = quoted_name(f"object_{name}")
        db.execute(f"CREATE TABLE {table} ({columns}, ocel_changed_field TEXT)")
    for id_, type_ in spool.objects():
        db.execute("INSERT INTO object VALUES (?, ?)", (id_, type_))
        table = quoted_name(f"object_{tables[type_]}")
        db.execute(f"INSERT INTO {table} VALUES (?, '1970-01-01 00:00:00', NULL)", (id_,))


def _write_events(db: sqlite3.Connection, spool: OcelSpool) -> None:
    tables = _tables(spool.event_types)
    db.executemany("INSERT INTO event_map_type VALUES (?, ?)", tables.items())
    for type_, name in tables.items():
        declared = spool.event_types[type_].items()
        columns = ", ".join(f"{quoted_name(it)} {_COLUMNS[kind]}" for it, kind in declared)
        key = "ocel_id TEXT PRIMARY KEY REFERENCES event(ocel_id), ocel_time TIMESTAMP"
        db.execute(f"CREATE TABLE {quoted_name(f'event_{name}')} ({key}, {columns})")
    for event in spool.events():
        db.execute("INSERT INTO event VALUES (?, ?)", (event.id, event.type))
        ties = ((event.id, *it) for it in event.ties)
        db.executemany("INSERT INTO event_object VALUES (?, ?, ?)", ties)
        values = [event.id, event.time.replace("T", " "), *_values(event, spool)]
        marks = ", ".join("?" * len(values))
        table = quoted_name(f"event_{tables[event.type]}")
        db.execute(f"INSERT INTO {table} VALUES ({marks})", values)


def _values(event: OcelOut, spool: OcelSpool) -> Iterator[str | int | float | None]:
    """One for each column. The data is carried where they do not give it back."""
    declared = spool.event_types[event.type]
    found: dict[str, str | int | float] = {
        name: _value(it.text, declared[name]) for name, it in event.data.items()
    }
    back = {name: json_of(found[name]) for name in declared if name in found}
    has_data = json_object(back) != event.outgoing.event.data_json
    found = {**found, **event.beside, CARRIED: event.carried(has_data=has_data)}
    yield from (found.get(name) for name in declared)


def _value(text: str, kind: str) -> str | int | float:
    if kind == "boolean":
        return int(text == "true")
    if kind == "integer":
        return int(text)
    return float(text) if kind == "float" else text


def _tables(types: Iterable[str]) -> dict[str, str]:
    """Type → the end of its table's name: letters and digits, each name once."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for type_ in types:
        plain = name = _NOT_IN_NAME.sub("", type_)[:_LONGEST] or said("Type")
        number = 1
        while name.casefold() in taken or name.casefold() == "maptype":
            number += 1
            name = f"{plain}{number}"
        taken.add(name.casefold())
        found[type_] = name
    return found
