"""What a claim says of a value, and how claims are joined: the same for events and for states.

Where a path comes to a list, any of its items will do, and an empty list is nothing. Numbers are
compared exactly; a number is never equal to a text; `= null` is what is not there. `~` is a
pattern with * and ?; `contains` looks for a text without regard to the case of ASCII letters.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fnmatch import translate
from operator import ge, gt, le, lt
from typing import Any, Final, TypeVar

from store.filter.tree import Changed, Claim, Every, Field, Kind, Leaf, Not, Some, Tree, kind_of

T = TypeVar("T")

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}

# Of which kind a value is without asking: the types that nearly all values have.
_TYPES: Final[dict[Kind, frozenset[type[Any]]]] = {
    "text": frozenset({str}),
    "number": frozenset({int, Decimal}),
    "truth": frozenset({bool}),
    "nothing": frozenset({type(None)}),
    "other": frozenset(),
}


def joined(tree: Tree, leaf: Callable[[Leaf], Callable[[T], bool]]) -> Callable[[T], bool]:
    """The function of a tree, of the functions of its leaves."""
    match tree:
        case Every(parts=parts):
            return _every([joined(it, leaf) for it in parts])
        case Some(parts=parts):
            return _some([joined(it, leaf) for it in parts])
        case Not(part=part):
            inner = joined(part, leaf)
            return lambda value: not inner(value)
        case Claim() | Changed():
            return leaf(tree)


def compared(claim: Claim) -> Callable[[Any], bool]:
    """Whether a value meets a claim."""
    value, kind = claim.value, claim.kind
    if claim.comparison == "~":
        pattern = re.compile(translate(plain_pattern(str(value))))
        return lambda it: isinstance(it, str) and pattern.match(it) is not None
    if claim.comparison == "contains":
        text = re.compile(re.escape(str(value)), re.IGNORECASE | re.ASCII)
        return lambda it: isinstance(it, str) and text.search(it) is not None
    types = _TYPES[kind]
    if claim.comparison == "=":
        return lambda it: (type(it) in types or kind_of(it) == kind) and bool(it == value)
    compare = _ORDERS[claim.comparison]
    if kind not in ("number", "text"):
        return lambda _it: False
    return lambda it: (type(it) in types or kind_of(it) == kind) and compare(it, value)


def _every(parts: Sequence[Callable[[T], bool]]) -> Callable[[T], bool]:
    """Of two, as there mostly are, without a generator, which would be made for each value."""
    if len(parts) == 2:
        one, other = parts
        return lambda value: one(value) and other(value)
    return lambda value: all(it(value) for it in parts)


def _some(parts: Sequence[Callable[[T], bool]]) -> Callable[[T], bool]:
    if len(parts) == 2:
        one, other = parts
        return lambda value: one(value) or other(value)
    return lambda value: any(it(value) for it in parts)


def plain_pattern(pattern: str) -> str:
    """As a shell's, or GLOB's: here only * and ? stand for something, and a bracket for itself."""
    return pattern.replace("[", "[[]")


def reached(value: Any, path: Field) -> Sequence[Any]:
    """What stands at the end of the path; of a list on the way every item is followed, in its
    order. Without recursion, as lists may lie in lists hundreds deep."""
    found, waiting = list[Any](), [(value, 0)]
    while waiting:
        value, at = waiting.pop()
        while at < len(path) and not isinstance(value, list | tuple):
            value, at = (value.get(path[at]) if isinstance(value, dict) else None), at + 1
        if isinstance(value, list | tuple):
            waiting.extend((it, at) for it in reversed(value))
            if not value:
                found.append(None)
        else:
            found.append(value)
    return found
