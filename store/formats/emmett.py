"""The SQLite file of Emmett: table emt_messages.

Layout read from a file that version 0.42.4 wrote. Only columns are trusted: in such files
message_schema_version holds the expected stream position and metadata.streamPosition counts
within an append, so neither means what its name says. `created` is when the row was written, in
whole seconds of UTC; when the event happened is said by nothing but metadata.at, a convention.

A stream is told by its id, its partition and whether it is archived: the partition, unless it is
the usual one, is added to the name (`cart-1@tenant-a`), and a stream that began anew after it had
been archived is its second life (`cart-1@life-2`). So the first life keeps its name when it is
archived later.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.events import NewEvent
from store.reading import fields
from store.reading.emmett_write import LOSSES, NAME, RENAMED, write
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, GrownRow, Incoming, Record
from store.reading.json_members import is_value, json_object, members
from store.reading.own_member import keeps_names, without_ours
from store.reading.remarks import Skipped
from store.reading.rows import opaque_json, rejected_row, rows, skipped_tables
from store.reading.signs import Tables
from store.reading.source import Source
from store.reading.stated_times import stated_times
from store.times import parse_moment
from store.words import said

TABLE: Final = "emt_messages"
# In our copy: whether a stream has an archived life is asked for every row.
INDEX: Final = """
CREATE INDEX IF NOT EXISTS foldline_lives ON emt_messages (stream_id, partition, is_archived)
"""
ROWS: Final = """
SELECT global_position, stream_id, stream_position, message_type, message_id, message_data,
       message_metadata, created, partition, message_kind, message_schema_version, is_archived,
       EXISTS (SELECT 1 FROM emt_messages a WHERE a.stream_id = m.stream_id
               AND a.partition = m.partition AND a.is_archived > m.is_archived)
FROM emt_messages m ORDER BY global_position
"""
ROWS_AFTER: Final = ROWS.replace("ORDER BY", "WHERE global_position > ? ORDER BY")
USUAL_PARTITIONS: Final = frozenset({"global", "emt:default"})
EVENT: Final = "E"


def read(source: Source) -> Iterator[Record]:
    """Every event, archived ones included, in the order of global_position; other messages, and
    other tables, are told."""
    next(rows(source, INDEX), None)
    for line, row in enumerate(rows(source, ROWS), 1):
        yield _record(line, row)
    yield from skipped_tables(source, read=(TABLE,))


def rows_after(source: Source, keys: Mapping[str, int]) -> Iterator[GrownRow]:
    """The messages that were written behind a global position. What became of those before it,
    such as that they were archived, is not seen."""
    next(rows(source, INDEX), None)
    for row in rows(source, ROWS_AFTER, (keys.get(TABLE, 0),)):
        yield GrownRow(TABLE, row[0], _record(row[0], row))


def _record(line: int, row: tuple[Any, ...]) -> Record:
    kind = row[9]
    if kind != EVENT:
        text = said("kind {kind!r}, type {row!r}", kind=kind, row=row[3])[:200]
        return Skipped(kind="messages", text=text, line=line)
    try:
        return _incoming(line, row)
    except Unusable as reason:
        return rejected_row(line, row[:5], reason)


def _incoming(line: int, row: tuple[Any, ...]) -> Incoming:
    position, stream, version, type_, id_, data, metadata, created = row[:8]
    for name, value in (("stream_id", stream), ("message_type", type_), ("message_id", id_)):
        if not isinstance(value, str) or not value:
            raise Unusable(said("the event has no {name}", name=name))
        fields.storable(value, name)
    if not isinstance(version, int):
        raise Unusable(said("stream_position is not a whole number"))
    payload, is_opaque = _payload(data)
    stated, carried = _carried(_members(metadata))
    recorded = fields.text(carried, "recorded_at") or _utc(created)
    occurred = fields.text(carried, "occurred_at") or _happened(stated) or recorded
    times = stated_times(occurred, recorded)
    return Incoming(
        stream=_life(stream, partition=row[8], is_second=bool(row[12])),
        event=NewEvent(
            type=type_,
            data_json=payload,
            metadata_json=json_object(stated if keeps_names(carried) else _renamed(stated)),
            id=id_,
            **times.columns,
        ),
        line=line,
        offset=-1,
        version=version,
        origin=times.origin(position),
        beyond=_columns(row),
        has_naive_time=times.has_naive,
        is_opaque=is_opaque,
    )


def _life(stream: str, *, partition: object, is_second: bool) -> str:
    """The name of one life of a stream in one partition."""
    if partition is not None and partition not in USUAL_PARTITIONS:
        stream = f"{stream}@{fields.storable(str(partition), 'partition')}"
    return f"{stream}@life-2" if is_second else stream


def _payload(data: Any) -> tuple[str, bool]:
    """The data as JSON; bytes that are none as base64, and that they cannot be read."""
    if isinstance(data, bytes):
        try:
            plain = data.decode()
        except UnicodeDecodeError:
            return opaque_json(data), True
        return (plain, False) if is_value(plain) else (opaque_json(data), True)
    if not isinstance(data, str):
        raise Unusable(said("{name} is not text", name="message_data"))
    return fields.json_value(data, "message_data"), False


def _members(metadata: Any) -> dict[str, str]:
    try:
        return dict(members(metadata))
    except (TypeError, ValueError):
        raise Unusable(said("message_metadata is not a JSON object")) from None


def _carried(stated: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The metadata as it was, and what an export carried in it."""
    return without_ours(stated) or (stated, {})


def _renamed(stated: Mapping[str, str]) -> dict[str, str]:
    """Metadata with our names beside theirs; nothing is taken away."""
    ours = {RENAMED[name]: text for name, text in stated.items() if name in RENAMED}
    return {**stated, **{name: text for name, text in ours.items() if name not in stated}}


def _happened(stated: Mapping[str, str]) -> str | None:
    """metadata.at, where it is a time."""
    try:
        found = fields.text(stated, "at")
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
        raise Unusable(said("created is not a time"))
    try:
        has_offset = parse_moment(created).offset_min is not None
    except (ValueError, OverflowError):
        has_offset = False
    return created if has_offset else f"{created}+00:00"


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
    name=NAME,
    title=said("Emmett, SQLite"),
    suffixes=(".sqlite",),
    signs=(Tables(tables={TABLE: ("stream_id", "message_type", "global_position")}),),
    read=read,
    rows_after=rows_after,
    write=write,
    losses=LOSSES,
)
