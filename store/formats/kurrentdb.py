"""Events as they are appended to KurrentDB: `[{"eventId", "eventType", "data", "metadata"}]`, its
media type application/vnd.eventstore.events+json.

The form says neither stream nor time: the server sets them. What Foldline writes carries both in
the metadata, under `foldline`, and reads them back; other files go into one stream. Correlation and
cause get the server's names beside ours.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from store.events import RecordedEvent
from store.provenance import dated_here
from store.reading import fields
from store.reading.fields import quoted
from store.reading.format import Format, Outgoing, Record
from store.reading.json_members import json_object, members, one_line
from store.reading.json_records import RawRecord
from store.reading.kurrentdb_event import RENAMED, metadata_of
from store.reading.losses import LINKS, SOURCE, TIMES_OF_IMPORT
from store.reading.own_member import (
    REPEATED,
    occurred_text,
    recorded_text,
    with_ours,
    without_ours,
)
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated, rest
from store.words import said

NAME: Final = "kurrentdb"
STREAM: Final = "kurrentdb"  # of events that come without one
_KNOWN: Final = ("eventId", "eventType", "data", "metadata")


def read(source: Source) -> Iterator[Record]:
    """Every event in the file's order."""
    return read_stated(source, _stated)


def _stated(_: RawRecord, event: dict[str, str]) -> StatedEvent:
    metadata, ours = _metadata(event.get("metadata", "null"))
    return StatedEvent(
        stream=fields.text(ours, "stream") or STREAM,
        type=fields.required_text(event, "eventType"),
        id=fields.required_text(event, "eventId"),
        data=event.get("data", "null"),
        metadata=metadata,
        occurred=fields.text(ours, "occurred_at"),
        recorded=fields.text(ours, "recorded_at"),
        version=fields.number(ours, "version"),
        cursor=fields.number(ours, "position"),
        beyond=rest(event, *_KNOWN),
    )


def _metadata(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The metadata, and what was carried in it."""
    try:
        carried = without_ours(dict(members(text)))
    except ValueError:
        carried = None
    return carried or (metadata_of(text), {})


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
    return json_object(
        {
            "eventId": quoted(event.id),
            "eventType": quoted(event.type),
            "data": one_line(event.data_json),
            "metadata": with_ours(event.metadata_json, _place(event), renamed=RENAMED),
        }
    )


def _place(event: RecordedEvent) -> dict[str, str]:
    """What the server would set; times that an import gave stay here."""
    place = {
        "stream": quoted(event.stream),
        "version": str(event.version),
        "position": str(event.position),
    }
    if dated_here(event.source_json):
        return place
    return {**place, "occurred_at": occurred_text(event), "recorded_at": recorded_text(event)}


FORMAT: Final = Format(
    name=NAME,
    title=said("KurrentDB, events to append"),
    suffixes=(".json",),
    signs=(UsualKeys(names=("eventId", "eventType", "data"), confidence=0.92),),
    read=read,
    write=write,
    losses=(LINKS, SOURCE, TIMES_OF_IMPORT, REPEATED),
)
