"""Values of an object-centric log: written as texts, with a type that is declared elsewhere."""

import re
from typing import Final

from store.reading.fields import quoted

_TYPED: Final[dict[str, re.Pattern[str]]] = {
    "integer": re.compile(r"-?(?:0|[1-9]\d*)"),
    "float": re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"),
    "boolean": re.compile("true|false"),
}
_DIGITS: Final = {"1": "true", "0": "false"}  # how XML says what is true


def typed_text(text: str, kind: str) -> str:
    """The JSON of a value that is a text: a declared number or truth value is one here."""
    return _plain(text, kind) or quoted(text)


def typed_json(value: str, kind: str) -> str:
    """The same of the JSON of a value, which may be a text or not."""
    return (value.startswith('"') and _plain(value[1:-1], kind)) or value


def _plain(text: str, kind: str) -> str:
    """The value of another type than text; empty where it is a text."""
    pattern = _TYPED.get(kind)
    if pattern and pattern.fullmatch(text):
        return text
    return _DIGITS.get(text, "") if kind == "boolean" else ""
