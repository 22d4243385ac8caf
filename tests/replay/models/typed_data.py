"""Random payloads for any typed event, out of the type itself."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from replay.typed_model import Event
from store import json_text
from store.events import RecordedEvent

TEXTS = st.text(max_size=3)
SMALL = st.integers(-3, 300)
MONEY = st.decimals(-1_000, 1_000, allow_nan=False, allow_infinity=False, places=2)


def payloads(event: type[Event]) -> st.SearchStrategy[Any]:
    """What an event of this type may carry, as JSON values."""
    return _values(inspect.type_info(event))


def histories(events: Sequence[type[Event]], stream: str) -> st.SearchStrategy[Any]:
    """Streams of a few events of these types, in any order, as they would be recorded."""
    one = st.one_of([st.tuples(st.just(it.__name__), payloads(it)) for it in events])
    return st.lists(one, max_size=8).map(
        lambda chosen: [recorded(stream, at, *it) for at, it in enumerate(chosen, 1)]
    )


def recorded(stream: str, at: int, type_: str, data: Any) -> RecordedEvent:
    """The event in a log that holds nothing else."""
    return RecordedEvent(
        at, stream, at, type_, f"e{at}", at, 0, at, 0, json_text.encode(data), "{}", None
    )


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            return _structs(kind)
        case inspect.Metadata(type=inner):
            return _values(inner)
        case inspect.UnionType(types=types):
            return st.one_of([_values(it) for it in types])
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return st.lists(_values(item), max_size=3)
        case inspect.TupleType(item_types=items):
            return st.tuples(*(_values(it) for it in items))
        case inspect.DictType(value_type=value):
            return st.dictionaries(st.sampled_from("012"), _values(value), max_size=3)
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.EnumType(cls=cls):
            return st.sampled_from([it.value for it in cls])
    return _plain(kind)


def _plain(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern, fullmatch=True)
        case inspect.StrType(min_length=least):
            return st.text(min_size=least or 0, max_size=3)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType(ge=least):
            return st.integers(least if least is not None else -3, 300)
        case inspect.DecimalType() | inspect.FloatType():
            return MONEY
        case inspect.NoneType():
            return st.none()
        case inspect.AnyType():
            return st.one_of(st.none(), TEXTS, SMALL)
    raise TypeError(f"nobody has said how to make one of these: {kind}")


def _structs(kind: inspect.StructType) -> st.SearchStrategy[Any]:
    needed = {it.encode_name: _values(it.type) for it in kind.fields if it.required}
    others = {it.encode_name: _values(it.type) for it in kind.fields if not it.required}
    return st.fixed_dictionaries(needed, optional=others)
