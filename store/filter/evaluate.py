"""What a filter means: its tree as a function of an event.

What a claim says of a value stands in `store.filter.claims`. Of a key that stands twice in an
object the last one counts.
"""

import json
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from store import json_text
from store.events import RecordedEvent
from store.filter.claims import compared, joined, reached
from store.filter.parse import parse
from store.filter.tree import ANYTHING, DATA, IN_METADATA, Changed, Field, Leaf, Tree
from store.words import said

Matches: TypeAlias = Callable[[RecordedEvent], bool]

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


def predicate(text: str) -> Matches:
    """Whether an event meets a filter text; every event meets an empty one. Raises WrongFilter."""
    return matches(parse(text))


def matches(tree: Tree | None) -> Matches:
    """The function of a tree; None is met by every event."""
    if tree is None:
        return lambda _event: True
    holds = joined(tree, _claimed)
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


def _claimed(leaf: Leaf) -> "Callable[[_Opened], bool]":
    if isinstance(leaf, Changed):
        return lambda _event: False  # of a state alone
    values, holds = _values(leaf.field), compared(leaf)
    return lambda event: any(map(holds, values(event)))


def _values(field: Field) -> Callable[[_Opened], Sequence[Any]]:
    """Every value that a field has in an event; None for one that is not there."""
    root, path = field[0], field[1:]
    if fact := _FACTS.get(root):
        return lambda opened: (fact(opened.event),)
    if root == ANYTHING:
        return _texts
    if key := IN_METADATA.get(root):
        return lambda opened: (_text_at(opened.metadata, key),)
    if root == DATA:
        return lambda opened: reached(opened.data, path)
    return lambda opened: reached(opened.metadata, path)


def _texts(opened: _Opened) -> Sequence[str]:
    """Whatever a person may look for. Behind a NUL there is no document any more."""
    it = opened.event
    documents = (text.partition("\0")[0] for text in (it.data_json, it.metadata_json))
    return (it.type, it.stream, it.id, *documents)


def _text_at(metadata: Any, key: str) -> str | None:
    value = metadata.get(key) if isinstance(metadata, dict) else None
    return None if value is None else str(value)


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
    raise ValueError(said("{name} is not JSON", name=name))


def _number(text: str) -> Decimal:
    """The number, or where it is greater or smaller than a Decimal can say: infinity or 0."""
    try:
        return Decimal(text)
    except InvalidOperation:
        mantissa, exponent = text.lower().split("e")
        is_nothing = exponent.startswith("-") or not set(mantissa) & set("123456789")
        return Decimal(0 if is_nothing else "-Infinity" if mantissa.startswith("-") else "Infinity")
