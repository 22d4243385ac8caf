"""Whether two JSON texts say the same, to the last digit."""

import json
from operator import itemgetter
from typing import Any


def same_json(one: str, other: str) -> bool:
    """Whether two texts say the same to the last digit; blanks and escapes do not matter."""
    try:
        return one == other or _exact(one) == _exact(other)
    except (ValueError, RecursionError):
        return False


def _exact(text: str) -> Any:
    """Numbers as their digits, objects as pairs, so that repeated names count."""
    return json.loads(text, parse_int=_digits, parse_float=_digits, object_pairs_hook=_pairs)


def _digits(text: str) -> tuple[str, str]:
    return "number", text


def _pairs(members: list[tuple[str, Any]]) -> tuple[str, list[tuple[str, Any]]]:
    return "object", sorted(members, key=itemgetter(0))
