"""Every view of a log, for a process that runs no code of a person's own."""

from collections.abc import Mapping

from replay.catalog.all_views import views_of, views_without_code
from replay.own.own_states import own_names
from replay.views.checkpoints import Checkpoint
from replay.views.recorded_view import recorded
from replay.views.view import View
from store.interface import EventReader


def views_to_read(log: EventReader, found: Mapping[str, Checkpoint]) -> tuple[View, ...]:
    """Every view, for a process that runs no code of a person's own: theirs are there once they
    were begun, and as the file of views describes them. Those of categories that the log does
    not have are there once they were asked for."""
    own = (recorded(found[it]) for it in own_names(log.place) if it in found)
    kept = {it.name for it in views_of(log)}
    safe = (it for it in views_without_code(log.place) if it.name in kept or it.name in found)
    return tuple(sorted((*safe, *own), key=lambda it: it.name))
