"""Events as they are appended to KurrentDB: `[{"eventId", "eventType", "data", "metadata"}]`, its
media type application/vnd.eventstore.events+json.

The form says neither stream nor time: the server sets them. What Foldline writes carries both in
the metadata, under `foldline`, and reads them back; other files go into one stream.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final

from store.events import RecordedEvent
from store.reading import fields
from store.reading.fields import quoted
from store.reading.format import Format, Outgoing, Record
from store.reading.json_members import json_object, members, one_line
from store.reading.json_records import RawRecord
from store.reading.kurrentdb_event import metadata_of
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated, rest
from store.times import format_moment

NAME: Final = "kurrentdb"
STREAM: Final = "kurrentdb"  # of events that come without one
OURS: Final = "foldline"
_KNOWN: Final = ("eventId", "eventType", "data", "metadata")


def read(source: Source) -> Iterator[Record]:
    """Every event in the file's order."""
    return read_stated(source, _stated)


def _stated(_: RawRecord, event: dict[str, str]) -> StatedEvent:
    metadata = metadata_of(event.get("metadata", "null"))
    ours = dict(members(fields.object_text(metadata, OURS) or "{}"))
    return StatedEvent(
        stream=fields.text(ours, "stream") or STREAM,
        type=fields.required_text(event, "eventType"),
        id=fields.required_text(event, "eventId"),
        data=event.get("data", "null"),
        metadata={name: text for name, text in metadata.items() if name != OURS},
        occurred=fields.text(ours, "occurred_at"),
        recorded=fields.text(ours, "recorded_at"),
        version=fields.number(ours, "version"),
        cursor=fields.number(ours, "position"),
        beyond=rest(event, *_KNOWN),
    )


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One JSON array."""
    written = 0
    file.write(b"[")
    for outgoing in events:
        file.write((",\n" if written else "\n").encode() + _text(outgoing.event).encode())
        written += 1
    file.write(b"\n]\n")
    return written


def _text(event: RecordedEvent) -> str:
    metadata = dict(members(one_line(event.metadata_json)))
    return json_object(
        {
            "eventId": quoted(event.id),
            "eventType": quoted(event.type),
            "data": one_line(event.data_json),
            "metadata": json_object({**_theirs(metadata), OURS: _place(event)}),
        }
    )


def _theirs(metadata: Mapping[str, str]) -> dict[str, str]:
    """With the names that the server's projections go by."""
    names = {"correlation_id": "$correlationId", "causation_id": "$causationId"}
    theirs = {names[name]: text for name, text in metadata.items() if name in names}
    return {**theirs, **metadata}


def _place(event: RecordedEvent) -> str:
    occurred = format_moment(event.occurred_at_us, event.occurred_offset_min)
    recorded = format_moment(event.recorded_at_us, event.recorded_offset_min)
    return json_object(
        {
            "stream": quoted(event.stream),
            "version": str(event.version),
            "position": str(event.position),
            "occurred_at": quoted(occurred),
            "recorded_at": quoted(recorded),
        }
    )


FORMAT: Final = Format(
    name=NAME,
    title="KurrentDB, events to append",
    suffixes=(".json",),
    signs=(UsualKeys(names=("eventId", "eventType", "data"), confidence=0.92),),
    read=read,
    write=write,
)
