"""Texts and patterns as SQLite compares them, and what it cannot compare."""

import re
from typing import Final

from store.sqlite.filter_bounds import Sql

LONGEST_PATTERN: Final = 1_000  # characters; SQLite refuses patterns of 50,000 bytes

_GLOB_SIGNS: Final = re.compile(r"[*?\[]")
_ESCAPED_IN_JSON: Final = re.compile(r'[\x00-\x1f"\\\ud800-\udfff]')


def is_bindable(text: str) -> bool:
    """Whether SQLite can be handed it: half a surrogate pair is no UTF-8."""
    return not any("\ud800" <= it <= "\udfff" for it in text)


def is_verbatim(text: str) -> bool:
    """Whether a JSON document without a backslash can hold this text."""
    return _ESCAPED_IN_JSON.search(text) is None


def is_plain_pattern(pattern: str) -> bool:
    """Whether GLOB can be handed it; `glob_of` makes it mean what the evaluator does."""
    return len(pattern) <= LONGEST_PATTERN and "\0" not in pattern and is_bindable(pattern)


def glob_of(pattern: str) -> str:
    """The pattern for GLOB, to which a bracket would mean something too."""
    return pattern.replace("[", "[[]")


def like_of(text: str) -> str:
    """The pattern for LIKE … ESCAPE that a text meets which holds this one, whatever the case of
    ASCII letters."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"


def longest_piece(pattern: str) -> str:
    """The longest text that whatever matches a plain pattern must hold."""
    return max(re.split(r"[*?]", pattern), key=len)


def holds(column: str, *texts: str) -> Sql:
    """That the texts stand in the column one behind the other. Of a long one the beginning is
    looked for, which holds for more."""
    pieces = [_GLOB_SIGNS.sub(r"[\g<0>]", it[:LONGEST_PATTERN]) for it in texts]
    return Sql(text=f"{column} GLOB ?", values=("*" + "*".join([*pieces, ""]),))
