"""Rows of a store that SQLite puts together: of a SQLite file by views of its tables, of a dump in
a database of its own, into which the tables are copied as they come."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from store.reading.format import Rejected
from store.reading.json_records import RawRecord
from store.reading.rows import named_rows, quoted_name
from store.reading.source import Source
from store.tables.cell_row import CellRow, wrong_width
from store.tables.cells import Row
from store.tables.layout import Layout, Part
from store.tables.stores import Store, Table
from store.tables.text_tables import TextTables, of_dump

LINE: Final = "foldline_line"  # of a row of a dump, and where it begins
OFFSET: Final = "foldline_offset"

NamedRow: TypeAlias = tuple[RawRecord, Row]


def joined_rows(source: Source, store: Store) -> Iterator[NamedRow | Rejected]:
    """In the order of the layout. Raises UnreadableSource where a SQLite file is damaged."""
    if source.sample.shape == "sqlite":
        yield from _of_sqlite(source, store)
    else:
        yield from _of_dump(source, store)


def _of_sqlite(source: Source, store: Store) -> Iterator[NamedRow]:
    for name, part, tables in _parts(store):
        columns = _columns(part, tables)
        selected = [_selected(part, it, columns) for it in tables] or [_nothing(columns)]
        next(named_rows(source, f"DROP VIEW IF EXISTS temp.{name}"), None)
        view = f"CREATE TEMP VIEW {name} AS {' UNION ALL '.join(selected)}"
        next(named_rows(source, view), None)
    for number, row in enumerate(named_rows(source, _query(store.layout)), 1):
        yield RawRecord(number, -1, b""), row


def _of_dump(source: Source, store: Store) -> Iterator[NamedRow | Rejected]:
    db = source.scratch()
    for name, part, tables in _parts(store):
        columns = _columns(part, tables)
        made = ", ".join(map(quoted_name, (*columns, LINE, OFFSET)))
        db.execute(f"CREATE TABLE {name} ({made})")
        if tables:
            yield from _copied(of_dump(source, tables), db, name, part)
    cursor = db.execute(_query(store.layout))
    names = [it[0] for it in cursor.description]
    for cells in cursor:
        row = dict(zip(names, cells, strict=True))
        yield RawRecord(row.pop(LINE), row.pop(OFFSET), b""), row


def _copied(
    tables: TextTables, db: sqlite3.Connection, name: str, part: Part
) -> Iterator[Rejected]:
    """Put the rows into the table of that name; gives what is no row."""
    inserts = []
    for columns in tables.columns:
        names = ", ".join(map(quoted_name, (*part.named(columns), LINE, OFFSET)))
        marks = ", ".join("?" * (len(columns) + 2))
        inserts.append((len(columns), f"INSERT INTO {name} ({names}) VALUES ({marks})"))
    db.execute("BEGIN")
    for at, row in tables.read():
        width, insert = inserts[at]
        if not isinstance(row, CellRow):
            yield row
        elif len(row.cells) != width:
            yield wrong_width(row, width)
        else:
            db.execute(insert, (*row.cells, row.number, row.offset))
    db.execute("COMMIT")


def _query(layout: Layout) -> str:
    order = f"CAST({quoted_name(layout.order)} AS INTEGER)"
    return layout.query or f"SELECT * FROM events ORDER BY {order}"


def _parts(store: Store) -> Iterator[tuple[str, Part, Sequence[Table]]]:
    """Every part of the layout by the name that the query has for it; without tables where it is
    missing."""
    for name, part in {"events": store.layout.events, **store.layout.joined}.items():
        yield name, part, store.parts.get(name, ())


def _columns(part: Part, tables: Sequence[Table]) -> list[str]:
    """All that the layout knows, and whatever else there is."""
    found = dict.fromkeys((*part.columns, *part.others))
    for table in tables:
        found |= dict.fromkeys(part.named(table.columns))
    return list(found)


def _selected(part: Part, table: Table, columns: Sequence[str]) -> str:
    theirs = dict(zip(part.named(table.columns), table.columns, strict=True))
    cells = [
        f"{quoted_name(theirs[it]) if it in theirs else 'NULL'} AS {quoted_name(it)}"
        for it in columns
    ]
    return f"SELECT {', '.join(cells)} FROM main.{quoted_name(table.name)}"


def _nothing(columns: Sequence[str]) -> str:
    return f"SELECT {', '.join(f'NULL AS {quoted_name(it)}' for it in columns)} WHERE 0"
