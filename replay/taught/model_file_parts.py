"""The texts that a model file is put together from: what its functions share, each with those that
it calls."""

from collections.abc import Iterable
from typing import Final

PARTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "Missing": (
        '''class Missing(ValueError):
    """A value, a key or an entry is not there."""
''',
        (),
    ),
    "_at": (
        '''def _at(value: Any, *keys: str | int) -> Any:
    """What stands at some keys of the data. Raises Missing."""
    for key in keys:
        if isinstance(value, dict):
            value = value.get(str(key), UNSET)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            value = UNSET
    if value is UNSET:
        raise Missing(f"the data has no {'.'.join(map(str, keys)) or 'such field'}")
    return value
''',
        ("Missing",),
    ),
    "_number": (
        '''def _number(value: Any) -> Any:
    """A number as it is. Raises ValueError for anything else."""
    if type(value) is int or type(value) is Decimal:
        return value
    raise ValueError(f"this is no number: {value!r}")
''',
        (),
    ),
    "_product": (
        '''def _product(*factors: Any) -> Any:
    """The product of numbers."""
    total: Any = 1
    for factor in factors:
        total *= _number(factor)
    return total
''',
        ("_number",),
    ),
    "_plus": (
        '''def _plus(before: Any, amount: Any) -> Any:
    """A number and an amount; nothing counts as 0."""
    return _number(0 if before is None else before) + amount
''',
        ("_number",),
    ),
    "_minus": (
        '''def _minus(before: Any, amount: Any) -> Any:
    """A number less an amount; nothing counts as 0."""
    return _number(0 if before is None else before) - amount
''',
        ("_number",),
    ),
    "_object": (
        '''def _object(value: Any) -> dict[str, Any]:
    """An object as it is; nothing counts as an empty one. Raises ValueError."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"this is no object: {value!r}")
    return value
''',
        (),
    ),
    "_list": (
        '''def _list(value: Any) -> list[Any]:
    """A list as it is; nothing counts as an empty one. Raises ValueError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"this is no list: {value!r}")
    return value
''',
        (),
    ),
    "_each": (
        '''def _each(value: Any) -> list[Any]:
    """The entries of a list of the data. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError(f"this is no list: {value!r}")
    return value
''',
        (),
    ),
    "_place": (
        '''def _place(entries: list[Any], key: str, value: Any) -> int:
    """Where the first entry with this key is; -1 where there is none. True is not 1."""
    for at, entry in enumerate(entries):
        if isinstance(entry, dict) and key in entry:
            found = entry[key]
            if found == value and isinstance(found, bool) is isinstance(value, bool):
                return at
    return -1
''',
        (),
    ),
    "_place_of": (
        '''def _place_of(entries: list[Any], key: str, value: Any) -> int:
    """Where the first entry with this key is. Raises Missing."""
    place = _place(entries, key, value)
    if place < 0:
        raise Missing(f"there is no entry whose {key} is {value!r}")
    return place
''',
        ("Missing", "_place"),
    ),
    "_changed": (
        '''def _changed(value: Any, keys: Sequence[Any], change: Callable[[Any], Any]) -> Any:
    """The value with what stands at some keys changed. A pair (key, value) is the entry of a list
    with this key. The value that is given stays as it was."""
    if not keys:
        return change(value)
    key, *rest = keys
    if isinstance(key, tuple):
        entries = list(_list(value))
        place = _place_of(entries, *key)
        entries[place] = _changed(entries[place], rest, change)
        return entries
    before = _object(value)
    return {**before, key: _changed(before.get(key), rest, change)}
''',
        ("_list", "_object", "_place_of"),
    ),
    "_without": (
        '''def _without(value: Any, keys: Sequence[Any]) -> Any:
    """The value without what stands at some keys, which are as above."""
    key, *rest = keys
    if isinstance(key, tuple):
        entries = list(_list(value))
        place = _place_of(entries, *key)
        if rest:
            entries[place] = _without(entries[place], rest)
        else:
            del entries[place]
        return entries
    before = _object(value)
    if rest:
        return {**before, key: _without(before.get(key), rest)}
    return {name: it for name, it in before.items() if name != key}
''',
        ("_list", "_object", "_place_of"),
    ),
    "_keyed": (
        '''def _keyed(entry: Any, key: str) -> Any:
    """An entry as it is. Raises Missing where it has no such key."""
    if not isinstance(entry, dict) or key not in entry:
        raise Missing(f"the entry has no {key}")
    return entry
''',
        ("Missing",),
    ),
    "_added": (
        '''def _added(value: Any, entry: Any) -> list[Any]:
    """A list with one entry more."""
    return [*_list(value), entry]
''',
        ("_list",),
    ),
    "_added_by_key": (
        '''\
def _added_by_key(value: Any, entry: Any, key: str, sums: Sequence[str]) -> list[Any]:
    """A list with an entry. Where one with the same key is there, its fields in `sums` are added
    up and the other ones replaced."""
    entries = list(_list(value))
    place = _place(entries, key, entry[key])
    if place < 0:
        return [*entries, entry]
    before = entries[place]
    both = [it for it in sums if it in entry and it in before]
    summed = {it: _plus(before[it], _number(entry[it])) for it in both}
    entries[place] = {**before, **entry, **summed}
    return entries
''',
        ("_list", "_place", "_plus"),
    ),
    "_removed": (
        '''def _removed(value: Any, key: str, wanted: Any, less: Mapping[str, Any]) -> list[Any]:
    """A list without the entry with a key. With amounts to subtract from fields of the entry it
    stays while the first of them is above zero. Raises Missing."""
    entries = list(_list(value))
    place = _place_of(entries, key, wanted)
    left = {name: _minus(entries[place].get(name), amount) for name, amount in less.items()}
    if left and next(iter(left.values())) > 0:
        entries[place] = {**entries[place], **left}
    else:
        del entries[place]
    return entries
''',
        ("_list", "_minus", "_place_of"),
    ),
    "_merged": (
        '''def _merged(before: Any, patch: Any) -> Any:
    """An object with another one merged into it (RFC 7396): null takes a field away."""
    if not isinstance(patch, dict):
        return patch
    after = dict(before) if isinstance(before, dict) else {}
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        else:
            after[name] = _merged(after.get(name), value)
    return after
''',
        (),
    ),
    "_patch": (
        '''def _patch(value: Any) -> dict[str, Any]:
    """What is merged. Raises ValueError for what is no object."""
    if not isinstance(value, dict):
        raise ValueError(f"this is no object: {value!r}")
    return value
''',
        (),
    ),
    "_whole": (
        '''def _whole(data: dict[str, Any]) -> dict[str, Any]:
    """For an event that is taken whole: its data becomes the one field that it has here."""
    return {"data": data}
''',
        (),
    ),
}


def parts_for(names: Iterable[str]) -> list[str]:
    """The texts of these and of those that they call, in the order in which they stand above."""
    wanted, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += PARTS[name][1]
    return [text for name, (text, _) in PARTS.items() if name in wanted]
