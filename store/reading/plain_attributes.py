"""The data of an event as attributes with a type each, for formats that have no nested values."""

import json
import re
from typing import Final, NamedTuple

from store.reading.json_members import members

LONGEST_NAME: Final = 200
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d*)")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Plain(NamedTuple):
    """A value as text, and what it is: string, integer, float or boolean."""

    kind: str
    text: str


def plain_attributes(data_json: str) -> dict[str, Plain]:
    """The members of an object; of what is nested its JSON. What is null, and texts that XML has no
    form for, are left out; of anything but an object there are none."""
    try:
        found = members(data_json)
    except ValueError:
        return {}
    each = ((name, _plain(text)) for name, text in found)
    return {name: it for name, it in each if it is not None}


def is_in_xml(text: str) -> bool:
    """Whether XML can hold a text."""
    return _NOT_IN_XML.search(text) is None


def in_xml(text: str) -> str:
    """A text with signs in the place of what XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _plain(text: str) -> Plain | None:
    if text == "null":
        return None
    if text in ("true", "false"):
        return Plain("boolean", text)
    if text.startswith('"'):
        value = json.loads(text)
        return Plain("string", value) if is_in_xml(value) else None
    if text[0] in "{[":
        return Plain("string", text) if is_in_xml(text) else None
    is_integer = _INTEGER.fullmatch(text) and len(text) < 21
    if is_integer and _SMALLEST <= int(text) <= _LARGEST:
        return Plain("integer", text)
    return Plain("float", text)
