"""Masked values. The mask of a value depends on nothing but the value, so equal values stay equal
in every file and at every import; whoever can guess a value can check the guess."""

import hashlib
import re
from decimal import Decimal
from typing import Any, Final

from store import json_text

PREFIX: Final = "masked-"
DIGITS: Final = 32  # of the digest, in hexadecimal: 128 bits
_MASKED: Final = re.compile(rf"{PREFIX}[0-9a-f]{{{DIGITS}}}")


def masked(text: str, kind: str) -> str:
    """The JSON text of what stands in the place of a value; null stays null."""
    if text == "null":
        return text
    if kind == "blank":
        return '""' if text.startswith('"') else "null"
    return json_text.encode(masked_value(json_text.decode(text)))


def masked_stream(name: str, kind: str) -> str:
    """The name of a stream whose part behind the category is masked."""
    category, dash, rest = name.partition("-")
    if not dash:
        category, rest = "", name
    hidden = masked_value(rest) if kind == "hash" else "blank"
    return f"{category}{dash}{hidden}"


def masked_value(value: Any) -> str:
    """The digest of a value; numbers are equal by value, objects whatever their order. A digest is
    its own, so that what has been masked once is not masked again."""
    if isinstance(value, str) and _MASKED.fullmatch(value):
        return value
    said = json_text.encode(_plain(value)).encode("utf-8", "surrogatepass")
    return f"{PREFIX}{hashlib.sha256(said).hexdigest()[:DIGITS]}"


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(value[name]) for name in sorted(value)}
        case list():
            return [_plain(it) for it in value]
        case Decimal():
            return (
                int(value)
                if value == value.to_integral_value() and value.adjusted() < 40
                else (value.normalize())
            )
    return value
