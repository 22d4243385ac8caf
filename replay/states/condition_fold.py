"""Whether a condition holds of a stream's state, event by event.

What a condition says of a field is asked of the state as the model holds it: a state is made JSON
only where a field of it is a list or an object.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Generic, TypeAlias, TypeVar

from replay.states.field_history import Places
from replay.states.long_list import LongList
from replay.states.model import Model
from replay.states.state_part import ABSENT, PLAIN, json_part, part_of
from store.filter.claims import compared, joined, reached
from store.filter.condition import exact, is_same
from store.filter.tokens import path_of
from store.filter.tree import Changed, Claim, Field, Leaf, Tree, leaves

S = TypeVar("S")
_Pair: TypeAlias = tuple[Any, Any]  # the states before and after an event, as the model holds them

NOTHING: Final[Any] = None  # the state before the first event: every field of it is missing


class ConditionFold(Generic[S]):
    """Folds the events of one stream, in their order, and tells after which the condition holds."""

    __slots__ = ("_holds", "_is_held", "_is_of_changes", "_model", "_state", "events")

    def __init__(self, model: Model[S], tree: Tree) -> None:
        self._model, self._state = model, model.initial()
        self._holds = joined(tree, _leaf)
        self._is_of_changes = asks_for_changes(tree)
        self._is_held = False
        self.events = 0  # folded

    def steps(self, events: Places) -> Iterator[tuple[int, int, bool, S]]:
        """Place and position of every event, whether the condition holds behind it, and the state
        there. Raises what the model raises."""
        evolve, holds, is_of_changes = self._model.evolve, self._holds, self._is_of_changes
        state, is_held, count = self._state, self._is_held, self.events
        try:
            for place, event in events:
                after = evolve(state, event)
                if after is not state or is_of_changes or not count:
                    is_held = holds((state, after))
                    state = after
                count += 1
                yield place, event.position, is_held, state
        finally:
            self._state, self._is_held, self.events = state, is_held, count


def compiled(tree: Tree) -> Callable[[_Pair], bool]:
    """Whether a condition holds after an event, given the states before and after it. It keeps
    nothing from one to the next: of any number of streams."""
    return joined(tree, _leaf_of_any)


def asks_for_changes(tree: Tree) -> bool:
    """Whether it says something of the event itself, and not of the state alone: then it may hold
    of two events in a row and be true twice."""
    return any(isinstance(it, Changed) for it in leaves(tree))


def told_values(state: Any, tree: Tree) -> dict[str, Any]:
    """The JSON values of the fields that a condition names, by their paths; of a list every item.
    What is not there is left out."""
    found = {it.field[1:]: values_at(state, it.field[1:]) for it in leaves(tree)}
    told = {
        path_of(it): values[0] if len(values) == 1 else [*values] for it, values in found.items()
    }
    return {name: value for name, value in told.items() if value is not None}


def values_at(state: Any, path: Field) -> Sequence[Any]:
    """Every value that a field has in a state as a model holds it; None for one that is not
    there. Of a list every item."""
    found = part_of(state, path)
    if type(found) in PLAIN:
        return (found,)
    if found is not ABSENT:
        return tuple(map(exact, reached(json_part(found), ())))
    return tuple(map(exact, reached(_around(state, path), path)))


def _around(state: Any, path: Field) -> Any:
    """As little of the state as JSON as has the path in it."""
    top = part_of(state, path[:1])
    if top is not ABSENT:
        return {path[0]: json_part(top)}
    return json_part(state) if isinstance(state, list | tuple) else NOTHING


def _leaf_of_any(leaf: Leaf) -> Callable[[_Pair], bool]:
    if isinstance(leaf, Changed):
        return _changed(leaf)
    path, holds = leaf.field[1:], compared(leaf)
    return lambda pair: any(map(holds, values_at(pair[1], path)))


def _leaf(leaf: Leaf) -> Callable[[_Pair], bool]:
    return _changed(leaf) if isinstance(leaf, Changed) else _claimed(leaf)


def _changed(leaf: Changed) -> Callable[[_Pair], bool]:
    path = leaf.field[1:]

    def has_changed(pair: _Pair) -> bool:
        before, after = pair
        if before is after:
            return False
        part = part_of(before, path)
        now = part_of(after, path)
        if part is not ABSENT and part is now:
            return False
        if type(part) is LongList and type(now) is LongList:
            return not part.is_like(now, _is_same_entry)
        return not is_same(_around(before, path), _around(after, path), path)

    return has_changed


def _is_same_entry(before: Any, after: Any) -> bool:
    return before is after or is_same(json_part(before), json_part(after))


def _claimed(claim: Claim) -> Callable[[_Pair], bool]:
    """What was found of a part stays true as long as the part is the same object."""
    path, holds = claim.field[1:], compared(claim)
    part: Any = ABSENT
    is_held = False

    def is_claimed(pair: _Pair) -> bool:
        nonlocal part, is_held
        found = part_of(pair[1], path)
        if found is ABSENT or found is not part:
            part, is_held = found, any(map(holds, values_at(pair[1], path)))
        return is_held

    return is_claimed
