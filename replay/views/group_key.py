"""A JSON value as the key of a group: equal values have one key, and different ones never.

1, 1.0 and 1e0 are one number; 1, "1" and true are three values. A text stands as it is, unless it
reads like another JSON value: then it stands in quotes, as `"1"` does beside `1`.
"""

import json
import re
from decimal import Decimal
from typing import Any, Final

from store.reading.json_members import is_value
from store.times import parse_moment

_DATED: Final = re.compile(r"\d{4}-\d\d-\d\d")
_PLAIN: Final = 40  # digits; a number that takes more of them for its zeros has an exponent


def group_key(value: Any) -> str:
    """The key of a value; lists and objects have one as well, whatever the order of their names."""
    if isinstance(value, str):
        return json.dumps(value) if _is_ambiguous(value) else value
    return _canonical(value)


def canonical_json(value: Any) -> str:
    """JSON that is the same for equal values: numbers by their value, names in order."""
    return _canonical(value)


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are equal: true is not 1, though Python says so, and 1.0 is."""
    if one is other or (type(one) is type(other) and isinstance(one, str | int)):
        return bool(one == other)
    return bool(one == other) and _canonical(one) == _canonical(other)


def value_order(value: Any) -> tuple[int, Any]:
    """For `min` and `max`: its kind, and its place among values of this kind. Numbers are the first
    kind, then times by the moment that they name, then other texts, then all else."""
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return 0, Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not isinstance(value, str):
        return 3, _canonical(value)
    moment = _moment_us(value)
    return (2, value) if moment is None else (1, moment)


def _moment_us(text: str) -> int | None:
    """Of a date or a time with one; None for any other text."""
    if not _DATED.match(text):
        return None
    try:
        return parse_moment(text).at_us
    except (ValueError, OverflowError):
        return None


def _is_ambiguous(text: str) -> bool:
    """Whether it reads like another value, or cannot be a key as it is (half a surrogate pair)."""
    return is_value(text) or any("\ud800" <= it <= "\udfff" for it in text)


def _canonical(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | Decimal | float):
        return _number(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
    if isinstance(value, dict):
        members = sorted((json.dumps(str(name)), _canonical(it)) for name, it in value.items())
        return f"{{{','.join(f'{name}:{text}' for name, text in members)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_canonical, value))}]"
    return json.dumps(str(value))


def _number(value: Decimal) -> str:
    """Every digit, without zeros that say nothing."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return str(value)  # infinity, which no JSON holds
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    if not stripped:
        return "0"
    exponent += len(text) - len(stripped)
    minus = "-" if sign else ""
    if exponent >= 0 and len(stripped) + exponent <= max(_PLAIN, len(stripped)):
        return f"{minus}{stripped}{'0' * exponent}"
    if exponent < 0 and -exponent - len(stripped) <= _PLAIN:
        whole = stripped[:exponent] or "0"
        return f"{minus}{whole}.{stripped[exponent:].rjust(-exponent, '0')}"
    return f"{minus}{stripped}e{exponent}"
