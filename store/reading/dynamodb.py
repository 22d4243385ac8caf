"""Attribute values of DynamoDB (`{"S": "a"}`, `{"N": "1"}`, `{"M": {…}}`) as plain JSON.

Source: Amazon DynamoDB API reference, AttributeValue.
"""

from collections.abc import Iterator

from store.reading import fields
from store.reading.fields import Unusable
from store.reading.json_members import elements, is_value, json_object, members
from store.words import said

DEEPEST = 100  # levels of maps and lists; DynamoDB allows 32


def plain(text: str, depth: int = 0) -> str:
    """The JSON text of one attribute value; numbers keep their digits. Raises Unusable."""
    if depth > DEEPEST:
        raise Unusable(said("an attribute is nested deeper than {deepest} levels", deepest=DEEPEST))
    kind, value = _one(text)
    if kind == "M":
        return json_object({name: plain(it, depth + 1) for name, it in _members(value)})
    if kind == "L":
        return f"[{','.join(plain(it, depth + 1) for it in _elements(value))}]"
    if kind == "N":
        return _number(value)
    if kind == "NS":
        return f"[{','.join(map(_number, _elements(value)))}]"
    if kind == "NULL":
        return "null"
    if kind in ("S", "BOOL", "SS", "B", "BS"):
        return value
    raise Unusable(said("an attribute has the unknown type {kind!r}", kind=kind))


def _one(text: str) -> tuple[str, str]:
    found = _members(text)
    if len(found) != 1:
        raise Unusable(said("an attribute is not one value with its type"))
    return found[0]


def _members(text: str) -> list[tuple[str, str]]:
    try:
        return members(text)
    except ValueError:
        raise Unusable(said("an attribute is not an object")) from None


def _elements(text: str) -> Iterator[str]:
    try:
        for it in elements(text):
            yield it.text
    except ValueError:
        raise Unusable(said("an attribute is not a list")) from None


def _number(text: str) -> str:
    digits = fields.text({"N": text}, "N") or ""
    if not is_value(digits) or digits[:1] not in "-0123456789":
        raise Unusable(said("{digits!r} is not a number", digits=digits[:40]))
    return digits
