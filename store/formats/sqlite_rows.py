"""Rows of a table of any SQLite file: each is the data of an event; a mapping names its stream and
type. Only a copy of the file is opened. Other tables are told."""

from collections.abc import Iterator
from typing import Final

from store.errors import UnreadableSource
from store.reading.fields import Unusable
from store.reading.format import Choice, Format, Record
from store.reading.json_records import RawRecord
from store.reading.rows import has_rowid, named_rows, quoted_name, rejected_row, skipped_tables
from store.reading.signs import Tables
from store.reading.source import Source
from store.tables.bare_rows import WITHOUT_ROWS, chosen_table, row_event, table_options
from store.tables.stores import TABLE
from store.words import said

NAME: Final = "sqlite-rows"


def read(source: Source) -> Iterator[Record]:
    """Every row of the chosen table, in the order in which they were added."""
    table = chosen_table(source, source.choices.get(TABLE, ""))
    if table is None:
        raise UnreadableSource(WITHOUT_ROWS, source.path)
    source.notes[TABLE] = table.name
    order = " ORDER BY rowid" if has_rowid(source, table.name) else ""
    sql = f"SELECT * FROM {quoted_name(table.name)}{order}"
    for number, row in enumerate(named_rows(source, sql), 1):
        try:
            yield row_event(NAME, RawRecord(number, -1, b""), tuple(row), tuple(row.values()))
        except Unusable as reason:
            yield rejected_row(number, tuple(row.values()), reason)
    yield from skipped_tables(source, read=(table.name,))


FORMAT: Final = Format(
    name=NAME,
    title=said("Table of a SQLite file, mapped by you"),
    suffixes=(".sqlite", ".sqlite3", ".db"),
    signs=(Tables(tables={}, confidence=0.5),),
    read=read,
    choices=(Choice(name=TABLE, title=said("Events are rows of"), options=table_options),),
    is_bare=True,
)
