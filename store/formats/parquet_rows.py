"""Parquet of any columns: each row is the data of an event; a mapping names its stream and type."""

from collections.abc import Iterator
from typing import Final

from store import json_text
from store.events import NewEvent
from store.reading.format import Format, Incoming, Record
from store.reading.identity import minted_id
from store.reading.parquet_source import as_json_value, rows_of
from store.reading.signs import ParquetColumns
from store.reading.source import Source
from store.words import said

NAME: Final = "parquet-rows"


def read(source: Source) -> Iterator[Record]:
    """Every row as an event without stream and type."""
    rows = rows_of(source.plain_file(), source.path, source.pulse)
    for number, row in enumerate(rows, 1):
        text = json_text.encode(as_json_value(row))
        yield Incoming(
            stream="",
            event=NewEvent(type="", data_json=text, id=minted_id(NAME, number, text)),
            line=number,
            has_minted_id=True,
        )


FORMAT: Final = Format(
    name=NAME,
    title=said("Parquet rows, mapped by you"),
    suffixes=(".parquet",),
    signs=(ParquetColumns(names=(), confidence=0.5),),
    read=read,
    is_bare=True,
)
