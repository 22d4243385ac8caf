"""A condition asked of many states at once: of columns, each with what stands at one of its paths.

All that stands in a column is a single value, or ABSENT. The answer is that of asking one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from operator import and_, eq, ge, gt, le, lt, not_, or_
from typing import Any, Final, TypeAlias

from replay.states.state_part import ABSENT
from store.filter.claims import compared
from store.filter.tree import Changed, Claim, Every, Field, Kind, Not, Some, Tree

Column: TypeAlias = Sequence[Any]
Types: TypeAlias = set[type[Any]]  # of what stands in a column
Answer: TypeAlias = Callable[[Sequence[Column], Sequence[Types]], list[bool]]

_COMPARED: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_ORDERED: Final = frozenset({"number", "text"})  # kinds of which one value is before another

_NOTHING: Final = frozenset({type(None), type(ABSENT)})
_TYPES: Final[dict[Kind, frozenset[type[Any]]]] = {  # of each kind among single values
    "text": frozenset({str}),
    "truth": frozenset({bool}),
    "number": frozenset({int, Decimal}),
}


def by_columns(tree: Tree, places: Mapping[Field, int]) -> Answer:
    """The function of a condition that asks for no change; `places` tells which column stands for
    which path."""
    match tree:
        case Every(parts=parts):
            return _joined(and_, [by_columns(it, places) for it in parts])
        case Some(parts=parts):
            return _joined(or_, [by_columns(it, places) for it in parts])
        case Not(part=part):
            inner = by_columns(part, places)
            return lambda columns, types: list(map(not_, inner(columns, types)))
        case Claim():
            return _claimed(tree, places[tree.field[1:]])
        case Changed():
            raise TypeError("a change is asked of two states")


def _claimed(claim: Claim, at: int) -> Answer:
    kind, holds, compare = claim.kind, compared(claim), _COMPARED.get(claim.comparison)
    if compare not in (None, eq) and kind not in _ORDERED:
        return lambda columns, _types: [False] * len(columns[at])
    if kind == "nothing":
        return _nothing(at)
    known = _TYPES[kind] if compare is not None else _TYPES["text"]

    def ask(columns: Sequence[Column], types: Sequence[Types]) -> list[bool]:
        column = columns[at]
        if known.isdisjoint(types[at]):
            return [False] * len(column)
        if compare is not None and known.issuperset(types[at]):
            return list(map(compare, column, repeat(claim.value)))
        return list(map(holds, column))

    return ask


def _nothing(at: int) -> Answer:
    """What is null, and what is not there; nothing else is said of nothing."""

    def ask(columns: Sequence[Column], types: Sequence[Types]) -> list[bool]:
        if types[at].isdisjoint(_NOTHING):
            return [False] * len(columns[at])
        return [it is None or it is ABSENT for it in columns[at]]

    return ask


def _joined(join: Callable[[Any, Any], Any], parts: Sequence[Answer]) -> Answer:
    first, *others = parts

    def ask(columns: Sequence[Column], types: Sequence[Types]) -> list[bool]:
        found = first(columns, types)
        for other in others:
            found = list(map(join, found, other(columns, types)))
        return found

    return ask
