"""The objects of an OCEL 2.0 document in JSON: what each is, and what it has from some time on."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from store import json_text
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.json_stream import JsonStream
from store.reading.ocel2_objects import Change, OcelObjects
from store.reading.passed_over import PassedOver

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
            passed.add("other_rows", f"no object with an id: {shown}"[:_SHOWN], line=number)
            continue
        if not objects.add(one["id"], str(one.get("type", "Object"))):
            passed.add("other_rows", f"object {one['id']!r} is given twice"[:_SHOWN], line=number)
        for name in one.keys() - _KNOWN:
            text = f"object {one['id']!r}, member {name!r}"
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
    """What an object began with and what changed: a change for each moment, however it is
    written. Of an attribute that is given twice for one moment the last value counts."""
    found: dict[int | str, _Moment] = {}
    for it in _each(number, one, passed):
        time, value = str(it.get("time")), json_text.encode(it.get("value"))
        found.setdefault(_key(time), _Moment(time)).set(it["name"], value)
    for moment in found.values():
        yield Change(
            number=number,
            object_id=one["id"],
            time=moment.time,
            attributes=moment.attributes,
            repeated={name: f"[{','.join(it)}]" for name, it in moment.earlier.items()},
        )


def _each(number: int, one: Mapping[str, Any], passed: PassedOver) -> Iterator[dict[str, Any]]:
    attributes = one.get("attributes")
    listed = attributes if isinstance(attributes, list) else [] if attributes is None else [None]
    for it in listed:
        if isinstance(it, dict) and isinstance(it.get("name"), str):
            yield it
        else:
            text = f"object {one['id']!r}: an attribute without a name"
            passed.add("other_rows", text[:_SHOWN], line=number)


class _Moment:
    """Attributes that an object has from one moment on, while they are gathered."""

    def __init__(self, time: str) -> None:
        self.time = time  # as it is written first
        self.attributes: dict[str, str] = {}
        self.earlier: dict[str, list[str]] = {}  # values of a name that were given before its last

    def set(self, name: str, value: str) -> None:
        """One more; an earlier value of its name is kept beside it."""
        if name in self.attributes:
            self.earlier.setdefault(name, []).append(self.attributes[name])
        self.attributes[name] = value


def _key(time: str) -> int | str:
    """Equal for equal moments; a text that is no time is one by itself."""
    try:
        return fields.moment(time, "time").at_us
    except Unusable:
        return time
