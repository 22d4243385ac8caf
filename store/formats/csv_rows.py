"""Rows of a CSV file: each is the data of an event; a mapping names its stream and type.

The first row names the columns. Every value is a text; a conversion makes a number or a JSON value
of it. Where some empty cells stand in quotation marks, as PostgreSQL writes an empty text, those
without are null.
"""

from collections.abc import Iterator
from typing import Final

from store.reading.format import Choice, Format, Options, Record
from store.reading.header_line import SEPARATORS, likeliest_separator
from store.reading.json_records import RawRecord
from store.reading.signs import HeaderLine
from store.reading.source import Source
from store.tables.bare_rows import row_event
from store.tables.cell_row import CellRow, wrong_width
from store.tables.delimited import SEPARATOR, delimited_rows, is_text_form, names_of, tells_null
from store.words import said

NAME: Final = "csv-rows"
EMPTY: Final = "empty"
AS_NULL: Final = "null"
AS_TEXT: Final = "text"


def read(source: Source) -> Iterator[Record]:
    """Every row behind the first as an event without stream and type, or a rejection."""
    separator = source.choices.get(SEPARATOR) or likeliest_separator(source.sample.head)
    empty = source.choices.get(EMPTY) or _empty_options(source).default
    is_null = empty == AS_NULL or is_text_form(source, separator)
    source.notes[EMPTY] = empty
    rows = delimited_rows(source, separator=separator)
    names = names_of(rows, source)
    for row in rows:
        if not isinstance(row, CellRow):
            yield row
        elif len(row.cells) != len(names):
            yield wrong_width(row, len(names))
        else:
            cells = row.cells if is_null else [it or "" for it in row.cells]
            yield row_event(NAME, RawRecord(row.number, row.offset, b""), names, cells)


def _separator_options(source: Source) -> Options:
    return Options(values=tuple(SEPARATORS), default=likeliest_separator(source.sample.head))


def _empty_options(source: Source) -> Options:
    return Options(values=(AS_NULL, AS_TEXT), default=AS_NULL if tells_null(source) else AS_TEXT)


FORMAT: Final = Format(
    name=NAME,
    title=said("CSV, mapped by you"),
    suffixes=(".csv", ".tsv"),
    signs=(HeaderLine(confidence=0.89),),
    read=read,
    choices=(
        Choice(name=SEPARATOR, title=said("Separator"), options=_separator_options),
        Choice(name=EMPTY, title=said("An empty cell is"), options=_empty_options),
    ),
    is_bare=True,
)
