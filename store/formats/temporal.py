"""The history of a Temporal workflow: `{"history": {"events": […]}}`, or the events alone.

Numbers are texts. A history may be written newest first, so events are read by `eventId`. The
stream is the workflow's run where the history names it, else `workflow`. What caused an event is
the last earlier event that its attributes name. Payloads are base64 and stay so. Layout read from
histories of Temporal's own user interface.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record
from store.reading.identity import minted_id
from store.reading.inner_records import inner, stated
from store.reading.json_members import members
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.ordered_records import OrderedRecords
from store.reading.signs import UsualKeys, Words
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, rest
from store.words import said

NAME: Final = "temporal"
UNNAMED: Final = "workflow"
_KNOWN: Final = ("eventId", "eventTime", "eventType")
_CAUSE: Final = re.compile(r'"\w+EventId":\s*"(\d+)"')
_RUN: Final = re.compile(r'"(?:originalExecutionRunId|firstExecutionRunId)":\s*"([^"]+)"')


def read(source: Source) -> Iterator[Record]:
    """Every event by its number."""
    by_number = OrderedRecords(source)
    stream = UNNAMED
    for record in records(source):
        try:
            for event in _events(record):
                by_number.add((_number(event), 0, 0), event)
                stream = _run(event) or stream
        except Unusable as reason:
            yield rejected(record, reason)
    yield from stated(by_number.records(), lambda it: _stated(it, stream))


def _events(record: RawRecord) -> Iterator[RawRecord]:
    """Of a history, or the one event that the record is."""
    outer = members_of(record)
    if "eventId" in outer:
        yield record
        return
    within = outer.get("history")
    held = dict(members(within)) if within is not None and within.startswith("{") else outer
    yield from inner(record, held, "events")


def _number(event: RawRecord) -> int:
    digits = members_of(event).get("eventId", "").strip('"')
    return int(digits) if digits.isdigit() and len(digits) < 19 else 0


def _run(event: RawRecord) -> str | None:
    found = _RUN.search(event.text.decode("utf-8", "replace"))
    return None if found is None else f"{UNNAMED}-{found[1]}"


def _stated(record: RawRecord, stream: str) -> StatedEvent:
    event = members_of(record)
    number = _number(record)
    if number < 1:
        raise Unusable(said("the event has no numeric eventId"))
    attributes = next((it for name, it in event.items() if name.endswith("Attributes")), "{}")
    return StatedEvent(
        stream=stream,
        type=_type(fields.required_text(event, "eventType")),
        key=(NAME, stream, number),
        data=attributes,
        metadata=_caused(stream, number, attributes),
        recorded=fields.text(event, "eventTime"),
        version=number,
        cursor=number,
        beyond=_beyond(event),
    )


def _type(text: str) -> str:
    """`EVENT_TYPE_TIMER_FIRED` is `TimerFired`."""
    if not text.startswith("EVENT_TYPE_"):
        return text
    return "".join(it.capitalize() for it in text.removeprefix("EVENT_TYPE_").split("_"))


def _caused(stream: str, number: int, attributes: str) -> dict[str, str]:
    earlier = [
        int(it) for it in _CAUSE.findall(attributes) if len(it) < 19 and 0 < int(it) < number
    ]
    return {"causation_id": quoted(minted_id(NAME, stream, max(earlier)))} if earlier else {}


def _beyond(event: Mapping[str, str]) -> dict[str, str]:
    attributes = next((it for it in event if it.endswith("Attributes")), "")
    return rest(event, *_KNOWN, attributes)


FORMAT: Final = Format(
    name=NAME,
    title=said("Temporal workflow history"),
    suffixes=(".json",),
    signs=(
        UsualKeys(names=("eventId", "eventTime", "eventType"), confidence=0.95),
        Words(names=("events", "eventId", "eventTime", "eventType"), confidence=0.93),
        UsualKeys(names=("history",), confidence=0.88),
    ),
    read=read,
)
