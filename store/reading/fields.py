"""Take one field out of a record, or say in one sentence what is wrong with it.

A record is a mapping from names to JSON texts, so that payloads stay what they were.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from store import json_text
from store.reading.json_members import fault_of, is_value
from store.times import Moment, format_moment, parse_moment
from store.words import said

LARGEST_NUMBER: Final = 2**63 - 1


class Unusable(ValueError):
    """A record from which no event can be made; its text is the reason."""


def text(record: Mapping[str, str], name: str) -> str | None:
    """A text that holds something; None when it is missing, null or empty."""
    value = _value(record, name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Unusable(said("{name} is not text", name=name))
    return storable(value, name)


def required_text(record: Mapping[str, str], name: str) -> str:
    """Like `text`, of an event that cannot do without it."""
    found = text(record, name)
    if found is None:
        raise Unusable(said("the event has no {name}", name=name))
    return found


def number(record: Mapping[str, str], name: str) -> int | None:
    """A whole number; None when it is missing or null."""
    value = _value(record, name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unusable(said("{name} is not a whole number", name=name))
    if abs(value) > LARGEST_NUMBER:
        raise Unusable(said("{name} is out of range", name=name))
    return value


def object_text(record: Mapping[str, str], name: str) -> str | None:
    """The very text of a JSON object; None when it is missing or null."""
    found = record.get(name, "null")
    if found == "null":
        return None
    if not found.startswith("{"):
        raise Unusable(said("{name} is not an object", name=name))
    return found


def names(record: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A list of texts; empty when it is missing or null."""
    value = _value(record, name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(it and isinstance(it, str) for it in value):
        raise Unusable(said("{name} is not a list of names", name=name))
    return tuple(storable(it, name) for it in value)


def moment(raw: str, name: str) -> Moment:
    """A time as text."""
    try:
        found = parse_moment(raw)
        format_moment(*found)
    except (ValueError, OverflowError):
        shown = raw if len(raw) <= 40 else raw[:40] + "…"
        raise Unusable(said("{name} is not a time: {shown!r}", name=name, shown=shown)) from None
    return found


def storable(value: str, name: str) -> str:
    """Refuse text that UTF-8 has no bytes for (half of a surrogate pair)."""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unusable(said("{name} is not valid Unicode text", name=name)) from None
    return value


def json_value(value: str, name: str) -> str:
    """A text that is one JSON value, as it is. Raises Unusable, which says why it is none."""
    if not is_value(value):
        raise Unusable(said("{name} is not JSON ({why})", name=name, why=fault_of(value)))
    return value


def quoted(value: str) -> str:
    """A text as JSON."""
    return json_text.encode(value)


def is_plain_text(found: str) -> bool:
    """Whether a JSON text is a string that stands between its quotes as it is. Most are."""
    return (
        "\\" not in found
        and found.count('"') == 2
        and found[0] == found[-1] == '"'
        and found.isprintable()
    )


def _value(record: Mapping[str, str], name: str) -> Any:
    found = record.get(name)
    if found is None:
        return None
    if found[:1] == '"' and is_plain_text(found):
        return found[1:-1]
    try:
        return json.loads(found)
    except (ValueError, RecursionError):
        raise Unusable(said("{name} cannot be read", name=name)) from None
