"""Rows of Emmett's table `emt_messages` in PostgreSQL as JSON, one an event.

The columns are those of its SQLite file (`emmett`), and mean the same. Layout read from rows that
version 0.42.0 wrote.
"""

from collections.abc import Iterator
from typing import Final

from store.formats.emmett import EVENT, USUAL_PARTITIONS
from store.reading import fields
from store.reading.emmett_write import RENAMED
from store.reading.format import Format, Record
from store.reading.json_members import members
from store.reading.json_records import RawRecord
from store.reading.remarks import Skipped
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated, renamed, rest, utc
from store.words import said

_KNOWN: Final = (
    *("stream_position", "global_position", "stream_id", "message_id", "message_type"),
    *("message_data", "message_metadata", "created"),
)


def read(source: Source) -> Iterator[Record]:
    """Every event; messages of another kind are told."""
    return read_stated(source, stated)


def stated(record: RawRecord, row: dict[str, str]) -> StatedEvent | Skipped:
    """What a row says, of names and JSON texts. Raises Unusable."""
    kind, type_ = fields.text(row, "message_kind"), fields.required_text(row, "message_type")
    if kind is not None and kind != EVENT:
        text = said("kind {kind!r}, type {type_!r}", kind=kind, type_=type_)[:200]
        return Skipped(kind="messages", text=text, line=record.number, offset=record.offset)
    stated = dict(members(fields.object_text(row, "message_metadata") or "{}"))
    return StatedEvent(
        stream=_stream(row),
        type=type_,
        id=fields.required_text(row, "message_id"),
        data=row.get("message_data", "null"),
        metadata=renamed(stated, {**RENAMED, "userId": "user"}),
        recorded=utc(fields.text(row, "created")),
        version=fields.number(row, "stream_position"),
        cursor=fields.number(row, "global_position"),
        beyond=rest(row, *_KNOWN),
    )


def _stream(row: dict[str, str]) -> str:
    """The name with its partition, where that is not the usual one."""
    stream, partition = fields.required_text(row, "stream_id"), fields.text(row, "partition")
    if partition is None or partition in USUAL_PARTITIONS:
        return stream
    return f"{stream}@{partition}"


FORMAT: Final = Format(
    name="emmett-rows",
    title=said("Emmett rows, JSON Lines"),
    suffixes=(".jsonl",),
    signs=(
        UsualKeys(names=("stream_position", "global_position", "message_type"), confidence=0.95),
    ),
    read=read,
    grows_by_lines=True,
)
