"""A list of a state with very many entries, which an event changes at a cost that does not grow.

A version shares with the one before it whatever did not change: a copy costs a few hundred
pointers, and each change copies one part of at most some hundred entries, once. Entries are found
by a field of theirs through an index that is kept while the list changes.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from operator import is_
from typing import Any, Final, TypeAlias

LONG: Final = 64  # entries up to which a plain list is as fast
PART: Final = 128  # entries of one part
NONE: Final = -1  # no entry

Key: TypeAlias = Any  # a value of a field, where it can be looked up
_Entries: TypeAlias = list[dict[int, Any]]

_BITS: Final = PART.bit_length() - 1
_FIRST: Final = -(1 << 60)  # numbers are below zero, so that none is taken for a place
_ABSENT: Final = object()


class LongList:
    """Entries in their order. Each has a number by which it is got, set and deleted: they grow
    along the list, and stay as long as nothing is added. `copy` is a version of its own; one that
    is no longer changed may be read by any thread.

    An entry is never changed where it is, since versions share it: another takes its place.
    """

    __slots__ = ("_indexes", "_next", "_numbered", "_size")

    def __init__(self, entries: Iterable[Any] = ()) -> None:
        self._indexes: dict[str, _Index] = {}
        self._number(entries)

    def _number(self, entries: Iterable[Any]) -> None:
        self._next, self._size = _FIRST, 0
        self._numbered = _Parts([])
        self._indexes = {}
        for it in entries:
            self._add(it)

    def copy(self) -> "LongList":
        """A version that may be changed while this one stays."""
        other = LongList.__new__(LongList)
        other._next, other._size = self._next, self._size
        other._numbered = self._numbered.copy()
        other._indexes = {name: it.copy() for name, it in self._indexes.items()}
        return other

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(it.values() for it in self._numbered.parts)

    def __getitem__(self, number: int) -> Any:
        return self._numbered.parts[_part(number)][number]

    def __setitem__(self, number: int, entry: Any) -> None:
        part = self._numbered.own(_part(number))
        before, part[number] = part[number], entry
        for name, index in self._indexes.items():
            if _key_in(before, name) != _key_in(entry, name):
                index.remove(before, number, self._numbered.parts)
                index.add(entry, number)

    def __delitem__(self, number: int) -> None:
        before = self._numbered.own(_part(number)).pop(number)
        self._size -= 1
        for index in self._indexes.values():
            index.remove(before, number, self._numbered.parts)

    def append(self, entry: Any) -> None:
        """At the end. Where many have been deleted the entries get new numbers first."""
        if len(self._numbered.parts) > 4 * (self._size // PART + 2):
            names = tuple(self._indexes)
            self._number(list(self))
            self._indexes = {name: self._indexed(name) for name in names}
        number = self._add(entry)
        for index in self._indexes.values():
            index.add(entry, number)

    def to_change(self, number: int, name: str | int) -> Any:
        """An entry, made one of this version's own: `name` is the field that will be changed."""
        if name in self._indexes:  # nobody tells what it becomes
            self._indexes = {it: index for it, index in self._indexes.items() if it != name}
        part = self._numbered.own(_part(number))
        found = part[number]
        part[number] = found = found.copy()
        return found

    def find(self, name: str, value: Any) -> int:
        """The number of the first entry whose field is a value; NONE where there is none. True is
        not 1."""
        key = _key(value)
        if key is _ABSENT:  # what no index has
            return self._looked_through(name, value)
        index = self._indexes.get(name)
        if index is None:
            index = self._indexed(name)
            self._indexes = {**self._indexes, name: index}  # another thread may look for it too
        return index.first(key, self._numbered.parts)

    def at(self, place: int) -> Any:
        """The entry at a place, from 0. Raises IndexError."""
        for it in self._numbered.parts if place >= 0 else ():
            if place < len(it):
                return next(islice(it.values(), place, None))
            place -= len(it)
        raise IndexError(place)

    def is_like(self, other: "LongList", is_same: Callable[[Any, Any], bool]) -> bool:
        """Whether entry by entry they are the same; what they share is not looked at."""
        if len(self) != len(other):
            return False
        mine, its = self._numbered.parts, other._numbered.parts
        if list(map(len, mine)) != list(map(len, its)):
            return all(map(is_same, self, other))
        return all(
            one is two or all(map(is_same, one.values(), two.values()))
            for one, two in zip(mine, its, strict=True)
        )

    def as_json(self) -> list[Any]:
        """The entries as a list of its own."""
        return list(self)

    def _add(self, entry: Any) -> int:
        number = self._next
        if _part(number) == len(self._numbered.parts):
            self._numbered.begin()
        self._numbered.own(_part(number))[number] = entry
        self._next, self._size = number + 1, self._size + 1
        return number

    def _indexed(self, name: str) -> "_Index":
        index = _Index(name, self._size)
        for part in self._numbered.parts:
            for number, it in part.items():
                index.add(it, number)
        return index

    def _looked_through(self, name: str, value: Any) -> int:
        """A list or an object as a key."""
        numbers = (
            number
            for part in self._numbered.parts
            for number, it in part.items()
            if type(it) is dict and name in it and plain(it[name]) == value
        )
        return next(numbers, NONE)


