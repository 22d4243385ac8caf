"""XES, the log format of process mining (IEEE 1849): traces of events with typed attributes.

A trace is a stream, named by its `concept:name`, and events in no trace are one. An event's type is
its `concept:name`, with its `lifecycle:transition` where there is one. Every other attribute is
data, a nested one an object with its `value`. What a trace says of itself stands beside its first
event. Events of all traces come in by time; one without a time stays behind the event before it.
Times have milliseconds at most. Events that we wrote come back as they were, in the order of their
positions.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from store.reading import fields
from store.reading.carried import CARRIED, position_of, restored
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Incoming, Record, Rejected
from store.reading.json_members import json_object
from store.reading.json_records import RawRecord
from store.reading.ocel_values import typed_text
from store.reading.ordered_events import OrderedEvents
from store.reading.remarks import Remark
from store.reading.signs import Text
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.reading.xes_write import ID_KEY, NAME_KEY, STEP_KEY, TIME_KEY, USER_KEY, write
from store.reading.xml_items import XmlItem, plain, xml_items
from store.times import Moment, parse_moment
from store.words import said

NAME: Final = "xes"
UNNAMED: Final = "trace"
UNTRACED: Final = "log"  # the stream of events that stand in no trace
UNTYPED: Final = "Event"
NAMESPACE: Final = "http://www.xes-standard.org/"
_KINDS: Final = {
    **dict.fromkeys(("string", "date", "id", "list", "container"), "string"),
    "int": "integer",
    "float": "float",
    "boolean": "boolean",
}
_NESTED: Final = frozenset({"list", "container"})
_PLAIN: Final = {name: kind for name, kind in _KINDS.items() if name not in _NESTED} | {
    f"{{{NAMESPACE}}}{name}": kind for name, kind in _KINDS.items() if name not in _NESTED
}
_HELD: Final = (NAME_KEY, TIME_KEY, ID_KEY, STEP_KEY, USER_KEY)
_OURS: Final = -(2**62)  # events that we wrote come first, by their positions
_SHOWN: Final = 200  # characters of what is rejected


def read(source: Source) -> Iterator[Record]:
    """Every event by time."""
    by_time, loose = OrderedEvents(source), _Trace(UNTRACED)
    trace, opened, traces, number = loose, 0, 0, 0
    for item in _items(source):
        if item.list == "trace" and item.parent != opened:
            opened, traces = item.parent, traces + 1
            trace = _Trace(f"{UNNAMED}-{traces}")
        if plain(item.element.tag) == "event":
            number += 1
            by_time.add(*(trace if item.list == "trace" else loose).event(item, number))
        else:
            trace.take(item.element)
    yield from by_time.records()


def _items(source: Source) -> Iterator[XmlItem]:
    """What stands in traces, and events that stand in none, each as one item."""
    whole: XmlItem | None = None
    for item in xml_items(source.pieces(), source.path):
        if whole is not None and item.parent != whole.parent:
            yield whole
            whole = None
        if item.list == "trace":
            yield item
        elif item.list == "event":
            whole = whole or item._replace(element=Element("event"))
            whole.element.append(item.element)
    if whole is not None:
        yield whole


class _Trace:
    """One trace while its events come."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._about: dict[str, str] = {}
        self._place = 0
        self._at = 0  # when the event before happened

    def take(self, element: Element) -> None:
        """What the trace says of itself."""
        if not self._place:
            _take(element, self._about, {})
            self._name = _text(self._about, NAME_KEY) or self._name

    def event(self, item: XmlItem, number: int) -> tuple[int, Incoming | Rejected]:
        """One event, behind its key for the order."""
        self._place += 1
        stated: dict[str, str] = {}
        earlier: dict[str, list[str]] = {}
        _take_all(item.element, stated, earlier)
        if CARRIED in stated and (position := position_of(stated)) is not None:
            type_, id_ = _text(stated, NAME_KEY) or "", _text(stated, ID_KEY)
            left = {name: it for name, it in stated.items() if name not in _HELD}
            ours = restored(left, id_=id_, type_=type_, line=number)
            if ours is not None:
                return _OURS + position, ours
        time = _text(stated, TIME_KEY)
        self._at = _time_us(time, self._at)
        try:
            return self._at, self._incoming(stated, earlier, time, number)
        except Unusable as reason:
            shown = json_object(stated)[:_SHOWN]
            return self._at, Rejected(line=number, reason=str(reason), excerpt=shown)

    def _incoming(
        self,
        stated: Mapping[str, str],
        earlier: Mapping[str, list[str]],
        time: str | None,
        number: int,
    ) -> Incoming:
        step, user = _text(stated, STEP_KEY), _text(stated, USER_KEY)
        type_ = _text(stated, NAME_KEY) or UNTYPED
        held = {name for name in _HELD if stated.get(name, "")[:1] == '"'}
        beyond = {"trace": json_object(self._about)} if self._about and self._place == 1 else {}
        if earlier:
            repeated = {name: f"[{','.join(it)}]" for name, it in earlier.items()}
            beyond["extras"] = f'{{"repeated":{json_object(repeated)}}}'
        data = json_object({name: text for name, text in stated.items() if name not in held})
        event = StatedEvent(
            stream=self._name,
            type=f"{type_}:{step}" if step else type_,
            id=_text(stated, ID_KEY),
            key=(NAME, self._name, self._place),
            data=data,
            metadata={"user": quoted(user)} if user else {},
            occurred=time,
            beyond=beyond,
            has_unique_keys=data.count("{") == 1,  # no value is an object
            remarks=tuple([_repeated(number, name) for name in earlier]),
        )
        return incoming(RawRecord(number, -1, b""), event)


