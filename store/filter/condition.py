"""What a condition means: its tree as a function of a state before an event and after it.

States are JSON values: objects, lists, text, truths, and numbers of any kind. A number of a
double's precision is the decimal that it is written as. A state that is not there is None, and
so is every field of it.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import isnan
from typing import Any, TypeAlias

from store.filter.claims import compared, joined, reached
from store.filter.parse import parse_condition
from store.filter.tree import Changed, Field, Leaf, Tree

Condition: TypeAlias = Callable[[Any, Any], bool]
_Pair: TypeAlias = tuple[Any, Any]  # before and after


def condition_of(text: str) -> Condition:
    """The function of a condition as it is typed. Raises WrongFilter."""
    return condition(parse_condition(text))


def condition(tree: Tree) -> Condition:
    """Whether a condition holds after an event, given the states before and after it."""
    holds = joined(tree, _leaf)
    return lambda before, after: holds((before, after))


def is_same(before: Any, after: Any, path: Field = ()) -> bool:
    """Whether the same stands at the end of a path in two values. What is null is as what is not
    there; a list on the way is the same when each of its items is. Without recursion."""
    waiting = [(before, after, 0)]
    while waiting:
        one, other, at = waiting.pop()
        if isinstance(one, list | tuple) and isinstance(other, list | tuple):
            if len(one) != len(other):
                return False
            waiting += [(*pair, at) for pair in zip(one, other, strict=True)]
        elif isinstance(one, list | tuple) or isinstance(other, list | tuple):
            return False
        elif at < len(path):
            waiting.append((_part(one, path[at]), _part(other, path[at]), at + 1))
        elif isinstance(one, dict) and isinstance(other, dict):
            waiting += [(one.get(key), other.get(key), at) for key in {**one, **other}]
        elif one is not other and not _is_equal(exact(one), exact(other)):
            return False
    return True


def _leaf(leaf: Leaf) -> Callable[[_Pair], bool]:
    path = leaf.field[1:]
    if isinstance(leaf, Changed):
        return lambda pair: not is_same(pair[0], pair[1], path)
    holds = compared(leaf)
    return lambda pair: any(holds(exact(it)) for it in _values(pair[1], path))


def _values(state: Any, path: Field) -> Sequence[Any]:
    """What stands at the end of the path: at once where no list is met, which is as a rule."""
    value = state
    for key in path:
        if isinstance(value, list | tuple):
            break
        value = _part(value, key)
    return reached(state, path) if isinstance(value, list | tuple) else (value,)


def _part(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _is_equal(one: Any, other: Any) -> bool:
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def exact(value: Any) -> Any:
    """A double as the number that it is written as. What is no number at all is nothing."""
    if isinstance(value, float):
        return None if isnan(value) else Decimal(repr(value))
    return None if isinstance(value, Decimal) and value.is_nan() else value
