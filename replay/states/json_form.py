"""Whether a value of a model can be written as JSON, and if not, where it cannot."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from replay.words import said
from store import json_text
from store.errors import StoreError

DEEPEST: Final = 40  # levels that a search goes down


class NotJson(StoreError):
    """`where` is the path of the value within it; empty for the whole."""

    hint = said("Use numbers, text, lists, dictionaries with text keys, or structs of these.")

    def __init__(self, what: str, where: str, found: object) -> None:
        place = said(" at {where}", where=where) if where else ""
        kind = said("a value of type {name__}", name__=type(found).__name__)
        if isinstance(found, Mapping):  # every value in it is one, so it is a key
            kind = said("a dictionary with keys that are not text")
        super().__init__(
            said(
                "{what} cannot be written as JSON: {kind}{place}", what=what, kind=kind, place=place
            )
        )
        self.where = where


def json_form(value: Any, what: str) -> Any:
    """The value as objects, lists, text and exact numbers. Raises NotJson."""
    try:
        return msgspec.to_builtins(value, builtin_types=(Decimal,), enc_hook=json_text.form_of)
    except (TypeError, ValueError, RecursionError):
        raise _not_json(value, what) from None


def require_json(value: Any, what: str) -> None:
    """Look at keys too: `json_form` gives them as they are. Raises NotJson."""
    if not _is_json(value):
        raise _not_json(value, what)


def _not_json(value: Any, what: str) -> NotJson:
    where, found = _culprit(value)
    return NotJson(what, where, found)


def _culprit(value: Any) -> tuple[str, object]:
    """The innermost value that has no JSON form, and its path."""
    path = ""
    for _ in range(DEEPEST):
        bad = next(((name, it) for name, it in _parts(value) if not _is_json(it)), None)
        if bad is None:
            break
        path, value = path + bad[0], bad[1]
    return path.removeprefix("."), value


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    match value:
        case Struct():
            yield from ((f".{it}", getattr(value, it)) for it in value.__struct_fields__)
        case Mapping():
            yield from ((f".{key}", it) for key, it in value.items())
        case list() | tuple():
            yield from ((f"[{at}]", it) for at, it in enumerate(value))


def _is_json(value: Any) -> bool:
    try:
        msgspec.to_builtins(value, builtin_types=(Decimal,), str_keys=True)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
