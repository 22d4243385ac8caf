"""Values of an event's data, by the expressions that a person taught, compiled into functions.

Only the fields that are named are decoded, as a typed model decodes those of its events: data that
is no object, or that cannot be read, is no event of the type.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET

from replay.states.diff import Path
from replay.states.long_list import with_long_lists
from replay.taught.paths import Expression, path_words
from replay.words import said
from store import json_text

Get: TypeAlias = Callable[[Any], Any]
# the JSON text of the data → what `Get` takes; None: unread
Read: TypeAlias = Callable[[str | msgspec.Raw], Any]

NUMBERS: Final = frozenset({int, Decimal})  # the types of exact numbers
LONGEST: Final = 60  # characters of a value in a sentence


class Missing(Exception):
    """A value, a key or an entry is not there; a sentence."""


class Unfit(Exception):
    """A value cannot be used for what was taught; a sentence."""


class Reading:
    """How the data of one type is read: whole, or the named fields of it."""

    def __init__(self, names: Iterable[str], *, is_whole: bool) -> None:
        fields = sorted(set(names))
        self.is_whole = is_whole or any(map(is_odd, fields))
        self._slots = {} if self.is_whole else {it: f"f{at}" for at, it in enumerate(fields)}
        self.read: Read = _whole if self.is_whole else _decoder(self._slots)

    def get(self, path: Path) -> Get:
        """Of what `read` gives. The function raises Missing."""
        return _inside(path) if self.is_whole else _in_slot(self._slots[str(path[0])], path)

    def value(self, found: Expression) -> Get:
        """The function raises Missing, Unfit."""
        return _value(found, self.get)


def value_inside(found: Expression) -> Get:
    """Of a JSON value, an entry of a list. The function raises Missing, Unfit."""
    return _value(found, _inside)


def constant_of(found: Expression) -> Any:
    """The product of the numbers of an expression."""
    constant: Any = 1
    for it in found:
        if not isinstance(it, tuple):
            constant *= it
    return constant


def exact(value: Any) -> Any:
    """A JSON value whose numbers are exact, as those of the data are."""
    if type(value) is float:
        return Decimal(repr(value))
    if type(value) is dict:
        return {name: exact(it) for name, it in value.items()}
    return [exact(it) for it in value] if type(value) is list else value


def is_odd(name: str) -> bool:
    """Whether a decoder cannot be told to look for a field of this name alone."""
    return not name or any(it in '"\\' or not it.isprintable() for it in name)


def number(value: Any, what: str) -> Any:
    """Raises Unfit for what is no number."""
    if type(value) in NUMBERS:
        return value
    raise no_number(value, what)


def no_number(value: Any, what: str) -> Unfit:
    """What is told of it."""
    return Unfit(said("{what} is not a number: {value}", what=what, value=shown(value)))


def own(value: Any) -> Any:
    """A value that the state alone has: that of the data may stand in several places of it."""
    return with_long_lists(value) if type(value) is dict or type(value) is list else value


def shown(value: Any) -> str:
    """A value in a sentence."""
    text = json_text.encode(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _whole(text: str | msgspec.Raw) -> Any:
    """As an upcast is handed it: what is no object has no fields."""
    try:
        found = json_text.decode(text if isinstance(text, str) else bytes(text))
    except ValueError:
        return {}
    return found if type(found) is dict else {}


def _decoder(slots: dict[str, str]) -> Read:
    fields = msgspec.defstruct(
        "Fields",
        [(it, Any, UNSET) for it in slots.values()],
        rename={slot: name for name, slot in slots.items()},
        frozen=True,
    )
    decode = msgspec.json.Decoder(fields, float_hook=Decimal).decode

    def read(text: str | msgspec.Raw) -> Any:
        try:
            return decode(text)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        except InvalidOperation:  # a number beyond a Decimal
            data = _whole(text)
            return fields(**{slot: data.get(name, UNSET) for name, slot in slots.items()})

    return read


def _in_slot(slot: str, path: Path) -> Get:
    read, further = attrgetter(slot), _inside(path, 1)

    def get(data: Any) -> Any:
        found = read(data)
        if found is UNSET:
            raise Missing(said("the data has no {path}", path=path_words(path[:1])))
        return found

    def get_within(data: Any) -> Any:
        """Most paths have one key more, the name of a field."""
        found = read(data)
        if type(found) is dict and name in found:
            return found[name]
        return further(get(data))

    if len(path) == 1:
        return get
    if len(path) == 2 and isinstance(path[1], str):
        name = path[1]
        return get_within
    return lambda data: further(get(data))


def _inside(path: Path, start: int = 0) -> Get:
    keys = path[start:]

    def get(value: Any) -> Any:
        for key in keys:
            if type(value) is dict:
                value = value.get(str(key), UNSET)
            elif type(value) is list and type(key) is int and key < len(value):
                value = value[key]
            else:
                value = UNSET
            if value is UNSET:
                raise Missing(said("the data has no {path}", path=path_words(path)))
        return value

    return get


def _value(found: Expression, getter: Callable[[Path], Get]) -> Get:
    if len(found) == 1 and isinstance(found[0], tuple):
        return getter(found[0])
    constant = constant_of(found)
    paths = [it for it in found if isinstance(it, tuple)]
    gets, names = [getter(it) for it in paths], [path_words(it) for it in paths]
    if len(gets) == 2 and constant == 1:
        return _product_of_two((gets[0], gets[1]), (names[0], names[1]))

    def product(data: Any) -> Any:
        total = constant
        values = [get(data) for get in gets]
        for at, value in enumerate(values):
            total *= number(value, names[at])
        return total

    return product


def _product_of_two(gets: tuple[Get, Get], names: tuple[str, str]) -> Get:
    first, second = gets

    def product(data: Any) -> Any:
        one, two = first(data), second(data)
        if type(one) not in NUMBERS:
            raise no_number(one, names[0])
        if type(two) not in NUMBERS:
            raise no_number(two, names[1])
        return 1 * one * two  # rounded as the product of any number of factors is

    return product
