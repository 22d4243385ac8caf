"""Every view of a log, for a process that runs no code of a person's own."""

from collections.abc import Mapping

from replay.catalog.all_views import views_without_code
from replay.own.own_projections import names_of
from replay.views.checkpoints import Checkpoint
from replay.views.recorded_view import recorded
from replay.views.view import View
from store.place import Place


def views_to_read(place: Place, found: Mapping[str, Checkpoint]) -> tuple[View, ...]:
    """Every view, for a process that runs no code of a person's own: theirs are there once they
    were begun, and as the file of views describes them."""
    own = (recorded(found[it]) for it in names_of(place) if it in found)
    return tuple(sorted((*views_without_code(place), *own), key=lambda it: it.name))
