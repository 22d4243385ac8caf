"""What of a question can be put to a reader whose positions or versions are others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from store.events import RecordedEvent
from store.filter.evaluate import matches
from store.filter.tree import Tree, leaves
from store.memory_events import meets
from store.query import EventQuery

OF_PLACE: Final = frozenset({"position", "version"})


def asked(query: EventQuery) -> tuple[EventQuery, Callable[[RecordedEvent], bool] | None]:
    """The question without a filter that names places, and that filter by itself."""
    if query.where is None or not names_places(query.where):
        return query, None
    return replace(query, where=None), matches(query.where)


def names_places(tree: Tree) -> bool:
    """Whether a filter asks for a position or a version."""
    return any(it.field[0] in OF_PLACE for it in leaves(tree))


def is_met(query: EventQuery, event: RecordedEvent, links: tuple[str, ...]) -> bool:
    """Whether an event meets every part of a query."""
    return meets(query, event, links) and matches(query.where)(event)
