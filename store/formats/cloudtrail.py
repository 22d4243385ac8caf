"""A CloudTrail log: `{"Records": […]}`, calls of AWS services.

A stream is who called (the ARN), since most calls name no one resource. Records are in no order,
so they come in by time. Records may hold session tokens: mask `responseElements` on the way in.
Layout: AWS CloudTrail record contents, event version 1.
"""

from collections.abc import Iterator
from typing import Final

from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record
from store.reading.inner_records import elements_of, stated
from store.reading.json_members import json_object, members
from store.reading.json_records import RawRecord, members_of
from store.reading.ordered_records import OrderedRecords
from store.reading.signs import Words
from store.reading.source import Source
from store.reading.stated_event import StatedEvent
from store.words import said

_HELD: Final = ("eventID", "eventName", "eventTime")  # by columns of ours


def read(source: Source) -> Iterator[Record]:
    """Every record by time."""
    by_time = OrderedRecords(source)
    for record in elements_of(source, "Records"):
        by_time.add((_time(record), 0, 0), record)
    yield from stated(by_time.records(), _stated)


def _time(record: RawRecord) -> str:
    try:
        return fields.text(members_of(record), "eventTime") or ""
    except Unusable:
        return ""


def _stated(record: RawRecord) -> StatedEvent:
    event = members_of(record)
    who = dict(members(fields.object_text(event, "userIdentity") or "{}"))
    name = fields.text(who, "arn") or fields.text(who, "invokedBy") or fields.text(who, "type")
    metadata = {"user": quoted(name)} if name else {}
    if request := fields.text(event, "requestID"):
        metadata["correlation_id"] = quoted(request)
    return StatedEvent(
        stream=name or fields.required_text(event, "eventSource"),
        type=fields.required_text(event, "eventName"),
        id=fields.required_text(event, "eventID"),
        data=json_object({name: text for name, text in event.items() if name not in _HELD}),
        metadata=metadata,
        recorded=fields.text(event, "eventTime"),
    )


FORMAT: Final = Format(
    name="cloudtrail",
    title=said("CloudTrail log"),
    suffixes=(".json",),
    signs=(Words(names=("Records", "eventSource", "eventName"), confidence=0.95),),
    read=read,
)
