"""One field of a state: by its path, without the whole as JSON; and whether two values are one."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType

from replay.states.diff import Path
from replay.states.json_form import json_form
from replay.states.long_list import LongList
from replay.words import said

ABSENT: Final = UNSET  # where there is no value
Absent = UnsetType

PLAIN: Final = frozenset(
    {str, int, bool, Decimal, type(None)}
)  # what is one value in JSON and in a model


def part_of(state: Any, path: Path) -> Any:
    """The value at a path of a state, be it typed or JSON, as the model holds it; ABSENT where
    there is none. `json_part` of it is what the whole state's JSON form has at that path."""
    for key in path:
        kind: Any = type(state)
        if kind is dict:
            state = state[key] if key in state else _of_object(state, key)
        elif (attributes := _attributes_of(kind)) is not None:
            name = attributes.get(key)
            state = ABSENT if name is None else getattr(state, name)
        elif kind is list or kind is tuple or kind is LongList:
            state = _of_list(state, key)
        elif kind in PLAIN or state is ABSENT:
            return ABSENT
        else:  # whatever else has a JSON form
            state = _of_json(json_part(state), key)
    return state


def part_reader(kind: Any, path: Path) -> Callable[[Any], Any]:
    """`part_of` at one path, for many states of one type: the first step is looked up once."""
    attributes = _attributes_of(kind) if path else None
    name = None if attributes is None else attributes.get(path[0])
    if name is None:
        return lambda state: part_of(state, path)
    get, rest = attrgetter(name), path[1:]
    return (lambda state: part_of(get(state), rest)) if rest else get


def json_part(value: Any) -> Any:
    """A value as the model holds it, as JSON; ABSENT stays that. Raises NotJson."""
    if value is ABSENT or type(value) in PLAIN:
        return value
    return json_form(value, said("a part of the state"))


def is_same(before: Any, after: Any) -> bool:
    """Whether two JSON values are equal, as replay.states.diff has it: numbers by value, true is
    not 1, the order of an object's fields says nothing, and a LongList is the list that it is."""
    if before is after:
        return True
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and len(before) == len(after)
            and all(it in after and is_same(old, after[it]) for it, old in before.items())
        )
    if isinstance(before, LongList) or isinstance(after, LongList):
        return _is_same_long(before, after)
    if isinstance(before, list):
        return (
            isinstance(after, list)
            and len(before) == len(after)
            and all(map(is_same, before, after))
        )
    return _is_same_scalar(before, after)


def _is_same_long(before: Any, after: Any) -> bool:
    if isinstance(before, LongList) and isinstance(after, LongList):
        return before.is_like(after, is_same)
    are_lists = isinstance(before, list | LongList) and isinstance(after, list | LongList)
    return are_lists and len(before) == len(after) and all(map(is_same, before, after))


def _is_same_scalar(before: Any, after: Any) -> bool:
    if isinstance(before, bool) or isinstance(after, bool):
        return False  # true and false are one object each
    if isinstance(before, int | Decimal) and isinstance(after, int | Decimal):
        return before == after
    return type(before) is type(after) and bool(before == after)


def _of_object(state: Mapping[Any, Any], key: str | int) -> Any:
    """Keys that are numbers are text in JSON, and digits in a path may be a name."""
    if key in state:
        return state[key]
    if isinstance(key, int):
        return state.get(str(key), ABSENT)
    for it in state:  # as the first key is, so are the others
        if type(it) is int and key.lstrip("-").isdigit():
            return state.get(int(key), ABSENT)
        return ABSENT if type(it) in (str, int) else json_part(state).get(key, ABSENT)
    return ABSENT


def _of_list(state: Any, key: str | int) -> Any:
    if not isinstance(key, int) or not 0 <= key < len(state):
        return ABSENT
    return state.at(key) if type(state) is LongList else state[key]


@cache
def _attributes_of(kind: Any) -> dict[str | int, str] | None:
    """Where each field of a struct is, by its name in JSON; None for other types, and for a struct
    whose JSON form is more or less than its fields."""
    if not issubclass(kind, Struct):
        return None
    config = kind.__struct_config__
    if config.tag is not None or config.omit_defaults or config.array_like:
        return None
    names: tuple[str, ...] = kind.__struct_encode_fields__
    return dict(zip(names, kind.__struct_fields__, strict=True))


def _of_json(state: Any, key: str | int) -> Any:
    if isinstance(state, dict):
        return _of_object(state, key)
    return _of_list(state, key) if isinstance(state, list) else ABSENT