def _repeated(number: int, name: str) -> Remark:
    text = said(
        "event {number}: {name!r} occurs twice, the last one counts", number=number, name=name
    )
    return Remark(kind="repeated_attributes", text=text)


def _take_all(element: Element, into: dict[str, str], earlier: dict[str, list[str]]) -> None:
    """Every attribute of an event; most are a text, or a number, with nothing in it."""
    for part in element:
        kind, key, text = _PLAIN.get(part.tag), part.get("key"), part.get("value")
        if kind is None or not key or text is None or key in into or len(part):
            _take(part, into, earlier)
        else:
            into[key] = quoted(text) if kind == "string" else typed_text(text, kind)


def _take(element: Element, into: dict[str, str], earlier: dict[str, list[str]]) -> None:
    """One attribute with what is nested in it; of a key that stands twice the last one counts."""
    tag = element.tag
    kind = _KINDS.get(tag) or _KINDS.get(plain(tag))
    if kind is None:
        if plain(tag) == "values":  # of a list: its items
            for part in element:
                _take(part, into, earlier)
        return
    key, text = element.get("key") or plain(tag), element.get("value")
    is_value = text is not None and plain(tag) not in _NESTED
    value = typed_text(text or "", kind) if is_value else None
    if len(element):
        nested: dict[str, str] = {} if value is None else {"value": value}
        for part in element:
            _take(part, nested, {})
        value = json_object(nested) if nested else value
    if key in into:
        earlier.setdefault(key, []).append(into[key])
    into[key] = value or "{}"


def _time_us(time: str | None, before: int) -> int:
    """When an event happened, to be put in order; what is no time is found out later."""
    if time is None:
        return before
    try:
        found: Moment = parse_moment(time)
    except (ValueError, OverflowError):
        return before
    return found.at_us or before


def _text(stated: Mapping[str, str], name: str) -> str | None:
    """An attribute that is a text; another one stays data."""
    text = stated.get(name, "")
    if text[:1] != '"':
        return None
    # Without a backslash it stands for itself; what is no text for UTF-8 has one.
    return fields.text(stated, name) if "\\" in text else text[1:-1] or None


FORMAT: Final = Format(
    name=NAME,
    title=said("XES event log"),
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
    write=write,
)
