"""Any typed command, made from its type alone, and a situation that knows nothing."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from replay.states.model_set import bundled_models
from replay.typed_model import Command

_PLAIN: dict[type[inspect.Type], st.SearchStrategy[Any]] = {
    inspect.StrType: st.text(min_size=1, max_size=8),
    inspect.IntType: st.integers(0, 9),
    inspect.BoolType: st.booleans(),
    inspect.DecimalType: st.decimals(Decimal("0.01"), Decimal(999), places=2),
    inspect.NoneType: st.none(),
}


def commands_of(type_: type[Command]) -> st.SearchStrategy[Any]:
    """As a form could send them, but for patterns: rules must not lean on what forms check."""
    return _of(inspect.type_info(type_))


def _of(info: inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case inspect.Metadata():
            return _of(info.type)
        case inspect.StructType():
            fields = {it.name: _of(it.type) for it in info.fields}
            return st.builds(info.cls, **fields)
        case inspect.VarTupleType() | inspect.ListType():
            items = st.lists(_of(info.item_type), min_size=1, max_size=3)
            return items.map(tuple) if isinstance(info, inspect.VarTupleType) else items
        case inspect.LiteralType():
            return st.sampled_from(list(info.values))
        case inspect.UnionType():
            return st.one_of([_of(it) for it in info.types])
    return _PLAIN[type(info)]


class Nowhere:
    """A situation in which other streams are empty and nobody answers."""

    now_us = 1_772_000_000_000_000
    actor = "ada"

    def new_id(self) -> str:
        return "0b5e11d0"

    def ask(self, gateway: str, request: Any) -> Any:
        raise LookupError(f"nobody answers for {gateway}: {request}")

    def state_of(self, stream: str) -> Any:
        owner = bundled_models().of_stream(stream)
        assert owner is not None
        return owner.initial()

    def row(self, view: str, key: str) -> Any:
        raise LookupError(f"there is no {view} with {key}")
