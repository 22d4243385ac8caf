"""Events of Castore as a scan of DynamoDB gives them: `{"Items": […]}` with typed attributes.

An aggregate's id is `STORE#id`. Numbers are written as texts of digits and stay these very digits.
Layout read from what version 2.4.2 wrote.
"""

from collections.abc import Iterator
from typing import Final

from store.formats.castore import castore_event, order_of
from store.reading import fields
from store.reading.dynamodb import plain
from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.inner_records import elements_of, stated
from store.reading.json_records import RawRecord, members_of
from store.reading.signs import Words
from store.reading.source import Source
from store.reading.stated_event import StatedEvent
from store.reading.timed_records import TimedRecords
from store.words import said


def read(source: Source) -> Iterator[Record]:
    """Every item by time."""
    by_time = TimedRecords(source)
    for item in elements_of(source, "Items"):
        by_time.add(*_order(item), item)
    yield from stated((it.record for it in by_time.records()), _stated)


def _order(item: RawRecord) -> tuple[str, int, str | None]:
    try:
        return order_of(_plain(item))
    except Unusable:
        return "", 0, None


def _stated(item: RawRecord) -> StatedEvent:
    event = _plain(item)
    event.pop("eventStoreId", None)  # of the first version alone: the part before the #
    return castore_event(fields.required_text(event, "aggregateId"), event)


def _plain(item: RawRecord) -> dict[str, str]:
    """The item without the types of its attributes."""
    return {name: plain(text) for name, text in members_of(item).items()}


FORMAT: Final = Format(
    name="castore-dynamodb",
    title=said("Castore, a DynamoDB scan"),
    suffixes=(".json",),
    signs=(Words(names=("Items", "aggregateId"), confidence=0.95),),
    read=read,
)
