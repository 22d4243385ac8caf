"""An event of an OCEL 2.0 document in JSON that has no surprises, decoded in one go.

Anything else takes the slower way: members that nobody knows, or that stand twice, values of
another type than usual.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

from store.reading.json_records import RawRecord
from store.reading.json_stream import LONGEST_LINE
from store.reading.ocel2_mapping import OcelEvent, Relation
from store.reading.ocel_values import typed_json

_QUOTES: Final = 4  # of a name and its text


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


_decoder: Final = Decoder(_Event)


def usual_event(record: RawRecord, declared: Mapping[tuple[str, str], str]) -> OcelEvent | None:
    """The event of a record; None when it takes a closer look."""
    found = _usual(record.text)
    if found is None:
        return None
    attributes = {
        it.name: typed_json(bytes(it.value).decode(), declared.get((found.type, it.name), ""))
        for it in found.attributes
    }
    if len(attributes) < len(found.attributes) or "" in attributes:
        return None
    return OcelEvent(
        number=record.number,
        offset=record.offset,
        id=found.id,
        type=found.type,
        time=found.time,
        attributes=attributes,
        relations=[
            Relation(object_id=it.object_id, qualifier=it.qualifier or None)
            for it in found.relationships
        ],
        extras={},
    )


def usual_ties(record: RawRecord) -> set[str] | None:
    """The ids of the objects of an event; None when it takes a closer look."""
    found = _usual(record.text)
    return None if found is None else {it.object_id for it in found.relationships}


def _usual(text: bytes) -> _Event | None:
    """Counting quotes tells whether a member stands twice; escaped ones only take the slower
    way."""
    if len(text) > LONGEST_LINE:
        return None
    try:
        found = _decoder.decode(text)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
    quotes = 3 * _QUOTES + 2 * 2 + 2 * _QUOTES * len(found.relationships)
    quotes += sum(_QUOTES + 2 + bytes(it.value).count(b'"') for it in found.attributes)
    is_usual = text.count(b'"') == quotes and all(it.object_id for it in found.relationships)
    return found if is_usual and found.id and found.type and found.time else None
