"""Items of Equinox in DynamoDB: a batch of a stream's events each, `{p, i, n, c, e, u}`, typed.

`n` is the index behind the last event. The types of the events (`c`) stand beside them. Items come
as a scan gives them (`{"Items": […]}`) or as an export to S3 writes them, `{"Item": …}` a line, in
any order: events come in by time. Layout read from the source of Equinox 4.1 and Propulsion 3.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from store.reading import fields
from store.reading.dynamodb import plain
from store.reading.equinox_event import NAME, Bodies, events_by_time, snapshots_of
from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.inner_records import elements_of
from store.reading.json_members import elements, json_object, members
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.signs import Words
from store.reading.source import Source
from store.reading.timed_records import TimedRecords
from store.words import counted, said

ITEM: Final = "Item"
ITEMS: Final = "Items"
BATCH: Final = ("p", "i", "n", "c", "e")
RENAMED: Final = {"x": "correlationId", "y": "causationId"}


def read(source: Source) -> Iterator[Record]:
    """Every event of every item, by time; snapshots are told."""
    kept = TimedRecords(source)
    is_scan = source.sample.share_with(ITEMS) > 0
    for record in elements_of(source, ITEMS) if is_scan else records(source):
        try:
            yield from _batch(record, _item(record, is_scan=is_scan), kept)
        except Unusable as reason:
            yield rejected(record, reason)
    yield from events_by_time(kept, Bodies(are_bytes=True, path=source.path))


def _item(record: RawRecord, *, is_scan: bool) -> dict[str, str]:
    """The item without the types of its attributes. Raises Unusable."""
    found = members_of(record)
    if not is_scan:
        try:
            found = dict(members(found[ITEM]))
        except (KeyError, ValueError):
            raise Unusable(said("the line has no item")) from None
    return {name: plain(text) for name, text in found.items()}


def _batch(record: RawRecord, item: Mapping[str, str], kept: TimedRecords) -> Iterator[Record]:
    """Puts the events by. Raises Unusable before any of them is."""
    stream, after = fields.required_text(item, "p"), fields.number(item, "n")
    types, events = _list(item, "c"), _list(item, "e")
    if after is None or after < len(events):
        raise Unusable(said("the batch has no index"))
    if len(types) != len(events):
        raise Unusable(
            said(
                "the batch has {types} of {events}",
                types=counted("{count:,} type", "{count:,} types", len(types)),
                events=counted("{count:,} event", "{count:,} events", len(events)),
            )
        )
    named = [_event(event, type_) for event, type_ in zip(events, types, strict=True)]
    for place, (time, text) in enumerate(named, after - len(events)):
        kept.add(stream, place, time, RawRecord(record.number, record.offset, text.encode()))
    yield from snapshots_of(record, stream, len(_list(item, "u")))


def _list(item: Mapping[str, str], name: str) -> list[str]:
    """An empty list is not stored at all."""
    try:
        return [it.text for it in elements(item.get(name, "[]"))]
    except ValueError as error:
        raise Unusable(said("{name} is not a list ({error})", name=name, error=error)) from None


def _event(event: str, type_: str) -> tuple[str | None, str]:
    """Its time, and the event with the names that Cosmos DB has for them."""
    try:
        found = members(event)
    except ValueError:
        raise Unusable(said("an event of the batch is not an object")) from None
    named = [(RENAMED.get(name, name), text) for name, text in found]
    return fields.text(dict(found), "t"), json_object({"c": type_, **dict(named)})


FORMAT: Final = Format(
    name=f"{NAME}-dynamodb",
    title=said("Equinox, items of DynamoDB"),
    suffixes=(".json", ".jsonl"),
    signs=(
        Words(names=(ITEMS, *BATCH), confidence=0.96),
        Words(names=(ITEM, *BATCH), confidence=0.96),
    ),
    read=read,
)