_CONTAINERS: Final = frozenset({dict, list, LongList})


class _Parts:
    """Dictionaries, each copied before it is changed for the first time."""

    __slots__ = ("_own", "parts")

    def __init__(self, parts: list[dict[Any, Any]]) -> None:
        self.parts = parts
        self._own = set[int]()  # those that no other version has

    def copy(self) -> "_Parts":
        self._own = set()
        return _Parts(self.parts.copy())

    def own(self, number: int) -> dict[Any, Any]:
        if number not in self._own:
            self.parts[number] = self.parts[number].copy()
            self._own.add(number)
        return self.parts[number]

    def begin(self) -> None:
        self._own.add(len(self.parts))
        self.parts.append({})


class _Index:
    """By the values of one field: the number of the only entry that has it, or the parts that have
    several, from the first on. What has changed is told behind the change."""

    __slots__ = ("_keys", "_name", "_parts")

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        self._begin(size)

    def copy(self) -> "_Index":
        other = _Index.__new__(_Index)
        other._name, other._keys, other._parts = self._name, self._keys, self._parts.copy()
        return other

    def first(self, key: Key, parts: _Entries) -> int:
        found: int | tuple[int, ...] = self._parts.parts[self._place(key)].get(key, NONE)
        return found if isinstance(found, int) else next(self._numbers(key, parts[found[0]]))

    def add(self, entry: Any, number: int) -> None:
        key = _key_in(entry, self._name)
        if key is _ABSENT:
            return
        if self._keys > 2 * PART * len(self._parts.parts):
            self._grow()
        known = self._parts.own(self._place(key))
        found = known.get(key)
        if found is None:
            self._keys += 1
            known[key] = number
        elif type(found) is not tuple:
            known[key] = tuple(sorted({_part(found), _part(number)}))
        elif found[-1] != (here := _part(number)) and here not in found:
            known[key] = tuple(sorted((*found, here)))

    def remove(self, entry: Any, number: int, parts: _Entries) -> None:
        key = _key_in(entry, self._name)
        if key is _ABSENT:
            return
        known = self._parts.own(self._place(key))
        found, left = known[key], tuple[int, ...]()
        if type(found) is tuple:
            here = _part(number)
            has_others = next(self._numbers(key, parts[here]), NONE) != NONE
            left = found if has_others else tuple(it for it in found if it != here)
        if left:
            known[key] = left
        else:
            self._keys -= 1
            del known[key]

    def _numbers(self, key: Key, part: dict[int, Any]) -> Iterator[int]:
        name = self._name
        return (number for number, it in part.items() if _key_in(it, name) == key)

    def _begin(self, size: int) -> None:
        count = 1 << max(size // PART, 1).bit_length()
        self._keys, self._parts = 0, _Parts([{} for _ in range(count)])

    def _place(self, key: Key) -> int:
        return hash(key) & (len(self._parts.parts) - 1)

    def _grow(self) -> None:
        known = [it for part in self._parts.parts for it in part.items()]
        self._begin(4 * len(known))
        for key, numbers in known:
            self._parts.own(self._place(key))[key] = numbers
        self._keys = len(known)


def with_long_lists(value: Any) -> Any:
    """A JSON value of its own, whose long lists are such ones."""
    if type(value) is dict:
        return {
            name: with_long_lists(it) if type(it) in _CONTAINERS else it
            for name, it in value.items()
        }
    if type(value) is list:
        found = [with_long_lists(it) if type(it) in _CONTAINERS else it for it in value]
        return kept_as(found)
    return value


def kept_as(entries: list[Any]) -> "list[Any] | LongList":
    """Entries as a state has so many of them."""
    return entries if len(entries) <= LONG else LongList(entries)


def of_its_own(value: Any) -> Any:
    """The same value, to be changed while the given one stays."""
    if type(value) is dict:
        return {
            name: of_its_own(it) if type(it) in _CONTAINERS else it for name, it in value.items()
        }
    if type(value) is list:
        return [of_its_own(it) if type(it) in _CONTAINERS else it for it in value]
    return value.copy() if type(value) is LongList else value


def plain(value: Any) -> Any:
    """A JSON value with plain lists; the same object where it has no other ones."""
    if type(value) is dict:
        fields = {name: plain(it) if type(it) in _CONTAINERS else it for name, it in value.items()}
        return value if all(map(is_, value.values(), fields.values())) else fields
    if type(value) is list:
        entries = [plain(it) if type(it) in _CONTAINERS else it for it in value]
        return value if all(map(is_, value, entries)) else entries
    return [plain(it) for it in value] if type(value) is LongList else value


def _part(number: int) -> int:
    return (number - _FIRST) >> _BITS


def _key_in(entry: Any, name: str) -> Key:
    """What an entry is found by; _ABSENT where it is not."""
    return _key(entry[name]) if type(entry) is dict and name in entry else _ABSENT


def _key(value: Any) -> Key:
    """Equal for equal values alone; _ABSENT for what only looking through finds."""
    kind = type(value)
    if kind is bool:
        return (value,)
    return _ABSENT if kind is dict or kind is list else value
