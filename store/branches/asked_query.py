"""What of a question can be put to a reader whose positions or versions are others."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from store.events import RecordedEvent
from store.filter.evaluate import matches
from store.filter.tree import Claim, Every, Some, Tree, leaves
from store.memory_events import meets
from store.query import EventQuery

OF_PLACE: Final = frozenset({"position", "version"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Places here are at most so much `less`, or `more`, than they are there."""

    less: int
    more: int


def asked(
    query: EventQuery, spread: Spread | None = None
) -> tuple[EventQuery, Callable[[RecordedEvent], bool] | None]:
    """The question as it can be put there: one that every event meets which meets it here. And
    the filter that decides here, where the question does not. Without a `spread` nothing is known
    of places there."""
    if query.where is None or not names_places(query.where):
        return query, None
    return replace(query, where=_loosened(query.where, spread)), matches(query.where)


def names_places(tree: Tree) -> bool:
    """Whether a filter asks for a position or a version."""
    return any(it.field[0] in OF_PLACE for it in leaves(tree))


def is_met(query: EventQuery, event: RecordedEvent, links: tuple[str, ...]) -> bool:
    """Whether an event meets every part of a query."""
    return meets(query, event, links) and matches(query.where)(event)


def _loosened(tree: Tree, spread: Spread | None) -> Tree | None:
    """What holds there of every event of which the tree holds here; None where all may do."""
    if not names_places(tree):
        return tree
    match tree:
        case Every(parts=parts):
            kept = tuple(it for part in parts if (it := _loosened(part, spread)) is not None)
            return Every(parts=kept) if kept else None
        case Some(parts=parts):
            some = [_loosened(part, spread) for part in parts]
            known = tuple(it for it in some if it is not None)
            return Some(parts=known) if len(known) == len(some) else None
        case Claim(kind="number") if spread is not None:
            return _wider(tree, spread)
    return None


def _wider(claim: Claim, spread: Spread) -> Tree | None:
    """A comparison of a place with a number, as far as places may have moved."""
    assert not isinstance(claim.value, str | bool | None), "it is a number"
    least, most = claim.value - spread.more, claim.value + spread.less
    match claim.comparison:
        case ">" | ">=":
            return replace(claim, value=least)
        case "<" | "<=":
            return replace(claim, value=most)
        case "=":
            above = replace(claim, comparison=">=", value=least)
            return Every(parts=(above, replace(claim, comparison="<=", value=most)))
    return None
