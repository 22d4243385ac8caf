"""What a client of KurrentDB reads, one resolved event a line: `{"event": …, "link": …}`."""

from collections.abc import Iterator
from typing import Final

from store.reading import fields
from store.reading.format import Format, Record
from store.reading.json_members import members
from store.reading.json_records import RawRecord
from store.reading.kurrentdb_event import (
    SYSTEM,
    metadata_of,
    payload,
    revision,
    system_event,
    version_of,
)
from store.reading.remarks import Skipped
from store.reading.signs import Words
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated, rest
from store.words import said

_KNOWN: Final = (
    *("streamId", "id", "revision", "type", "isJson", "data", "metadata", "created", "position"),
)


def read(source: Source) -> Iterator[Record]:
    """Every event in the file's order; events of the system itself are told."""
    return read_stated(source, _stated)


def _stated(record: RawRecord, line: dict[str, str]) -> StatedEvent | Skipped:
    if line.get("event", "null") == "null" and "link" in line:
        text = said("a link to a deleted event")
        return Skipped(kind="relations", text=text, line=record.number, offset=record.offset)
    event = dict(members(fields.object_text(line, "event") or "{}"))
    type_ = fields.required_text(event, "type")
    if type_.startswith(SYSTEM):
        return system_event(record, type_)
    data, is_opaque = payload(event.get("data", "null"), is_json=event.get("isJson") != "false")
    return StatedEvent(
        stream=fields.required_text(event, "streamId"),
        type=type_,
        id=fields.required_text(event, "id"),
        data=data,
        metadata=metadata_of(event.get("metadata", "null")),
        recorded=fields.text(event, "created"),
        version=version_of(revision(event, "revision")),
        cursor=_cursor(line, event),
        beyond={**rest(event, *_KNOWN), **_linked(line)},
        is_opaque=is_opaque,
    )


def _cursor(line: dict[str, str], event: dict[str, str]) -> str | None:
    """The commit position: a byte offset, as digits."""
    position = line.get("commitPosition")
    if position is None and (place := fields.object_text(event, "position")) is not None:
        position = dict(members(place)).get("commit")
    return None if position in (None, "null") else position.strip('"')


def _linked(line: dict[str, str]) -> dict[str, str]:
    """The link by which it was read, whole."""
    link = line.get("link", "null")
    return {} if link == "null" else {"link": link}


FORMAT: Final = Format(
    name="kurrentdb-dump",
    title=said("KurrentDB, events as a client reads them"),
    suffixes=(".jsonl",),
    signs=(Words(names=("event", "revision", "streamId"), confidence=0.93),),
    read=read,
    grows_by_lines=True,
)
