"""Events of Castore as they are kept in memory: `[{"aggregateId", "events": […]}]`.

Versions count from 1. There are no ids and no order over all: events come in by time, in an
aggregate by version. Layout read from what version 2.4.2 wrote.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.inner_records import inner, stated
from store.reading.json_members import members
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, renamed, rest
from store.reading.timed_records import TimedRecords
from store.words import said

NAME: Final = "castore"
RENAMED: Final = {"correlationId": "correlation_id", "causationId": "causation_id"}
KNOWN: Final = ("aggregateId", "version", "type", "timestamp", "payload", "metadata")


def read(source: Source) -> Iterator[Record]:
    """Every event by time."""
    by_time = TimedRecords(source)
    number = 0
    for aggregate in records(source):
        try:
            for event in inner(aggregate, members_of(aggregate), "events"):
                number += 1
                event = RawRecord(number, aggregate.offset, event.text)
                by_time.add(*order_of(members_of(event)), event)
        except Unusable as reason:
            yield rejected(aggregate, reason)
    yield from stated((it.record for it in by_time.records()), _stated)


def order_of(event: Mapping[str, str]) -> tuple[str, int, str | None]:
    """Aggregate, version and time; what cannot be read is found out later."""
    try:
        return (
            fields.text(event, "aggregateId") or "",
            fields.number(event, "version") or 0,
            fields.text(event, "timestamp"),
        )
    except Unusable:
        return "", 0, None


def _stated(record: RawRecord) -> StatedEvent:
    event = members_of(record)
    return castore_event(fields.required_text(event, "aggregateId"), event)


def castore_event(
    stream: str, event: Mapping[str, str], *, cursor: str | None = None
) -> StatedEvent:
    """An event whose members are plain JSON. An absent payload is not null. Raises Unusable."""
    version = fields.number(event, "version")
    if version is None:
        raise Unusable(said("the event has no version"))
    metadata = dict(members(fields.object_text(event, "metadata") or "{}"))
    absent = {} if "payload" in event else {"absent": '["data"]'}
    return StatedEvent(
        stream=stream,
        type=fields.required_text(event, "type"),
        key=(NAME, stream, version),
        data=event.get("payload", "{}"),
        metadata=renamed(metadata, RENAMED),
        recorded=fields.text(event, "timestamp"),
        version=version,
        cursor=cursor,
        beyond={**absent, **rest(event, *KNOWN)},
    )


FORMAT: Final = Format(
    name=NAME,
    title=said("Castore, events in memory"),
    suffixes=(".json",),
    signs=(UsualKeys(names=("aggregateId", "events"), confidence=0.95),),
    read=read,
)
