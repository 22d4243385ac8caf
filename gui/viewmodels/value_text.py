"""A JSON value as a short text: for cells of a table and for summaries."""

from decimal import Decimal
from itertools import islice
from typing import Any, Final

from store import json_text

LONGEST: Final = 120  # characters of a cell
ITEMS: Final = 3  # of a list that is written out
ITEM_LENGTH: Final = 24


def cell_text(value: Any) -> str:
    """Texts as they are, numbers with thousands apart, what is inside objects and lists by its
    short items or its count."""
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, bool) or value is None:
        return json_text.encode(value)
    if isinstance(value, int | Decimal):
        return number_text(value)
    if isinstance(value, dict):
        return _fields(value)
    return _items(value) if isinstance(value, list) else str(value)[:LONGEST]


def number_text(value: int | Decimal) -> str:
    """Every digit, thousands apart; a number too long to read, or with an exponent, as it is."""
    text = str(value)
    whole, point, part = text.lstrip("-").partition(".")
    if not whole.isdecimal() or (point and not part.isdecimal()) or len(text) > LONGEST:
        return text[:LONGEST]
    return f"{'-' if text.startswith('-') else ''}{int(whole):,}{point}{part}"


def _fields(value: dict[str, Any]) -> str:
    if not value:
        return "{}"
    parts = [f"{key} {cell_text(it)}" for key, it in islice(value.items(), ITEMS)]
    more = " …" if len(value) > ITEMS else ""
    return (", ".join(parts) + more)[:LONGEST]


def _items(value: list[Any]) -> str:
    """The items when they are few, plain and short; else how many there are."""
    texts = [cell_text(it) for it in value[: ITEMS + 1] if not isinstance(it, dict | list)]
    is_short = len(texts) == len(value) <= ITEMS and all(len(it) <= ITEM_LENGTH for it in texts)
    if is_short and texts:
        return ", ".join(texts)
    return f"{len(value):,} item" if len(value) == 1 else f"{len(value):,} items"
