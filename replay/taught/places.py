"""Places of a state while it is changed: a state is an object whose parts may be shared.

With `is_owned` the state is changed where it is. Without, whatever stands on the way to a place is
copied first, so that the state before stays as it was; the outermost object the caller has copied.
A list of more than `replay.states.long_list.LONG` entries is a LongList.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Any, Final, TypeAlias

from replay.states.long_list import NONE, LongList
from replay.taught.paths import Chosen, Target, target_text
from replay.taught.values import Get, Missing, Unfit, shown
from replay.words import said

Keys: TypeAlias = tuple[str | int, ...]  # of an entry its place, or in a long list its number
Resolve: TypeAlias = Callable[[Any, Any], Keys]  # (state, data) → where it is now

NOT_THERE: Final[Any] = object()
_LISTS: Final = frozenset({list, LongList})


def resolver(found: Target, getter: Callable[[Chosen], Get]) -> Resolve:
    """Where a target is in a state: entries of lists by their numbers. The function changes
    nothing; it raises Missing where an entry is not there, Unfit where a list is none."""
    if all(isinstance(it, str) for it in found):
        keys: Keys = tuple(it for it in found if isinstance(it, str))
        return lambda _state, _data: keys
    chosen = [getter(it) if isinstance(it, Chosen) else None for it in found]

    def resolve(state: Any, data: Any) -> Keys:
        keys, here = list[str | int](), state
        values = [get(data) if get is not None else None for get in chosen]
        for at, (it, value) in enumerate(zip(found, values, strict=True)):
            if isinstance(it, str):
                here = _field(here, it, target_text(found[:at]))
                keys.append(it)
            else:
                place = entry_at(here, it.key, value, target_text(found[:at]))
                keys.append(place)
                here = here[place]
        return tuple(keys)

    return resolve


def index_of(entries: Any, key: str, value: Any) -> int:
    """The first entry whose field is a value; NONE where there is none."""
    if type(entries) is LongList:
        return entries.find(key, value)
    try:
        values = list(map(itemgetter(key), entries))
    except (KeyError, TypeError):
        return _looked_for(entries, key, value)  # some have no such field
    place = values.index(value) if value in values else NONE
    if place != NONE and (type(values[place]) is bool) is not (type(value) is bool):
        return _looked_for(entries, key, value)
    return place


def _looked_for(entries: list[Any], key: str, value: Any) -> int:
    is_bool = type(value) is bool
    for at, it in enumerate(entries):
        if type(it) is dict and key in it:
            found = it[key]
            if found == value and (type(found) is bool) is is_bool:
                return at
    return NONE


def holder(state: Any, keys: Keys, is_owned: bool) -> Any:
    """What holds the last of the keys; objects that are not there are made. Raises Unfit."""
    if len(keys) == 1:
        return state
    here = state
    for at, key in enumerate(keys[:-1]):
        if type(here) is LongList:
            assert type(key) is int, "an entry of it has been found"
            here, is_owned = here.to_change(key, keys[at + 1]), False
            continue
        found = here.get(key) if type(key) is str else here[key]
        if found is None:
            found = {}
        elif type(found) is dict or (type(found) in _LISTS and type(keys[at + 1]) is int):
            found = found if is_owned else found.copy()
        else:
            raise Unfit(
                said(
                    "{keys} of the state is not an object: {found}",
                    keys=words(keys[: at + 1]),
                    found=shown(found),
                )
            )
        here[key] = found
        here = found
    return here


def list_in(held: Any, keys: Keys, is_owned: bool) -> Any:
    """The list at the last key, as one that may be changed; a new one where there is none. Raises
    Unfit."""
    found = held.get(keys[-1])
    if found is None:
        found = []
    elif type(found) not in _LISTS:
        raise Unfit(
            said("{keys} of the state is not a list: {found}", keys=words(keys), found=shown(found))
        )
    elif not is_owned or _is_shared(keys):
        found = found.copy()
    held[keys[-1]] = found
    return found


def words(keys: Keys) -> str:
    """A place as a person reads it; nobody counts along a long list."""
    text = "".join(
        f".{it}" if isinstance(it, str) else f"[{it}]" if it >= 0 else "[…]" for it in keys
    )
    return text.removeprefix(".")


def part_at(state: Any, keys: Keys) -> Any:
    """What stands at a place; NOT_THERE where nothing does."""
    here = state
    for key in keys:
        if isinstance(key, int):
            here = _entry(here, key)
        elif type(here) is dict:
            here = here.get(key, NOT_THERE)
        else:
            return NOT_THERE
    return here


def list_at(state: Any, keys: Keys) -> Any:
    """What stands at the place of a list; None where nothing does. Raises Unfit where the way
    there leads through what is no object."""
    if len(keys) == 1:
        return state.get(keys[0])
    here = state
    for at, key in enumerate(keys):
        here = here[key] if isinstance(key, int) else _field(here, key, words(keys[:at]))
    return here


def entry_at(entries: Any, key: str, value: Any, name: str) -> int:
    """The first entry of a list whose field is a value; nothing counts as an empty list. Raises
    Missing; Unfit for what is no list."""
    if entries is None:
        entries = []
    if type(entries) not in _LISTS:
        raise Unfit(
            said("{name} of the state is not a list: {entries}", name=name, entries=shown(entries))
        )
    place = index_of(entries, key, value)
    if place == NONE:
        raise Missing(
            said(
                "{name} has no entry where {key} is {value}", name=name, key=key, value=shown(value)
            )
        )
    return place


def _is_shared(keys: Keys) -> bool:
    """Whether the way leads through an entry of a long list, which other versions may have."""
    return any(isinstance(it, int) and it < 0 for it in keys)


def _entry(entries: Any, key: int) -> Any:
    if type(entries) is LongList:
        return entries[key]
    return entries[key] if type(entries) is list and 0 <= key < len(entries) else NOT_THERE


def _field(value: Any, name: str, whose: str) -> Any:
    if type(value) is dict:
        return value.get(name)
    if value is None:
        return None
    raise Unfit(
        said("{whose} of the state is not an object: {value}", whose=whose, value=shown(value))
    )
