"""What is wrong with a field, in words for a person and never as a pattern.

A pattern has words where its schema has them (`x-words`, from a model's `extra_json_schema`), or
where it only says which characters may stand in the field.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from replay.words import counted, said

TYPES: Final = {
    "string": said("text"),
    "integer": said("a whole number"),
    "number": said("a number"),
    "boolean": said("yes or no"),
    "array": said("a list"),
    "object": said("an object"),
    "null": said("nothing"),
}
FORMATS: Final = {
    "date": said("a day, such as 2026-03-14"),
    "date-time": said("a time, such as 2026-03-14T09:41:09Z"),
    "uuid": said("an id, such as 6e0f1a52-5581-44e9-9627-026c2b756513"),
    "email": said("an email address, such as ada@example.org"),
}
RANGES: Final = {
    "A-Z": said("uppercase letters"),
    "a-z": said("lowercase letters"),
    "A-Za-z": said("letters"),
    "a-zA-Z": said("letters"),
    "0-9": said("digits"),
    r"\d": said("digits"),
    r"\w": said("letters, digits and _"),
    "-": said("hyphens"),
    "_": said("underscores"),
    ".": said("periods"),
}
_CLASS: Final = re.compile(r"\^?\[((?:[A-Za-z0-9]-[A-Za-z0-9]|\\[dw]|[-_.])+)\][+*]\$?")
_PIECE: Final = re.compile(r"A-Za-z|a-zA-Z|[A-Za-z0-9]-[A-Za-z0-9]|\\[dw]|[-_.]")
UNTOLD: Final = said("it does not have the required format")


def words_of(error: Any, stated: Mapping[str, str]) -> str:
    """A validator's error; `said` has the words of patterns."""
    kind = error.kind
    match kind.name:
        case "exclusiveMinimum":
            return said("it must be more than {limit}", limit=kind.limit)
        case "minimum":
            return said("it must be at least {limit}", limit=kind.limit)
        case "exclusiveMaximum":
            return said("it must be less than {limit}", limit=kind.limit)
        case "maximum":
            return said("it must be at most {limit}", limit=kind.limit)
        case "multipleOf":
            return said("it is not a multiple of the required step")
        case "minLength" if kind.limit == 1:
            return said("this field is required")
        case "minLength":
            return said(
                "it needs at least {limit}",
                limit=counted("{count:,} character", "{count:,} characters", kind.limit),
            )
        case "maxLength":
            return said(
                "it may have at most {limit}",
                limit=counted("{count:,} character", "{count:,} characters", kind.limit),
            )
        case "minItems":
            return said("its length must be at least {limit}", limit=kind.limit)
        case "maxItems":
            return said("its length must be at most {limit}", limit=kind.limit)
        case "uniqueItems":
            return said("its items must be unique")
        case "enum":
            return said("it must be one of {str}", str=", ".join(map(str, kind.options)))
        case "type":
            return said(
                "it must be {types}", types=" or ".join(TYPES.get(it, it) for it in kind.types)
            )
        case "format":
            return said(
                "it must be {formats}",
                formats=FORMATS.get(kind.format, said("in the required format")),
            )
        case "pattern":
            return pattern_words(kind.pattern, stated)
        case "anyOf" | "oneOfNotValid":
            return _first(kind.context, stated)
        case "additionalProperties":
            return said("unknown field {unexpected}", unexpected=", ".join(kind.unexpected))
    return UNTOLD


def pattern_words(pattern: str, stated: Mapping[str, str]) -> str:
    """What a field is made of, as words."""
    if pattern in stated:
        return said("it must be {pattern}", pattern=stated[pattern])
    found = _CLASS.fullmatch(pattern)
    pieces = [RANGES.get(it, "") for it in _PIECE.findall(found.group(1))] if found else []
    if not pieces or "" in pieces:
        return UNTOLD
    *first, last = pieces
    return said(
        "it may contain only {first}{part}{last}",
        first=", ".join(first),
        part=" and " if first else "",
        last=last,
    )


def said_patterns(schema: Any) -> dict[str, str]:
    """The patterns in a schema that have words, wherever they stand in it."""
    if isinstance(schema, list):
        return {key: it for one in schema for key, it in said_patterns(one).items()}
    if not isinstance(schema, Mapping):
        return {}
    found = {key: it for one in schema.values() for key, it in said_patterns(one).items()}
    if isinstance(schema.get("x-words"), str) and isinstance(schema.get("pattern"), str):
        found[schema["pattern"]] = schema["x-words"]
    return found


def _first(alternatives: Any, stated: Mapping[str, str]) -> str:
    """Of a field that may be empty or something: what is wrong with the something."""
    told = [words_of(one, stated) for errors in alternatives for one in errors]
    real = [it for it in told if it not in (UNTOLD, f"it must be {TYPES['null']}")]
    return real[0] if real else UNTOLD
