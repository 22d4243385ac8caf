"""Every view of a log: those of the projections in the folder, and the timeline."""

from functools import cache

from replay.projections import find_projections
from replay.timeline_view import TIMELINE
from replay.view import View, view_of


@cache
def all_views() -> tuple[View, ...]:
    """What the projector keeps up to date, by name. Raises ValueError when two share a name."""
    found = [TIMELINE, *(view_of(projection) for projection in find_projections())]
    if len({view.name for view in found}) < len(found):
        raise ValueError("two projections have the same name")
    return tuple(sorted(found, key=lambda view: view.name))
