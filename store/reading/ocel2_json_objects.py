"""The objects of an OCEL 2.0 document in JSON: what each is, and what it has from some time on."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from store import json_text
from store.reading.json_stream import JsonStream
from store.reading.ocel2_objects import Change, OcelObjects
from store.reading.ocel_moments import Moments
from store.reading.passed_over import PassedOver
from store.words import said

_KNOWN: Final = frozenset({"id", "type", "attributes", "relationships"})
_SHOWN: Final = 200  # characters of what is passed over


def take_objects(document: JsonStream, objects: OcelObjects, passed: PassedOver) -> dict[str, Any]:
    """Keep every object of the list that comes next, and its changes; returns how objects relate to
    one another. What holds no object is told in `passed`."""
    ties: dict[str, Any] = {}
    for number, raw in enumerate(document.elements(), 1):
        one = _object(raw.text)
        if not isinstance(one.get("id"), str):
            shown = raw.text[:_SHOWN].decode("utf-8", "replace")
            passed.add(
                "other_rows",
                said("an object without an id: {shown}", shown=shown)[:_SHOWN],
                line=number,
            )
            continue
        if not objects.add(one["id"], str(one.get("type", "Object"))):
            passed.add(
                "other_rows",
                said("object {id!r} occurs twice", id=one["id"])[:_SHOWN],
                line=number,
            )
        for name in one.keys() - _KNOWN:
            text = said("object {id!r}, member {name!r}", id=one["id"], name=name)
            passed.add("other_rows", text[:_SHOWN], line=number)
        objects.change(_changes(number, one, passed))
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


def _changes(number: int, one: Mapping[str, Any], passed: PassedOver) -> Iterator[Change]:
    moments = Moments(number=number, object_id=one["id"])
    for it in _each(number, one, passed):
        moments.set(str(it.get("time")), it["name"], json_text.encode(it.get("value")))
    return moments.changes()


def _each(number: int, one: Mapping[str, Any], passed: PassedOver) -> Iterator[dict[str, Any]]:
    attributes = one.get("attributes")
    listed = attributes if isinstance(attributes, list) else [] if attributes is None else [None]
    for it in listed:
        if isinstance(it, dict) and isinstance(it.get("name"), str):
            yield it
        else:
            text = said("object {id!r}: an attribute without a name", id=one["id"])
            passed.add("other_rows", text[:_SHOWN], line=number)
