"""What a filter means: its tree as a function of an event.

Where a path comes to a list, any of its items will do, and an empty list is nothing. Numbers are
compared exactly; a number is never equal to a text; `= null` is what is not there. `~` is a
pattern with * and ?. Of a key that stands twice in an object the last one counts.
"""

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from fnmatch import translate
from operator import ge, gt, le, lt
from typing import Any, Final, TypeAlias

from store import json_text
from store.events import RecordedEvent
from store.filter.parse import parse
from store.filter.tree import DATA, Claim, Every, Field, Not, Some, Tree, kind_of

Matches: TypeAlias = Callable[[RecordedEvent], bool]
_Holds: TypeAlias = Callable[["_Opened"], bool]

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_FACTS: Final[dict[str, Callable[[RecordedEvent], Any]]] = {
    "type": lambda it: it.type,
    "stream": lambda it: it.stream,
    "category": lambda it: it.stream.partition("-")[0],
    "id": lambda it: it.id,
    "position": lambda it: it.position,
    "version": lambda it: it.version,
    "recorded": lambda it: it.recorded_at_us,
    "occurred": lambda it: it.occurred_at_us,
}


def plain_pattern(pattern: str) -> str:
    """As a shell's, or GLOB's: here only * and ? stand for something, and a bracket for itself."""
    return pattern.replace("[", "[[]")


def predicate(text: str) -> Matches:
    """Whether an event meets a filter text; every event meets an empty one. Raises WrongFilter."""
    return matches(parse(text))


def matches(tree: Tree | None) -> Matches:
    """The function of a tree; None is met by every event."""
    if tree is None:
        return lambda _event: True
    holds = _holds(tree)
    return lambda event: holds(_Opened(event))


class _Opened:
    """An event whose documents are read when they are first asked for, and once."""

    __slots__ = ("_data", "_metadata", "event")
    _data: Any
    _metadata: Any

    def __init__(self, event: RecordedEvent) -> None:
        self.event = event

    @property
    def data(self) -> Any:
        try:
            return self._data
        except AttributeError:
            self._data = _document(self.event.data_json)
            return self._data

    @property
    def metadata(self) -> Any:
        try:
            return self._metadata
        except AttributeError:
            self._metadata = _document(self.event.metadata_json)
            return self._metadata


def _holds(tree: Tree) -> _Holds:
    match tree:
        case Every(parts=parts):
            every = tuple(map(_holds, parts))
            return lambda event: all(it(event) for it in every)
        case Some(parts=parts):
            some = tuple(map(_holds, parts))
            return lambda event: any(it(event) for it in some)
        case Not(part=part):
            inner = _holds(part)
            return lambda event: not inner(event)
        case Claim():
            values, holds = _values(tree.field), _compared(tree)
            return lambda event: any(map(holds, values(event)))


def _compared(claim: Claim) -> Callable[[Any], bool]:
    value, kind = claim.value, claim.kind
    if claim.comparison == "~":
        pattern = re.compile(translate(plain_pattern(str(value))))
        return lambda it: isinstance(it, str) and pattern.match(it) is not None
    if claim.comparison == "=":
        return lambda it: kind_of(it) == kind and bool(it == value)
    compare = _ORDERS[claim.comparison]
    if kind not in ("number", "text"):
        return lambda _it: False
    return lambda it: kind_of(it) == kind and compare(it, value)


def _values(field: Field) -> Callable[[_Opened], Sequence[Any]]:
    """Every value that a field has in an event; None for one that is not there."""
    root, path = field[0], field[1:]
    if fact := _FACTS.get(root):
        return lambda opened: (fact(opened.event),)
    if not path:
        return lambda opened: (_actor(opened.metadata),)
    if root == DATA:
        return lambda opened: _reached(opened.data, path)
    return lambda opened: _reached(opened.metadata, path)


def _reached(value: Any, path: Field) -> Sequence[Any]:
    """What stands at the end of the path; of a list on the way every item is followed. Without
    recursion, as lists may lie in lists hundreds deep."""
    found, waiting = list[Any](), [(value, 0)]
    while waiting:
        value, at = waiting.pop()
        while at < len(path) and not isinstance(value, list):
            value, at = (value.get(path[at]) if isinstance(value, dict) else None), at + 1
        if isinstance(value, list) and value:
            waiting.extend((it, at) for it in value)
        else:
            found.append(None if isinstance(value, list) else value)
    return found


def _actor(metadata: Any) -> str | None:
    user = metadata.get("user") if isinstance(metadata, dict) else None
    return None if user is None else str(user)


def _document(text: str) -> Any:
    """The value of a document; None for one that is nested thousands of levels deep."""
    try:
        return json_text.decode(text)
    except (ValueError, ArithmeticError):
        pass
    try:  # a number may be too long for an int, or its exponent for a Decimal
        return json.loads(text, parse_int=Decimal, parse_float=_number, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> Decimal:
    """The number, or where it is greater or smaller than a Decimal can say: infinity or 0."""
    try:
        return Decimal(text)
    except InvalidOperation:
        mantissa, exponent = text.lower().split("e")
        is_nothing = exponent.startswith("-") or not set(mantissa) & set("123456789")
        return Decimal(0 if is_nothing else "-Infinity" if mantissa.startswith("-") else "Infinity")
