"""Rows of any table of a plain dump of PostgreSQL: each is the data of an event; a mapping names
its stream and type. Every value is a text, and `\\N` is null. Other tables are told."""

from collections.abc import Iterator
from typing import Final

from store.errors import UnreadableSource
from store.formats.pg_dump import DumpSign
from store.reading.format import Choice, Format, Record
from store.reading.json_records import RawRecord
from store.reading.remarks import Skipped
from store.reading.source import Source
from store.tables.bare_rows import WITHOUT_ROWS, chosen_table, row_event, table_options
from store.tables.cell_row import CellRow, wrong_width
from store.tables.stores import TABLE, row_count, tables_in
from store.tables.text_tables import of_dump
from store.words import counted, said

NAME: Final = "pg-dump-rows"


def read(source: Source) -> Iterator[Record]:
    """Every row of the chosen table, as they stand in the dump."""
    table = chosen_table(source, source.choices.get(TABLE, ""))
    if table is None:
        raise UnreadableSource(WITHOUT_ROWS, source.path)
    source.notes[TABLE] = table.name
    for _, row in of_dump(source, [table]).read():
        if not isinstance(row, CellRow):
            yield row
        elif len(row.cells) != len(table.columns):
            yield wrong_width(row, len(table.columns))
        else:
            place = RawRecord(row.number, row.offset, b"")
            yield row_event(NAME, place, table.columns, row.cells)
    for other in tables_in(source):
        if other.name != table.name and (found := row_count(source, other)):
            text = said(
                "table {name!r}, {found}",
                name=other.name,
                found=counted("{count:,} row", "{count:,} rows", found),
            )
            yield Skipped(kind="other_rows", text=text, count=found)


FORMAT: Final = Format(
    name=NAME,
    title=said("Table of a PostgreSQL dump, mapped by you"),
    suffixes=(".sql",),
    signs=(DumpSign(),),
    read=read,
    choices=(Choice(name=TABLE, title=said("Events are rows of"), options=table_options),),
    is_bare=True,
)
