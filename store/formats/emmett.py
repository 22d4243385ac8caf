"""The SQLite file of Emmett: table emt_messages.

Layout read from a file that version 0.42.4 wrote. Only columns are trusted: in such files
message_schema_version holds the expected stream position and metadata.streamPosition counts
within an append, so neither means what its name says. `created` is when the row was written, in
whole seconds of UTC; when the event happened is said by nothing but metadata.at, a convention.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.events import NewEvent
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Incoming, Record, Rejected
from store.reading.json_members import is_value, json_object, members
from store.reading.signs import Tables
from store.reading.source import Source
from store.reading.sqlite_source import damaged
from store.reading.stated_times import stated_times

TABLE: Final = "emt_messages"
ROWS: Final = """
SELECT global_position, stream_id, stream_position, message_type, message_id, message_data,
       message_metadata, created, partition, message_kind, message_schema_version, is_archived
FROM emt_messages WHERE message_kind = 'E' ORDER BY global_position
"""
# Their names for what has a name of ours.
RENAMED: Final = {"correlationId": "correlation_id", "causationId": "causation_id"}


def read(source: Source) -> Iterator[Record]:
    """Every event, archived ones included, in the order of global_position."""
    try:
        for line, row in enumerate(source.database().execute(ROWS), 1):
            yield _record(line, row)
    except sqlite3.DatabaseError as error:
        raise damaged(source.path, error) from error


def _record(line: int, row: tuple[Any, ...]) -> Record:
    try:
        return _incoming(line, row)
    except Unusable as reason:
        excerpt = " ".join(str(it) for it in row[:5])[:200]
        return Rejected(line=line, offset=-1, reason=str(reason), excerpt=excerpt)


def _incoming(line: int, row: tuple[Any, ...]) -> Incoming:
    position, stream, version, type_, id_, data, metadata, created = row[:8]
    for name, value in (("stream_id", stream), ("message_type", type_), ("message_id", id_)):
        if not isinstance(value, str) or not value:
            raise Unusable(f"the event has no {name}")
        fields.storable(value, name)
    if not isinstance(version, int):
        raise Unusable("stream_position is not a whole number")
    if not isinstance(data, str) or not is_value(data):
        raise Unusable("message_data is not JSON")
    said = _members(metadata)
    recorded = _utc(created)
    times = stated_times(_happened(said) or recorded, recorded)
    return Incoming(
        stream=stream,
        event=NewEvent(
            type=type_,
            data_json=data,
            metadata_json=json_object(_renamed(said)),
            id=id_,
            **times.columns,
        ),
        line=line,
        offset=-1,
        version=version,
        origin=times.origin(position),
        beyond=_columns(row),
        has_naive_time=times.has_naive,
    )


def _members(metadata: Any) -> dict[str, str]:
    try:
        return dict(members(metadata))
    except (TypeError, ValueError):
        raise Unusable("message_metadata is not a JSON object") from None


def _renamed(said: Mapping[str, str]) -> dict[str, str]:
    """Metadata with our names beside theirs; nothing is taken away."""
    ours = {RENAMED[name]: text for name, text in said.items() if name in RENAMED}
    return {**said, **{name: text for name, text in ours.items() if name not in said}}


def _happened(said: Mapping[str, str]) -> str | None:
    """metadata.at, where it is a time."""
    try:
        found = fields.text(said, "at")
        if found is not None:
            fields.moment(found, "at")
        return found
    except Unusable:
        return None


def _utc(created: Any) -> str | None:
    """`created` is written without an offset, and SQLite's CURRENT_TIMESTAMP is UTC."""
    if created is None:
        return None
    if not isinstance(created, str):
        raise Unusable("created is not a time")
    return created if created[-1:] == "Z" or "+" in created else f"{created}+00:00"


def _columns(row: tuple[Any, ...]) -> str:
    """The columns that no field of ours holds."""
    created, partition, _kind, schema_version, is_archived = row[7:12]
    kept = {
        "created": quoted(str(created)),
        "partition": quoted(str(partition)),
        "message_schema_version": quoted(str(schema_version)),
        "is_archived": "true" if is_archived else "false",
    }
    return json_object(kept)[1:-1]


FORMAT: Final = Format(
    name="emmett",
    title="Emmett, SQLite",
    suffixes=(".sqlite",),
    signs=(Tables(tables={TABLE: ("stream_id", "message_type", "global_position")}),),
    read=read,
)
