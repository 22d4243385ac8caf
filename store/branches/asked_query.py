"""What of a question can be put to a reader whose positions or versions are others."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from store.branches.places import FAR
from store.events import RecordedEvent
from store.filter.evaluate import matches
from store.filter.tree import Claim, Every, Field, Not, Some, Tree, leaves
from store.memory_events import meets
from store.query import EventQuery

POSITION: Final = ("position",)
VERSION: Final = ("version",)


def is_met(query: EventQuery, event: RecordedEvent, links: tuple[str, ...]) -> bool:
    """Whether an event meets every part of a query."""
    return meets(query, event, links) and matches(query.where)(event)


def asked_behind(
    query: EventQuery, last: int
) -> tuple[EventQuery, Callable[[RecordedEvent], bool] | None]:
    """The question as it can be put to a reader whose first event is the one after `last` here;
    and the filter that decides here, where versions are asked for, which are others there."""
    if query.where is None:
        return query, None
    where: Tree | None = moved(query.where, lambda here: here - last)
    if not names(query.where, VERSION):
        return replace(query, where=where), None
    return replace(query, where=_without_versions(where)), matches(query.where)


def moved(tree: Tree, there: Callable[[int], int]) -> Tree:
    """A filter that holds there, with regard to positions, of exactly those events of which this
    one holds here. `there`: the last position there that is not behind one here."""
    match tree:
        case Every(parts=parts):
            return Every(parts=tuple(moved(it, there) for it in parts))
        case Some(parts=parts):
            return Some(parts=tuple(moved(it, there) for it in parts))
        case Not(part=part):
            return Not(part=moved(part, there))
        case Claim(field=("position",)) if (within := bounds(tree)) is not None:
            return _within(tree, *(None if it is None else there(it) for it in within))
    return tree


def names(tree: Tree, field: Field) -> bool:
    """Whether a filter asks for a field."""
    return any(it.field == field for it in leaves(tree))


def edges(tree: Tree, field: Field) -> Iterator[int]:
    """Numbers between which and the next one an answer changes that a filter has of a field."""
    for it in leaves(tree):
        if isinstance(it, Claim) and it.field == field:
            yield from (edge for edge in bounds(it) or () if edge is not None)


def bounds(claim: Claim) -> tuple[int | None, int | None] | None:
    """A whole number meets a comparison when it is greater than the first, and not greater than
    the second; None of a comparison that no number meets."""
    value = claim.value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    near = Decimal(max(min(value, FAR), -FAR))
    least = int(near.to_integral_value(ROUND_CEILING)) - 1
    most = int(near.to_integral_value(ROUND_FLOOR))
    match claim.comparison:
        case "=":
            return least, most
        case ">" | ">=":
            return most if claim.comparison == ">" else least, None
        case "<" | "<=":
            return None, least if claim.comparison == "<" else most
    return None


def _within(claim: Claim, low: int | None, high: int | None) -> Tree:
    above = replace(claim, comparison=">", value=low)
    if high is None:
        return above
    up_to = replace(claim, comparison="<=", value=high)
    return up_to if low is None else Every(parts=(above, up_to))


def _without_versions(tree: Tree | None) -> Tree | None:
    """What holds of every event of which a filter holds, whatever its version; None where all
    may do."""
    if tree is None or not names(tree, VERSION):
        return tree
    match tree:
        case Every(parts=parts):
            kept = tuple(it for part in parts if (it := _without_versions(part)) is not None)
            return Every(parts=kept) if kept else None
        case Some(parts=parts):
            some = [_without_versions(part) for part in parts]
            known = tuple(it for it in some if it is not None)
            return Some(parts=known) if len(known) == len(some) else None
    return None
