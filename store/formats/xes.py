"""XES, the log format of process mining (IEEE 1849): traces of events with typed attributes.

A trace is a stream, named by its `concept:name`; an event's type is its `concept:name`, with its
`lifecycle:transition` where there is one. Every other attribute is data, a nested one an object
with its `value`. What a trace says of itself stands beside its first event. Events of all traces
come in by time; one without a time stays behind the event before it. Times have milliseconds at
most.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from store import json_text
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record
from store.reading.inner_records import stated
from store.reading.json_members import is_value, json_object
from store.reading.json_records import RawRecord, members_of
from store.reading.ordered_records import OrderedRecords
from store.reading.signs import Text
from store.reading.source import Source
from store.reading.stated_event import StatedEvent
from store.reading.xml_stream import XmlEvent, xml_events

NAME: Final = "xes"
UNNAMED: Final = "trace"
UNTYPED: Final = "Event"
NAME_KEY, TIME_KEY, ID_KEY = "concept:name", "time:timestamp", "identity:id"
STEP_KEY, USER_KEY = "lifecycle:transition", "org:resource"
_TYPES: Final = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})
_HELD: Final = (NAME_KEY, TIME_KEY, ID_KEY, STEP_KEY, USER_KEY)


def read(source: Source) -> Iterator[Record]:
    """Every event by time."""
    by_time = OrderedRecords(source)
    for trace in _Traces(xml_events(source.pieces(), source.path)):
        for record, at in trace:
            by_time.add((at, 0, 0), record)
    yield from stated(by_time.records(), _stated)


class _Traces:
    """The traces of a document, each as its events in JSON of our own, with their times."""

    def __init__(self, events: Iterator[XmlEvent]) -> None:
        self._events = events
        self._count = self._number = 0

    def __iter__(self) -> Iterator[Iterator[tuple[RawRecord, int]]]:
        for event in self._events:
            if event.kind == "start" and event.name == "trace":
                self._count += 1
                yield self._of_trace()

    def _of_trace(self) -> Iterator[tuple[RawRecord, int]]:
        about: dict[str, str] = {}
        at, place = 0, 0
        for event in self._events:
            if event.kind == "end" and event.name == "trace":
                return
            if event.kind == "start" and event.name == "event":
                said, place, self._number = self._inside("event"), place + 1, self._number + 1
                at = _time_us(said) or at
                whole = {"stream": quoted(self._stream(about)), "place": str(place)}
                whole["event"] = json_object(said)
                if about and place == 1:
                    whole["trace"] = json_object(about)
                text = json_object(whole).encode("utf-8", "surrogatepass")
                yield RawRecord(self._number, event.offset, text), at
            elif event.kind == "start" and event.name in _TYPES:
                self._take(event, about)
        raise AssertionError("a document that ends within a trace is not well-formed")

    def _stream(self, about: Mapping[str, str]) -> str:
        name = fields.text(about, NAME_KEY) if about.get(NAME_KEY, "").startswith('"') else None
        return name or f"{UNNAMED}-{self._count}"

    def _inside(self, name: str) -> dict[str, str]:
        """The attributes up to the end of an element, by their keys."""
        found: dict[str, str] = {}
        for event in self._events:
            if event.kind == "end" and event.name == name:
                return found
            if event.kind == "start":
                self._take(event, found)
        return found

    def _take(self, event: XmlEvent, into: dict[str, str]) -> None:
        """One attribute with what is nested in it; of a key that stands twice the last one."""
        nested = self._inside(event.name)
        if event.name == "values":  # of a list: its items
            into.update(nested)
            return
        if event.name not in _TYPES:
            return
        value = _value(event)
        if nested:
            whole = nested if value is None else {"value": value, **nested}
            value = json_object(whole)
        into[event.attributes.get("key", event.name)] = value or "{}"


def _value(event: XmlEvent) -> str | None:
    """The JSON of a plain attribute; None of a list or container. A number that is none is text."""
    text = event.attributes.get("value")
    if text is None or event.name in ("list", "container"):
        return None
    is_number = event.name in ("int", "float") and is_value(text) and text[:1] in "-0123456789"
    if is_number or (event.name == "boolean" and text in ("true", "false")):
        return text
    return json_text.encode(text)


def _time_us(said: Mapping[str, str]) -> int | None:
    """When an event happened, to be put in order; what is no time is found out later."""
    try:
        text = fields.text(said, TIME_KEY)
        return None if text is None else fields.moment(text, TIME_KEY).at_us
    except Unusable:
        return None


def _stated(record: RawRecord) -> StatedEvent:
    whole = members_of(record)
    stream, place = fields.required_text(whole, "stream"), int(whole["place"])
    said = members_of(RawRecord(record.number, record.offset, whole["event"].encode()))
    step = _text(said, STEP_KEY)
    type_, user = _text(said, NAME_KEY) or UNTYPED, _text(said, USER_KEY)
    held = {name for name in _HELD if said.get(name, "").startswith('"')}
    return StatedEvent(
        stream=stream,
        type=f"{type_}:{step}" if step else type_,
        id=_text(said, ID_KEY),
        key=(NAME, stream, place),
        data=json_object({name: text for name, text in said.items() if name not in held}),
        metadata={"user": quoted(user)} if user else {},
        occurred=_text(said, TIME_KEY),
        beyond={"trace": whole["trace"]} if "trace" in whole else {},
    )


def _text(said: Mapping[str, str], name: str) -> str | None:
    """An attribute that is a text; another one stays data."""
    return fields.text(said, name) if said.get(name, "").startswith('"') else None


FORMAT: Final = Format(
    name=NAME,
    title="XES event log",
    suffixes=(".xes",),
    signs=(
        Text(
            starts=(b"<?xml", b"<log", b"<!DOCTYPE"),
            holds=(b"<log",),
            holds_any=(b"<trace", b"xes"),
            confidence=0.91,
        ),
    ),
    read=read,
)
