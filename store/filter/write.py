"""Filters as text: what a person would have typed."""

import re
from typing import Final, Literal

from store.filter.tokens import KEYWORDS
from store.filter.tree import DATA, FACTS, Comparison, Field, Value

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CONSTANTS: Final = ("true", "false", "null")


def claim_text(field: Field, sign: Comparison | Literal["!="], value: Value) -> str:
    """One comparison; what is not there `is missing`."""
    if sign == "=" and value is None:
        return f"{field_text(field)} is missing"
    return f"{field_text(field)} {sign} {value_text(value)}"


def field_text(field: Field) -> str:
    """A field as a person writes it: what is in the data needs no root, unless it would be taken
    for something else."""
    if len(field) == 1:
        return field[0]
    keys = [it if _PLAIN_KEY.fullmatch(it) else f'"{_escaped(it)}"' for it in field[1:]]
    is_plain = keys[0] == field[1] and field[1].lower() not in KEYWORDS
    is_other = (len(keys) == 1 and field[1] in FACTS) or field[1] in ("data", "metadata", "state")
    if field[0] == DATA and is_plain and not is_other:
        return ".".join(keys)
    return ".".join((field[0], *keys))


def value_text(value: Value) -> str:
    """A value; a text in quotes where it could be taken for something else."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    is_word = value.lower() not in KEYWORDS and value not in _CONSTANTS
    return value if is_word and _PLAIN_VALUE.fullmatch(value) else quoted(value)


def quoted(text: str) -> str:
    """In double quotes."""
    return f'"{_escaped(text)}"'


def every_text(*filters: str) -> str:
    """All of these, those that are empty left out."""
    given = [it.strip() for it in filters if it.strip()]
    return given[0] if len(given) == 1 else " and ".join(_bracketed(it) for it in given)


def none_text(filter_: str) -> str:
    """What the filter leaves out."""
    return f"not ({filter_})"


def _bracketed(filter_: str) -> str:
    """In brackets where `or` could stand in it."""
    return f"({filter_})" if re.search(r"\bor\b|\|\|", filter_, re.IGNORECASE) else filter_


def _escaped(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", text)
