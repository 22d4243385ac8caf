"""An event of an OCEL 2.0 document in JSON that has no surprises, decoded in one go.

Anything else takes the slower way: members that nobody knows, or that stand twice, values of
another type than usual.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

from store.reading.json_records import RawRecord
from store.reading.json_stream import LONGEST_LINE
from store.reading.ocel2_mapping import OcelEvent, Relation
from store.reading.ocel_values import typed_json

T = TypeVar("T")

_QUOTES: Final = 4  # of a name and its text
_OF_EVENT: Final = 3 * _QUOTES + 2 * 2  # quotes of an event with empty lists
_OF_TIE: Final = 2 * _QUOTES


class _Attribute(Struct, forbid_unknown_fields=True, gc=False):
    name: str
    value: Raw


class _Tie(Struct, forbid_unknown_fields=True, gc=False, rename={"object_id": "objectId"}):
    object_id: str
    qualifier: str


class _Event(Struct, forbid_unknown_fields=True, gc=False):
    id: str
    type: str
    time: str
    attributes: list[_Attribute]
    relationships: list[_Tie]


class _TiedId(Struct, gc=False, rename={"object_id": "objectId"}):
    object_id: str


class _Tied(Struct, gc=False):
    relationships: list[_TiedId]


_decoder: Final = Decoder(_Event)
_ties_decoder: Final = Decoder(_Tied)


def usual_event(record: RawRecord, declared: Mapping[tuple[str, str], str]) -> OcelEvent | None:
    """The event of a record; None when it takes a closer look: counting quotes tells whether a
    member stands twice. Escaped ones only take the slower way."""
    found = _decoded(record.text, _decoder)
    if found is None or not (found.id and found.type and found.time):
        return None
    type_, attributes, relations = found.type, dict[str, str](), list[Relation]()
    quotes = _OF_EVENT + _OF_TIE * len(found.relationships)
    for attribute in found.attributes:
        text = bytes(attribute.value).decode()
        quotes += _QUOTES + 2 + text.count('"')
        kind = declared.get((type_, attribute.name))
        attributes[attribute.name] = typed_json(text, kind) if kind else text
    for tie in found.relationships:
        if not tie.object_id:
            return None
        relations.append(Relation(object_id=tie.object_id, qualifier=tie.qualifier or None))
    is_unlike = len(attributes) < len(found.attributes) or "" in attributes
    if is_unlike or record.text.count(b'"') != quotes:
        return None
    return OcelEvent(
        number=record.number,
        offset=record.offset,
        id=found.id,
        type=type_,
        time=found.time,
        attributes=attributes,
        relations=relations,
        extras={},
    )


def usual_ties(record: RawRecord) -> list[str] | None:
    """The ids of the objects of an event, each once; None when it takes a closer look."""
    found = _decoded(record.text, _ties_decoder)
    if found is None:
        return None
    ids = [it.object_id for it in found.relationships]
    return list(dict.fromkeys(ids)) if all(ids) else None


def _decoded(text: bytes, decoder: Decoder[T]) -> T | None:
    if len(text) > LONGEST_LINE:
        return None
    try:
        return decoder.decode(text)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
