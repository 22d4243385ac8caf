"""OCEL 1.0 as XML: a log with events and objects, each a list of typed keys and values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record, Rejected
from store.reading.ocel1 import BEGINNING, without_prefix
from store.reading.ocel2_mapping import (
    OcelEvent,
    OcelLog,
    Relation,
    choice_of_leader,
    records_of,
)
from store.reading.ocel2_objects import OcelObjects
from store.reading.ocel_moments import Moments
from store.reading.ocel_singles import Singles
from store.reading.ocel_values import typed_text
from store.reading.passed_over import PassedOver
from store.reading.signs import Text
from store.reading.source import Source
from store.reading.xml_items import XmlItem, plain, xml_items
from store.words import said

_KINDS: Final = {"int": "integer", "float": "float", "boolean": "boolean"}
_SHOWN: Final = 200  # characters of what is passed over


@dataclass(slots=True, kw_only=True)
class _Overview:
    """What a document says besides its events."""

    objects: OcelObjects
    passed: PassedOver = field(default_factory=PassedOver)
    single: Mapping[str, int] = field(default_factory=dict)


def read(source: Source) -> Iterator[Record]:
    """Every event, and what every object began with."""
    return records_of(_log(source), source)


def _log(source: Source) -> OcelLog:
    found = source.once(_overview)
    return OcelLog(
        objects=found.objects,
        changes=found.objects.changes(),
        single=found.single,
        events=_events(source),
        passed_over=found.passed.records(),
    )


def _overview(source: Source) -> _Overview:
    """Raises UnreadableSource when the document is not well-formed."""
    found = _Overview(objects=OcelObjects(source.scratch()))
    for item in xml_items(source.pieces(), source.path):
        if item.list == "objects":
            _take_object(item, found)
        elif item.list not in ("events", "global"):
            text = said("element {tag!r} in {list!r}", tag=plain(item.element.tag), list=item.list)
            found.passed.add("other_rows", text[:_SHOWN])
    singles = Singles(found.objects)
    for item in xml_items(source.pieces(), source.path):
        if item.list == "events":
            singles.add({it.get("value", "") for it in _list(item.element, "omap")})
    found.single = singles.counts()
    return found


def _take_object(item: XmlItem, found: _Overview) -> None:
    stated = _texts(item.element)
    id_ = stated.get("id")
    if not id_:
        found.passed.add("other_rows", said("an object without an id"), line=item.number)
        return
    if not found.objects.add(id_, stated.get("type", "Object")):
        found.passed.add(
            "other_rows", said("object {id_!r} occurs twice", id_=id_)[:_SHOWN], line=item.number
        )
    moments = Moments(number=item.number, object_id=id_)
    for it in _list(item.element, "ovmap"):
        moments.set(BEGINNING, it.get("key", ""), _value(it))
    found.objects.change(moments.changes())


def _events(source: Source) -> Iterator[OcelEvent | Rejected]:
    for item in xml_items(source.pieces(), source.path):
        if item.list == "events":
            try:
                yield _event(item)
            except Unusable as reason:
                stated = _texts(item.element)
                shown = f"{stated.get('id')}: {stated.get('activity')}"[:_SHOWN]
                yield Rejected(line=item.number, reason=str(reason), excerpt=shown)


def _event(item: XmlItem) -> OcelEvent:
    stated = _texts(item.element)
    attributes: dict[str, str] = {}
    earlier: dict[str, list[str]] = {}
    for it in _list(item.element, "vmap"):
        key = it.get("key")
        if not key:
            raise Unusable(said("an attribute has no key"))
        if key in attributes:
            earlier.setdefault(key, []).append(attributes[key])
        attributes[key] = _value(it)
    known = ("id", "activity", "timestamp")
    return OcelEvent(
        number=item.number,
        offset=-1,
        id=stated.get("id"),
        type=stated.get("activity", ""),
        time=stated.get("timestamp"),
        attributes=attributes,
        relations=[
            Relation(object_id=it.get("value", ""), qualifier=None)
            for it in _list(item.element, "omap")
        ],
        extras={name: quoted(text) for name, text in stated.items() if name not in known},
        repeated={key: f"[{','.join(values)}]" for key, values in earlier.items()},
    )


def _texts(element: Element) -> dict[str, str]:
    """The plain values of an event or object, by their keys."""
    keys = ((without_prefix(it.get("key", "")), it.get("value")) for it in element)
    return {key: value for key, value in keys if value is not None}


def _list(element: Element, key: str) -> Iterator[Element]:
    """The values in a list of an event or object."""
    for it in element:
        if without_prefix(it.get("key", "")) == key:
            yield from it


def _value(element: Element) -> str:
    kind = _KINDS.get(plain(element.tag), "")
    return typed_text(element.get("value", ""), kind)


FORMAT: Final = Format(
    name="ocel1-xml",
    title=said("OCEL 1.0, XML"),
    suffixes=(".xmlocel", ".xml"),
    signs=(
        Text(
            starts=(b"<?xml", b"<log", b"<!DOCTYPE"),
            holds=(b"<log", b'<global scope="', b"<events"),
            confidence=0.92,
        ),
    ),
    read=read,
    choices=(choice_of_leader(_log),),
)
