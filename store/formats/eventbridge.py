"""Events of Amazon EventBridge, one object an event. A stream is the event's source.

Layout: Amazon EventBridge event structure.
"""

from collections.abc import Iterator
from typing import Final

from store.reading import fields
from store.reading.format import Format, Record
from store.reading.json_records import RawRecord
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, read_stated, rest
from store.words import said

_KNOWN: Final = ("id", "detail-type", "source", "detail", "time")


def read(source: Source) -> Iterator[Record]:
    """Every event in the file's order."""
    return read_stated(source, _stated)


def _stated(_: RawRecord, event: dict[str, str]) -> StatedEvent:
    return StatedEvent(
        stream=fields.required_text(event, "source"),
        type=fields.required_text(event, "detail-type"),
        id=fields.required_text(event, "id"),
        data=event.get("detail", "null"),
        recorded=fields.text(event, "time"),
        beyond=rest(event, *_KNOWN),
    )


FORMAT: Final = Format(
    name="eventbridge",
    title=said("EventBridge events"),
    suffixes=(".jsonl",),
    signs=(UsualKeys(names=("detail-type", "source", "detail"), confidence=0.95),),
    read=read,
    grows_by_lines=True,
)
