"""A log as a Parquet file: a row an event, payloads as their very texts.

The columns are those of the log. `occurred_at` and `recorded_at` are microseconds since 1970, UTC,
each with the offset that it was stated with, in minutes. Parquet of any other columns is read by
a mapping (parquet_rows).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from store.events import NewEvent
from store.provenance import Origin
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Incoming, Outgoing, Record
from store.reading.parquet_source import rows_of, write_rows
from store.reading.rows import rejected_row, text_of
from store.reading.signs import ParquetColumns
from store.reading.source import Source
from store.reading.stored_columns import require_storable
from store.words import said

NAME: Final = "parquet"
COLUMNS: Final = {
    "position": "int64",
    "stream": "string",
    "stream_version": "int64",
    "type": "string",
    "id": "string",
    "occurred_at_us": "int64",
    "occurred_offset_min": "int32",
    "recorded_at_us": "int64",
    "recorded_offset_min": "int32",
    "data": "string",
    "metadata": "string",
    "source": "string",
    "links": "texts",
}


def read(source: Source) -> Iterator[Record]:
    """Every row."""
    rows = rows_of(source.plain_file(), source.path, source.pulse)
    for number, row in enumerate(rows, 1):
        try:
            coming = _incoming(number, row)
            require_storable(coming.stream, coming.event)
            yield coming
        except Unusable as reason:
            yield rejected_row(number, list(row.values()), reason)


def _incoming(number: int, row: dict[str, Any]) -> Incoming:
    metadata, position = _json(row, "metadata"), _whole(row, "position")
    if not metadata.lstrip().startswith("{"):
        raise Unusable(said("{name} is not an object", name="metadata"))
    source = None if row["source"] is None else _json(row, "source")
    return Incoming(
        stream=text_of(row["stream"], "stream"),
        event=NewEvent(
            type=text_of(row["type"], "type"),
            data_json=_json(row, "data"),
            metadata_json=metadata,
            id=text_of(row["id"], "id"),
            occurred_at_us=_whole(row, "occurred_at_us"),
            occurred_offset_min=_whole(row, "occurred_offset_min"),
            recorded_at_us=_whole(row, "recorded_at_us"),
            recorded_offset_min=_whole(row, "recorded_offset_min"),
            source_json=source,
            links=tuple(text_of(it, "link") for it in row["links"] or ()),
        ),
        line=number,
        version=_whole(row, "stream_version"),
        origin=Origin(cursor=None if position is None else str(position), is_exact=True),
    )


def _json(row: dict[str, Any], name: str) -> str:
    return fields.json_value(fields.storable(str(row[name]), name), name)


def _whole(row: dict[str, Any], name: str) -> int | None:
    value = row[name]
    if value is not None and not isinstance(value, int):
        raise Unusable(said("{name} is not a whole number", name=name))
    return value


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """A row an event, in groups of rows."""
    return write_rows(map(_row, events), file, COLUMNS, Path("parquet"))


def _row(outgoing: Outgoing) -> tuple[Any, ...]:
    it = outgoing.event
    return (
        *(it.position, it.stream, it.version, it.type, it.id),
        *(it.occurred_at_us, it.occurred_offset_min),
        *(it.recorded_at_us, it.recorded_offset_min),
        *(it.data_json, it.metadata_json, it.source_json, list(outgoing.links)),
    )


FORMAT: Final = Format(
    name=NAME,
    title=said("Parquet, as Foldline writes it"),
    suffixes=(".parquet",),
    signs=(ParquetColumns(names=tuple(COLUMNS)),),
    read=read,
    write=write,
)
