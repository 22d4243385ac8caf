"""OCEL 2.0 as JSON: one document with object types, event types, objects and events."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from store import json_text
from store.by_weight import by_weight
from store.errors import UnreadableSource
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Record, Rejected
from store.reading.json_members import elements, members
from store.reading.json_records import RawRecord, members_of, rejected, remarks_on_names
from store.reading.json_stream import JsonStream
from store.reading.ocel2_json_event import usual_event, usual_ties
from store.reading.ocel2_json_objects import take_objects
from store.reading.ocel2_mapping import (
    AT_ONCE,
    OcelEvent,
    OcelLog,
    Relation,
    choice_of_leader,
    records_of,
)
from store.reading.ocel2_objects import OcelObjects
from store.reading.ocel_singles import Singles
from store.reading.ocel_values import typed_json
from store.reading.ocel_write import write_json
from store.reading.passed_over import PassedOver
from store.reading.signs import OnlyRecord
from store.reading.source import Source
from store.words import said

_PARTS: Final = ("objectTypes", "eventTypes", "objects", "events")
_EVENT: Final = frozenset({"id", "type", "time", "attributes", "relationships"})
_ELEMENTS: Final = {
    "attributes": frozenset({"name", "value"}),
    "relationships": frozenset({"objectId", "qualifier"}),
}
Declared: TypeAlias = Mapping[tuple[str, str], str]  # (type, attribute) → its type


def read(source: Source) -> Iterator[Record]:
    """Every event and every change of an object."""
    return records_of(_log(source), source)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overview:
    """What a document says besides its events, and where these stand."""

    objects: OcelObjects
    single: Mapping[str, int]
    object_attributes: Declared
    event_attributes: Declared
    lists: int  # members named events: the last one counts
    passed: PassedOver


def _log(source: Source) -> OcelLog:
    found = source.once(_overview)
    return OcelLog(
        objects=found.objects,
        changes=found.objects.typed_changes(found.object_attributes),
        single=found.single,
        events=_events(source, found),
        passed_over=found.passed.records(),
    )


def _overview(source: Source) -> _Overview:
    """Raises UnreadableSource when the document is not one JSON object with a list of events."""
    objects, passed = OcelObjects(source.scratch()), PassedOver()
    ties: dict[str, Any] = {}
    types: dict[str, list[dict[str, Any]]] = {"objectTypes": [], "eventTypes": []}
    lists, single, numbered = 0, None, _Numbered()
    document = JsonStream(source.pieces(), source.path)
    for name in document.members():
        if name == "objects" and document.sign() == "[":
            objects.clear()
            ties, single = take_objects(document, objects, passed), None
        elif name in types:
            types[name] = _list(document.value().text)
        elif name == "events":
            _require_list(document, source)
            lists += 1
            numbered.tell_earlier(passed)
            single = _single(numbered.each(_raw(document)), objects)  # if the objects stand before
        else:
            passed.add("other_rows", said("member {name!r} of the document", name=name)[:200])
            document.skip()
    document.end()
    source.notes |= {**types, "relationships": ties}
    return _Overview(
        objects=objects,
        single=single or _single(_raw_events(source, lists), objects),
        object_attributes=_declared(types["objectTypes"]),
        event_attributes=_declared(types["eventTypes"]),
        lists=lists,
        passed=passed,
    )


class _Numbered:
    """Counts the events of a list: of several lists the last one is read, the others are told."""

    def __init__(self) -> None:
        self._count = 0

    def each(self, events: Iterable[RawRecord]) -> Iterator[RawRecord]:
        """The events, counted."""
        for it in events:
            self._count = it.number
            yield it

    def tell_earlier(self, passed: PassedOver) -> None:
        """Another list comes."""
        if self._count:
            text = said("an earlier list of {count:,} events", count=self._count)
            passed.add("other_rows", text, count=self._count)
        self._count = 0


def _require_list(document: JsonStream, source: Source) -> None:
    if document.sign() != "[":
        raise UnreadableSource(said("the events are not a JSON array"), source.path)


def _list(text: bytes) -> list[dict[str, Any]]:
    """The objects in a list of the document; unknown things in it are left alone."""
    try:
        found = json_text.decode(text)
    except ValueError:
        return []
    return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []


def _raw_events(source: Source, lists: int) -> Iterator[RawRecord]:
    """The elements of the last of so many lists of events."""
    document = JsonStream(source.pieces(), source.path)
    for name in document.members():
        lists -= name == "events"
        if name == "events" and not lists:
            yield from _raw(document)
            return
        document.skip()


def _raw(document: JsonStream) -> Iterator[RawRecord]:
    for number, (offset, text) in enumerate(document.elements(), 1):
        yield RawRecord(number, offset, text)


def _single(events: Iterator[RawRecord], objects: OcelObjects) -> dict[str, int]:
    """How many events relate to exactly one object of each type."""
    singles = Singles(objects)
    for some in by_weight(events, lambda it: len(it.text), most=AT_ONCE):
        each = [ids for ids in map(_tied, some) if ids is not None]
        objects.look_up(id_ for ids in each for id_ in ids)
        for ids in each:
            singles.add(ids)
    return singles.counts()


def _tied(event: RawRecord) -> Collection[str] | None:
    """The objects of an event, each once; None where that cannot be told."""
    ids = usual_ties(event)
    try:
        return {it.object_id for it in _relations(members_of(event))} if ids is None else ids
    except Unusable:
        return None


def _events(source: Source, found: _Overview) -> Iterator[OcelEvent | Rejected]:
    for record in _raw_events(source, found.lists):
        try:
            usual = usual_event(record, found.event_attributes)
            yield usual or _event(record, members_of(record), found.event_attributes)
        except Unusable as reason:
            yield rejected(record, reason)


def _event(record: RawRecord, found: Mapping[str, str], declared: Declared) -> OcelEvent:
    type_ = fields.required_text(found, "type")
    attributes, repeated = _attributes(found, type_, declared)
    return OcelEvent(
        number=record.number,
        offset=record.offset,
        id=fields.text(found, "id"),
        type=type_,
        time=fields.text(found, "time"),
        attributes=attributes,
        relations=_relations(found),
        extras=_extras(found),
        repeated=repeated,
        remarks=remarks_on_names(record),
    )


def _attributes(
    found: Mapping[str, str], type_: str, declared: Declared
) -> tuple[dict[str, str], dict[str, str]]:
    """Values by name, the last one of each; and the earlier ones of a name, as a JSON array."""
    attributes: dict[str, str] = {}
    earlier: dict[str, list[str]] = {}
    for one in _members_each(found, "attributes"):
        name = fields.required_text(one, "name")
        if name in attributes:
            earlier.setdefault(name, []).append(attributes[name])
        attributes[name] = typed_json(one.get("value", "null"), declared.get((type_, name), ""))
    return attributes, {name: f"[{','.join(values)}]" for name, values in earlier.items()}


def _extras(found: Mapping[str, str]) -> dict[str, str]:
    """Members that mean nothing here; a list of which an element has such members, as it is."""
    extras = {name: text for name, text in found.items() if name not in _EVENT}
    for name, known in _ELEMENTS.items():
        if any(it.keys() - known for it in _members_each(found, name)):
            extras[name] = found[name]
    return extras


def _relations(found: Mapping[str, str]) -> list[Relation]:
    each = _members_each(found, "relationships")
    return [
        Relation(
            object_id=fields.required_text(it, "objectId"), qualifier=fields.text(it, "qualifier")
        )
        for it in each
    ]


def _members_each(found: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """The objects of a list in an event, each with the texts of its members."""
    text = found.get(name, "null")
    try:
        return [] if text == "null" else [dict(members(it.text)) for it in elements(text)]
    except ValueError:
        raise Unusable(said("{name} is not a list of objects", name=name)) from None


def _declared(types: Sequence[Mapping[str, Any]]) -> Declared:
    lists = [(str(it.get("name")), it.get("attributes")) for it in types]
    return {
        (name, str(attribute.get("name"))): str(attribute.get("type"))
        for name, attributes in lists
        for attribute in (attributes if isinstance(attributes, list) else ())
        if isinstance(attribute, dict)
    }


FORMAT: Final = Format(
    name="ocel2-json",
    title=said("OCEL 2.0, JSON"),
    suffixes=(".jsonocel", ".ocel2.json", ".json"),
    signs=(
        OnlyRecord(names=_PARTS, at_least=4),
        OnlyRecord(names=_PARTS, at_least=3, confidence=0.95),
        OnlyRecord(names=_PARTS, at_least=2, confidence=0.7),
    ),
    read=read,
    write=write_json,
    choices=(choice_of_leader(_log),),
)
