"""OCEL 2.0 as JSON: one document with object types, event types, objects and events."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from store import json_text
from store.errors import UnreadableSource
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Choice, Format, Record, Rejected
from store.reading.json_members import elements, members
from store.reading.json_records import RawRecord, members_of, rejected
from store.reading.ocel2_mapping import (
    Change,
    OcelEvent,
    OcelLog,
    Relation,
    choices_of,
    records_of,
)
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


def choices(source: Source) -> tuple[Choice, ...]:
    """Which type of object leads."""
    return choices_of(_log(source))


def _log(source: Source) -> OcelLog:
    """The document. Raises UnreadableSource when it is not one JSON object."""
    parts = _parts(source)
    objects = [it for it in _list(parts, "objects") if isinstance(it.get("id"), str)]
    events = _raw_events(parts, source)
    type_of = {it["id"]: str(it.get("type", "Object")) for it in objects}
    for name in ("objectTypes", "eventTypes"):
        source.notes[name] = _list(parts, name)
    source.notes["relationships"] = {
        it["id"]: it["relationships"] for it in objects if it.get("relationships")
    }
    declared = _declared(_list(parts, "objectTypes"))
    return OcelLog(
        type_of=type_of,
        single=_single(events, type_of),
        changes=[
            it for number, one in enumerate(objects, 1) for it in _changes(number, one, declared)
        ],
        events=_events(events, _declared(_list(parts, "eventTypes")), source),
    )


def _parts(source: Source) -> dict[str, str]:
    try:
        return dict(members(source.whole().decode()))
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} of the document is not valid UTF-8"
        raise UnreadableSource(reason, source.path) from error
    except ValueError as error:
        raise UnreadableSource(f"the document is not JSON ({error})", source.path) from error


def _list(parts: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    """The objects in a list of the document; unknown things in it are left alone."""
    try:
        found = json_text.decode(parts.get(name, "[]"))
    except ValueError:
        return []
    return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []


def _raw_events(parts: Mapping[str, str], source: Source) -> list[RawRecord]:
    try:
        found = elements(parts.get("events", "[]"))
        return [RawRecord(number, -1, it.text.encode()) for number, it in enumerate(found, 1)]
    except ValueError as error:
        raise UnreadableSource("the events are not a JSON array", source.path) from error


def _single(events: Sequence[RawRecord], type_of: Mapping[str, str]) -> dict[str, int]:
    """How many events relate to exactly one object of each type."""
    single = dict.fromkeys(type_of.values(), 0)
    for event in events:
        try:
            ids = {it.object_id for it in _relations(members_of(event))}
        except Unusable:
            continue
        counts = Counter(type_of[it] for it in ids if it in type_of)
        for name in (it for it, count in counts.items() if count == 1):
            single[name] += 1
    return single


def _events(
    events: Sequence[RawRecord], declared: Declared, source: Source
) -> Iterator[OcelEvent | Rejected]:
    for record in events:
        source.reached(record.number, of=len(events))
        try:
            yield _event(record, members_of(record), declared)
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


def _changes(number: int, one: Mapping[str, Any], declared: Declared) -> Iterator[Change]:
    """What an object began with and what changed, a change for each time."""
    by_time: dict[str, dict[str, str]] = {}
    attributes = one.get("attributes")
    for it in attributes if isinstance(attributes, list) else []:
        if isinstance(it, dict) and isinstance(it.get("name"), str):
            value = json_text.encode(it.get("value"))
            kind = declared.get((str(one.get("type")), it["name"]), "")
            by_time.setdefault(str(it.get("time")), {})[it["name"]] = _typed(value, kind)
    for time, changed in by_time.items():
        yield Change(number=number, object_id=one["id"], time=time, attributes=changed)


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
    choices=choices,
)
