"""What is wrong with a field, in words for a person and never as a pattern.

A pattern has words where its schema has them (`x-words`, from a model's `extra_json_schema`), or
where it only says which characters may stand in the field.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

TYPES: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "a group of fields",
    "null": "nothing",
}
FORMATS: Final = {
    "date": "a day, such as 2026-03-14",
    "date-time": "a time, such as 2026-03-14T09:41:09Z",
    "uuid": "an id, such as 6e0f1a52-5581-44e9-9627-026c2b756513",
    "email": "an email address, such as ada@example.org",
}
RANGES: Final = {
    "A-Z": "capital letters",
    "a-z": "small letters",
    "A-Za-z": "letters",
    "a-zA-Z": "letters",
    "0-9": "digits",
    r"\d": "digits",
    r"\w": "letters, digits and _",
    "-": "hyphens",
    "_": "underscores",
    ".": "points",
}
_CLASS: Final = re.compile(r"\^?\[((?:[A-Za-z0-9]-[A-Za-z0-9]|\\[dw]|[-_.])+)\][+*]\$?")
_PIECE: Final = re.compile(r"A-Za-z|a-zA-Z|[A-Za-z0-9]-[A-Za-z0-9]|\\[dw]|[-_.]")
UNTOLD: Final = "it is not written as this field needs it"


def words_of(error: Any, said: Mapping[str, str]) -> str:
    """A validator's error; `said` has the words of patterns."""
    kind = error.kind
    match kind.name:
        case "exclusiveMinimum":
            return f"it must be more than {kind.limit}"
        case "minimum":
            return f"it must be at least {kind.limit}"
        case "exclusiveMaximum":
            return f"it must be less than {kind.limit}"
        case "maximum":
            return f"it must be at most {kind.limit}"
        case "multipleOf":
            return "it does not go up in the steps that are needed here"
        case "minLength" if kind.limit == 1:
            return "this field is needed"
        case "minLength":
            return f"it needs at least {kind.limit:,} characters"
        case "maxLength":
            return f"it may have at most {kind.limit:,} characters"
        case "minItems":
            return f"it needs at least {kind.limit}"
        case "maxItems":
            return f"it may have at most {kind.limit}"
        case "uniqueItems":
            return "nothing may stand in it twice"
        case "enum":
            return f"it must be one of {', '.join(map(str, kind.options))}"
        case "type":
            return f"it must be {' or '.join(TYPES.get(it, it) for it in kind.types)}"
        case "format":
            return f"it must be {FORMATS.get(kind.format, 'written otherwise')}"
        case "pattern":
            return pattern_words(kind.pattern, said)
        case "anyOf" | "oneOfNotValid":
            return _first(kind.context, said)
        case "additionalProperties":
            return f"there is no field {', '.join(kind.unexpected)}"
    return UNTOLD


def pattern_words(pattern: str, said: Mapping[str, str]) -> str:
    """What a field is made of, as words."""
    if pattern in said:
        return f"it must be {said[pattern]}"
    found = _CLASS.fullmatch(pattern)
    pieces = [RANGES.get(it, "") for it in _PIECE.findall(found.group(1))] if found else []
    if not pieces or "" in pieces:
        return UNTOLD
    *first, last = pieces
    return f"only {', '.join(first)}{' and ' if first else ''}{last} can stand here"


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


def _first(alternatives: Any, said: Mapping[str, str]) -> str:
    """Of a field that may be empty or something: what is wrong with the something."""
    told = [words_of(one, said) for errors in alternatives for one in errors]
    real = [it for it in told if it not in (UNTOLD, f"it must be {TYPES['null']}")]
    return real[0] if real else UNTOLD
