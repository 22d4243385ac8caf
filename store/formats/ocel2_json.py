"""OCEL 2.0 as JSON: one document with object types, event types, objects and events."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from store import json_text
from store.errors import UnreadableSource
from store.formats import fields
from store.formats.fields import Unusable
from store.formats.interface import Choice, Format, Record, Rejected
from store.formats.json_members import Element, elements, members
from store.formats.json_records import RawRecord, rejected
from store.formats.ocel2_mapping import (
    Change,
    OcelEvent,
    OcelLog,
    Relation,
    choices_of,
    records_of,
)
from store.formats.sample import Sample
from store.formats.source import Source

_LISTS: Final = ("objectTypes", "eventTypes", "objects", "events")
_EVENT: Final = frozenset({"id", "type", "time", "attributes", "relationships"})
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TYPED: Final[dict[str, re.Pattern[str]]] = {
    "integer": re.compile(r"-?(?:0|[1-9]\d*)"),
    "float": _NUMBER,
    "boolean": re.compile("true|false"),
}


def read(source: Source) -> Iterator[Record]:
    """Every event and every change of an object."""
    return records_of(_log(source), source)


def choices(source: Source) -> tuple[Choice, ...]:
    """Which type of object leads."""
    return choices_of(_log(source))


def _log(source: Source) -> OcelLog:
    """The document, its events still unread. Raises UnreadableSource when it is not JSON."""
    parts = _parts(source)
    objects = [_value(it.text) for it in _elements(source, parts, "objects")]
    objects = [it for it in objects if isinstance(it, dict) and isinstance(it.get("id"), str)]
    events = _elements(source, parts, "events")
    type_of = {it["id"]: str(it.get("type", "Object")) for it in objects}
    source.notes["objectTypes"] = _value(parts.get("objectTypes", "[]"))
    source.notes["eventTypes"] = _value(parts.get("eventTypes", "[]"))
    source.notes["relationships"] = [
        {"id": it["id"], "relationships": it["relationships"]}
        for it in objects
        if it.get("relationships")
    ]
    return OcelLog(
        type_of=type_of,
        single=_single(events, type_of, source.notes["objectTypes"]),
        changes=list(_changes(objects, _declared(source.notes["objectTypes"]))),
        events=_events(events, _declared(source.notes["eventTypes"]), source),
    )
