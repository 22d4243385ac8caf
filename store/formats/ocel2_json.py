"""OCEL 2.0 as JSON: one document with object types, event types, objects and events."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from store import json_text
from store.errors import UnreadableSource
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Record, Rejected
from store.reading.json_members import elements, members
from store.reading.json_records import RawRecord, members_of, rejected
from store.reading.json_stream import JsonStream
from store.reading.ocel2_mapping import (
    OcelEvent,
    OcelLog,
    Relation,
    choice_of_leader,
    records_of,
)
from store.reading.ocel2_objects import Change, OcelObjects
from store.reading.signs import OnlyRecord
from store.reading.source import Source

_PARTS: Final = ("objectTypes", "eventTypes", "objects", "events")
_EVENT: Final = frozenset({"id", "type", "time", "attributes", "relationships"})
_TYPED: Final[dict[str, re.Pattern[str]]] = {
    "integer": re.compile(r"-?(?:0|[1-9]\d*)"),
    "float": re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"),
    "boolean": re.compile("true|false"),
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


def _log(source: Source) -> OcelLog:
    found = source.once(_overview)
    return OcelLog(
        objects=found.objects,
        changes=_typed_changes(found),
        single=found.single,
        events=_events(source, found),
    )


def _overview(source: Source) -> _Overview:
    """Raises UnreadableSource when the document is not one JSON object with a list of events."""
    objects = OcelObjects(source.scratch())
    ties: dict[str, Any] = {}
    types: dict[str, list[dict[str, Any]]] = {"objectTypes": [], "eventTypes": []}
    lists, single = 0, None
    document = JsonStream(source.pieces(), source.path)
    for name in document.members():
        if name == "objects" and document.sign() == "[":
            objects.clear()
            ties, single = _take_objects(document, objects), None
        elif name in types:
            types[name] = _list(document.value().text)
        elif name == "events":
            _require_list(document, source)
            lists += 1
            single = _single(_raw(document), objects)  # right if the objects stand before
        else:
            document.skip()
    document.end()
    source.notes |= {**types, "relationships": ties}
    return _Overview(
        objects=objects,
        single=single or _single(_raw_events(source, lists), objects),
        object_attributes=_declared(types["objectTypes"]),
        event_attributes=_declared(types["eventTypes"]),
        lists=lists,
    )


def _require_list(document: JsonStream, source: Source) -> None:
    if document.sign() != "[":
        raise UnreadableSource("the events are not a JSON array", source.path)


def _take_objects(document: JsonStream, objects: OcelObjects) -> dict[str, Any]:
    """Keep every object and its changes; returns how objects relate to one another."""
    ties: dict[str, Any] = {}
    each = (_object(it.text) for it in document.elements())
    for number, one in enumerate((it for it in each if isinstance(it.get("id"), str)), 1):
        objects.add(one["id"], str(one.get("type", "Object")))
        objects.change(_changes(number, one))
        if one.get("relationships"):
            ties[one["id"]] = one["relationships"]
    return ties


def _object(text: bytes) -> dict[str, Any]:
    """An object of the document; empty when it is something else."""
    try:
        found = json_text.decode(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


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


def _single(events: Iterable[RawRecord], objects: OcelObjects) -> dict[str, int]:
    """How many events relate to exactly one object of each type."""
    single = dict.fromkeys(objects.types, 0)
    for event in events:
        try:
            ids = {it.object_id for it in _relations(members_of(event))}
        except Unusable:
            continue
        counts = Counter(filter(None, map(objects.type_of, ids)))
        for name in (it for it, count in counts.items() if count == 1):
            single[name] += 1
    return single


def _events(source: Source, found: _Overview) -> Iterator[OcelEvent | Rejected]:
    for record in _raw_events(source, found.lists):
        try:
            yield _event(record, members_of(record), found.event_attributes)
        except Unusable as reason:
            yield rejected(record, reason)


def _event(record: RawRecord, found: Mapping[str, str], declared: Declared) -> OcelEvent:
    type_ = fields.required_text(found, "type")
    return OcelEvent(
        number=record.number,
        offset=record.offset,
        id=fields.text(found, "id"),
        type=type_,
        time=fields.text(found, "time"),
        attributes=_attributes(found, type_, declared),
        relations=_relations(found),
        extras={name: text for name, text in found.items() if name not in _EVENT},
    )


def _attributes(found: Mapping[str, str], type_: str, declared: Declared) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for one in _members_each(found, "attributes"):
        name = fields.required_text(one, "name")
        attributes[name] = _typed(one.get("value", "null"), declared.get((type_, name), ""))
    return attributes


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
        raise Unusable(f"{name} is not a list of objects") from None


def _changes(number: int, one: Mapping[str, Any]) -> Iterator[Change]:
    """What an object began with and what changed, a change for each time."""
    by_time: dict[str, dict[str, str]] = {}
    attributes = one.get("attributes")
    for it in attributes if isinstance(attributes, list) else []:
        if isinstance(it, dict) and isinstance(it.get("name"), str):
            value = json_text.encode(it.get("value"))
            by_time.setdefault(str(it.get("time")), {})[it["name"]] = value
    for time, changed in by_time.items():
        yield Change(number=number, object_id=one["id"], time=time, attributes=changed)


def _typed_changes(found: _Overview) -> Iterator[Change]:
    """Changes by time; what is declared of attributes may stand behind the objects."""
    declared = found.object_attributes
    for change in found.objects.changes():
        type_ = found.objects.type_of(change.object_id) or ""
        typed = {
            name: _typed(text, declared.get((type_, name), ""))
            for name, text in change.attributes.items()
        }
        yield replace(change, attributes=typed)


def _declared(types: Sequence[Mapping[str, Any]]) -> Declared:
    return {
        (str(it.get("name")), str(attribute.get("name"))): str(attribute.get("type"))
        for it in types
        for attribute in (it.get("attributes") or [])
        if isinstance(attribute, dict)
    }


def _typed(value: str, kind: str) -> str:
    """OCEL writes every value as a string; a declared number or truth value is one here."""
    pattern, inner = _TYPED.get(kind), value[1:-1]
    if pattern and value.startswith('"') and pattern.fullmatch(inner):
        return inner
    return value


FORMAT: Final = Format(
    name="ocel2-json",
    title="OCEL 2.0, JSON",
    suffixes=(".jsonocel", ".ocel2.json", ".json"),
    signs=(
        OnlyRecord(names=_PARTS, at_least=4),
        OnlyRecord(names=_PARTS, at_least=3, confidence=0.95),
        OnlyRecord(names=_PARTS, at_least=2, confidence=0.7),
    ),
    read=read,
    choices=(choice_of_leader(_log),),
)
