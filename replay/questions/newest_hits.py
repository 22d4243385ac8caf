"""The newest events that meet a filter, in the form of an answer to a search."""

from replay.questions.unknown_fields import require_known_fields
from replay.views.search_view import Found
from store.filter.tree import Tree
from store.interface import EventReader
from store.query import EventQuery


def newest_hits(
    log: EventReader, where: Tree | None, *, until: int | None = None, limit: int
) -> Found:
    """At most `limit`, newest first. Raises UnknownField when there is none because of it."""
    as_of = log.head() if until is None else until
    query = EventQuery(where=where)
    found = [it.position for it in log.read(query, until=as_of, limit=limit + 1, reverse=True)]
    if not found and where is not None:
        require_known_fields(log, where)
    return Found(positions=tuple(found[:limit]), is_cut=len(found) > limit, as_of=as_of, behind=0)
