"""OCEL 2.0 as XML: a log with object types, event types, objects and events, in any order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record, Rejected
from store.reading.json_members import json_object
from store.reading.ocel2_mapping import (
    OcelEvent,
    OcelLog,
    Relation,
    choice_of_leader,
    records_of,
)
from store.reading.ocel2_objects import Change, OcelObjects
from store.reading.ocel_moments import Moments
from store.reading.ocel_singles import Singles
from store.reading.ocel_ties import Ties
from store.reading.ocel_values import typed_text
from store.reading.ocel_write import write_xml
from store.reading.passed_over import PassedOver
from store.reading.signs import Text
from store.reading.source import Source
from store.reading.xml_items import XmlItem, plain, xml_items
from store.words import said

_TIES: Final = frozenset({"relationship", "object"})  # by the examples and by the schema
_SHOWN: Final = 200  # characters of what is passed over


@dataclass(slots=True, kw_only=True)
class _Overview:
    """What a document says besides its events."""

    objects: OcelObjects
    passed: PassedOver = field(default_factory=PassedOver)
    ties: Ties = field(default_factory=Ties)
    single: Mapping[str, int] = field(default_factory=dict)
    # (type, attribute) → its type, of objects and of events
    declared: dict[str, dict[tuple[str, str], str]] = field(
        default_factory=lambda: {"object-types": {}, "event-types": {}}
    )


def read(source: Source) -> Iterator[Record]:
    """Every event and every change of an object."""
    return records_of(_log(source), source)


def _log(source: Source) -> OcelLog:
    found = source.once(_overview)
    return OcelLog(
        objects=found.objects,
        changes=_typed_changes(found),
        single=found.single,
        events=_events(source, found),
        passed_over=found.passed.records(),
    )


def _overview(source: Source) -> _Overview:
    """Raises UnreadableSource when the document is not well-formed."""
    found = _Overview(objects=OcelObjects(source.scratch()))
    singles = Singles(found.objects)
    for item in xml_items(source.pieces(), source.path):
        if item.list == "events":
            singles.add(_related_ids(item.element))
        elif item.list == "objects" and plain(item.element.tag) == "object":
            singles.add_object()
            _take_object(item, found)
        elif item.list in found.declared:
            _declare(item.element, found.declared[item.list])
        else:
            text = said("element {tag!r} in {list!r}", tag=plain(item.element.tag), list=item.list)
            found.passed.add("other_rows", text[:_SHOWN])
    if singles.is_early:  # objects stand behind events: only now is it known what they are
        singles = Singles(found.objects)
        for item in xml_items(source.pieces(), source.path):
            if item.list == "events":
                singles.add(_related_ids(item.element))
    found.single = singles.counts()
    found.ties.note(source, found.passed)
    return found


def _take_object(item: XmlItem, found: _Overview) -> None:
    element = item.element
    id_, type_ = element.get("id"), element.get("type", "Object")
    if not id_:
        text = said("an object without an id, of type {type_!r}", type_=type_)
        found.passed.add("other_rows", text[:_SHOWN], line=item.number)
        return
    if not found.objects.add(id_, type_):
        found.passed.add(
            "other_rows", said("object {id_!r} occurs twice", id_=id_)[:_SHOWN], line=item.number
        )
    moments = Moments(number=item.number, object_id=id_)
    for part in element:
        name = plain(part.tag)
        if name == "attributes":
            for one in part:
                moments.set(one.get("time", ""), one.get("name", ""), quoted(one.text or ""))
        elif name == "objects":
            for tie in part:
                found.ties.add(id_, tie.get("object-id", ""), tie.get("qualifier"))
        else:
            text = said("object {id_!r}, element {name!r}", id_=id_, name=name)
            found.passed.add("other_rows", text[:_SHOWN], line=item.number)
    found.objects.change(moments.changes())


def _declare(element: Element, declared: dict[tuple[str, str], str]) -> None:
    type_ = element.get("name", "")
    for attribute in element.iter():
        if plain(attribute.tag) == "attribute":
            declared[type_, attribute.get("name", "")] = attribute.get("type", "")


def _typed_changes(found: _Overview) -> Iterator[Change]:
    """Changes by time; what is declared of attributes may stand behind the objects."""
    return found.objects.typed_changes(found.declared["object-types"])


def _events(source: Source, found: _Overview) -> Iterator[OcelEvent | Rejected]:
    for item in xml_items(source.pieces(), source.path):
        if item.list == "events":
            try:
                yield _event(item, found.declared["event-types"])
            except Unusable as reason:
                shown = f"{item.element.get('id')}: {item.element.get('type')}"[:_SHOWN]
                yield Rejected(line=item.number, reason=str(reason), excerpt=shown)


def _event(item: XmlItem, declared: Mapping[tuple[str, str], str]) -> OcelEvent:
    element = item.element
    if plain(element.tag) != "event":
        raise Unusable(said("expected an event, found element {tag!r}", tag=plain(element.tag)))
    type_ = element.get("type", "")
    attributes: dict[str, str] = {}
    earlier: dict[str, list[str]] = {}
    relations: list[Relation] = []
    extras: dict[str, str] = {}
    for part in element:
        name = plain(part.tag)
        if name == "attributes":
            for one in part:
                key = one.get("name")
                if not key:
                    raise Unusable(said("an attribute has no name"))
                if key in attributes:
                    earlier.setdefault(key, []).append(attributes[key])
                attributes[key] = typed_text(one.text or "", declared.get((type_, key), ""))
        elif name == "objects":
            relations += [_relation(it) for it in part if plain(it.tag) in _TIES]
        else:
            extras[name] = _as_json(part)
    return OcelEvent(
        number=item.number,
        offset=-1,
        id=element.get("id"),
        type=type_,
        time=element.get("time"),
        attributes=attributes,
        relations=relations,
        extras=extras,
        repeated={key: f"[{','.join(values)}]" for key, values in earlier.items()},
    )


def _relation(element: Element) -> Relation:
    id_ = element.get("object-id")
    if not id_:
        raise Unusable(said("a relation of the event has no object-id"))
    return Relation(object_id=id_, qualifier=element.get("qualifier"))


def _related_ids(element: Element) -> set[str]:
    found = (part for part in element if plain(part.tag) == "objects")
    return {tie.get("object-id", "") for part in found for tie in part}


def _as_json(element: Element) -> str:
    """An element that means nothing here: what it says, without its order."""
    stated = {name: quoted(value) for name, value in element.attrib.items()}
    if element.text and element.text.strip():
        stated["text"] = quoted(element.text)
    within: dict[str, list[str]] = {}
    for part in element:
        within.setdefault(plain(part.tag), []).append(_as_json(part))
    return json_object(stated | {name: f"[{','.join(it)}]" for name, it in within.items()})


FORMAT: Final = Format(
    name="ocel2-xml",
    title=said("OCEL 2.0, XML"),
    suffixes=(".xmlocel", ".ocel2.xml", ".xml"),
    signs=(
        Text(
            starts=(b"<?xml", b"<log", b"<!DOCTYPE"),
            holds_any=(b"<object-types", b"<event-types"),
            confidence=0.93,
        ),
    ),
    read=read,
    write=write_xml,
    choices=(choice_of_leader(_log),),
)
