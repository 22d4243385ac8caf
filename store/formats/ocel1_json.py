"""OCEL 1.0 as JSON: one document with events and objects, each by its id.

What pm4py adds is read as well: qualifiers, relations of objects, and how objects changed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from store.errors import UnreadableSource
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Record, Rejected
from store.reading.json_members import elements, members
from store.reading.json_records import RawRecord, members_of, rejected, remarks_on_names
from store.reading.json_stream import JsonStream
from store.reading.ocel1 import BEGINNING, plain_members, without_prefix
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
from store.reading.ocel_ties import Ties
from store.reading.passed_over import PassedOver
from store.reading.signs import OnlyRecord, UsualKeys
from store.reading.source import Source
from store.words import said

_NAMES: Final = (
    *("ocel:events", "ocel:objects"),
    *("ocel:global-log", "ocel:global-event", "ocel:global-object"),
)
_NO_EVENTS: Final = frozenset(
    {"global-log", "global-event", "global-object", "eventTypes", "objectTypes"}
)
_EVENT: Final = frozenset({"activity", "timestamp", "omap", "vmap", "typedOmap"})
_CHANGE: Final = frozenset({"oid", "type", "field", "timestamp"})
_SHOWN: Final = 200  # characters of what is passed over


@dataclass(slots=True, kw_only=True)
class _Overview:
    """What a document says besides its events."""

    objects: OcelObjects
    passed: PassedOver = field(default_factory=PassedOver)
    ties: Ties = field(default_factory=Ties)
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
    """Raises UnreadableSource when the document is not one JSON object."""
    found = _Overview(objects=OcelObjects(source.scratch()))
    document = JsonStream(source.pieces(), source.path)
    for name in map(without_prefix, document.members()):
        if name == "objects" and document.sign() == "{":
            _take_objects(document, found)
        elif name == "objectChanges" and document.sign() == "[":
            _take_changes(document, found)
        elif name == "events" or name in _NO_EVENTS:
            document.skip()
        else:
            found.passed.add(
                "other_rows", said("member {name!r} of the document", name=name)[:_SHOWN]
            )
            document.skip()
    document.end()
    singles = Singles(found.objects)
    for _, event in _raw_events(source):
        singles.add(_related_ids(event))
    found.single = singles.counts()
    found.ties.note(source, found.passed)
    return found


def _take_objects(document: JsonStream, found: _Overview) -> None:
    for number, id_ in enumerate(document.members(), 1):
        raw = RawRecord(number, *document.value())
        try:
            _take_object(raw, id_, found)
        except Unusable as reason:
            found.passed.add(
                "other_rows",
                said("object {id_!r}: {reason}", id_=id_, reason=reason)[:_SHOWN],
                line=number,
            )


def _take_object(raw: RawRecord, id_: str, found: _Overview) -> None:
    stated = plain_members(members_of(raw))
    moments = Moments(number=raw.number, object_id=id_)
    for name, value in _members(stated, "ovmap").items():
        moments.set(BEGINNING, name, value)
    ties = [plain_members(it) for it in _objects(stated, "o2o")]
    if not found.objects.add(id_, fields.text(stated, "type") or "Object"):
        found.passed.add(
            "other_rows", said("object {id_!r} occurs twice", id_=id_)[:_SHOWN], line=raw.number
        )
    found.objects.change(moments.changes())
    for it in ties:
        found.ties.add(id_, fields.required_text(it, "oid"), fields.text(it, "qualifier"))


def _take_changes(document: JsonStream, found: _Overview) -> None:
    """A list that only pm4py writes: one field of one object, from a time on."""
    for number, (offset, text) in enumerate(document.elements(), 1):
        try:
            stated = plain_members(members_of(RawRecord(number, offset, text)))
            moments = Moments(number=number, object_id=fields.required_text(stated, "oid"))
            time = fields.required_text(stated, "timestamp")
            for name in stated.keys() - _CHANGE:
                moments.set(time, name, stated[name])
            found.objects.change(moments.changes())
        except Unusable as reason:
            found.passed.add(
                "other_rows",
                said("change {number}: {reason}", number=number, reason=reason)[:_SHOWN],
                line=number,
            )


def _raw_events(source: Source) -> Iterator[tuple[str, RawRecord]]:
    """Each event with its id, of all members that are named events."""
    document, number = JsonStream(source.pieces(), source.path), 0
    for name in map(without_prefix, document.members()):
        if name != "events":
            document.skip()
            continue
        if document.sign() != "{":
            raise UnreadableSource(said("the events are not a JSON object"), source.path)
        for id_ in document.members():
            number += 1
            yield id_, RawRecord(number, *document.value())


def _events(source: Source) -> Iterator[OcelEvent | Rejected]:
    for id_, record in _raw_events(source):
        try:
            yield _event(id_, record)
        except Unusable as reason:
            yield rejected(record, reason)


def _event(id_: str, record: RawRecord) -> OcelEvent:
    stated = plain_members(members_of(record))
    return OcelEvent(
        number=record.number,
        offset=record.offset,
        id=id_,
        type=fields.required_text(stated, "activity"),
        time=fields.text(stated, "timestamp"),
        attributes=_members(stated, "vmap"),
        relations=_relations(stated),
        extras={name: text for name, text in stated.items() if name not in _EVENT},
        remarks=remarks_on_names(record),
    )


def _relations(stated: Mapping[str, str]) -> list[Relation]:
    """By the list with qualifiers, where there is one; objects that only the other has follow."""
    qualified = [plain_members(it) for it in _objects(stated, "typedOmap")]
    found = [
        Relation(object_id=fields.required_text(it, "oid"), qualifier=fields.text(it, "qualifier"))
        for it in qualified
    ]
    known = {it.object_id for it in found}
    ids = fields.names(stated, "omap")
    return found + [Relation(object_id=it, qualifier=None) for it in ids if it not in known]


def _related_ids(event: RawRecord) -> Collection[str]:
    try:
        return {it.object_id for it in _relations(plain_members(members_of(event)))}
    except Unusable:
        return ()


def _members(stated: Mapping[str, str], name: str) -> dict[str, str]:
    """The members of an object within another one."""
    text = stated.get(name, "null")
    try:
        return {} if text == "null" else dict(members(text))
    except ValueError:
        raise Unusable(said("{name} is not an object", name=name)) from None


def _objects(stated: Mapping[str, str], name: str) -> list[dict[str, str]]:
    text = stated.get(name, "null")
    try:
        return [] if text == "null" else [dict(members(it.text)) for it in elements(text)]
    except ValueError:
        raise Unusable(said("{name} is not a list of objects", name=name)) from None


FORMAT: Final = Format(
    name="ocel1-json",
    title=said("OCEL 1.0, JSON"),
    suffixes=(".jsonocel", ".json"),
    signs=(
        OnlyRecord(names=_NAMES, at_least=2),
        UsualKeys(names=("ocel:events",), confidence=0.89),
        UsualKeys(names=("ocel:global-log",), confidence=0.89),
    ),
    read=read,
    choices=(choice_of_leader(_log),),
)
