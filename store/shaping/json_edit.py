"""Change one member of a JSON text; the texts of all other values stay as they are.

A path is followed through objects by name, and through lists into every item. Of a name that
stands twice in an object both members are meant. Raises ValueError where a text is not JSON, and
RecursionError where lists are nested too deeply.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from store import json_text
from store.reading.fields import Unusable
from store.reading.json_members import elements, members
from store.words import said

Change: TypeAlias = Callable[[str], str]  # the text of a value → the text of its new value
ObjectChange: TypeAlias = Callable[[list[tuple[str, str]]], list[tuple[str, str]]]
EMPTY: Final = "{}"


def values_at(text: str, path: Sequence[str]) -> list[str]:
    """The texts of all values at a path, in their order; none where it leads nowhere."""
    kind = _kind(text)
    if kind == "[" and path:
        return [it for element in elements(text) for it in values_at(element.text, path)]
    if not path:
        return [text.strip()]
    if kind != "{":
        return []
    named = [value for name, value in members(text) if name == path[0]]
    return [it for value in named for it in values_at(value, path[1:])]


def edited(text: str, path: Sequence[str], change: Change) -> str:
    """The text with each value at a path changed; items of a list at its end one by one."""
    kind = _kind(text)
    if kind == "[":
        items = [it.text for it in elements(text)]
        new = [edited(it, path, change) for it in items]
        return text if new == items else f"[{','.join(new)}]"
    if not path:
        return change(text)
    if kind != "{":
        return text

    def apply(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [
            (name, edited(value, path[1:], change) if name == path[0] else value)
            for name, value in pairs
        ]

    return _object(text, apply)


def edited_objects(text: str, path: Sequence[str], change: ObjectChange) -> str:
    """The text with the members of each object at a path changed."""
    kind = _kind(text)
    if kind == "[":
        items = [it.text for it in elements(text)]
        new = [edited_objects(it, path, change) for it in items]
        return text if new == items else f"[{','.join(new)}]"
    if kind != "{":
        return text
    if not path:
        return _object(text, change)

    def apply(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [
            (name, edited_objects(value, path[1:], change) if name == path[0] else value)
            for name, value in pairs
        ]

    return _object(text, apply)


def without(text: str, path: Sequence[str]) -> str:
    """The text without the members at a path."""
    key = path[-1]
    return edited_objects(
        text, path[:-1], lambda pairs: [(name, it) for name, it in pairs if name != key]
    )


def with_member(text: str, path: Sequence[str], value: str) -> str:
    """The text with a member at a path: in the place of the one that is there, or behind the
    others; objects on the way are made. Raises Unusable where something else stands on the way."""
    if _kind(text) != "{":
        raise Unusable(
            said("{path} cannot be written into a value that is not an object", path=path[0])
        )
    pairs = members(text)
    at = next((at for at, (name, _) in enumerate(pairs) if name == path[0]), len(pairs))
    inner = pairs[at][1] if at < len(pairs) else EMPTY
    new = value if len(path) == 1 else with_member(inner, path[1:], value)
    return _joined([*pairs[:at], (path[0], new), *pairs[at + 1 :]])


def _object(text: str, change: ObjectChange) -> str:
    pairs = members(text)
    new = change(pairs)
    return text if new == pairs else _joined(new)


def _joined(pairs: Sequence[tuple[str, str]]) -> str:
    return f"{{{','.join(f'{json_text.encode(name)}:{text}' for name, text in pairs)}}}"


def _kind(text: str) -> str:
    """Its first sign."""
    return text.lstrip()[:1]
