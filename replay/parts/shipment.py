"""What every worker has to know to fold a part of a view, and what it says when it has."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct

from replay.catalog.all_views import bundled_views, views_without_code
from replay.errors import NotShippable
from replay.parts.errors import NotFoldedThere
from replay.projection import Projection
from replay.query_store.interface import StoredView
from replay.views.partition import require_shippable
from replay.views.view import View
from replay.words import said
from store.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where rows go while they are folded. The address may hold a password."""

    address: str = field(repr=False)
    stored: StoredView


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One view that is folded in parts. It can be pickled."""

    view: str
    definition: str  # of its code here: a worker with other code refuses
    log: str | None  # the path of the log whose built views and taught states count
    by: str | None  # what its events are partitioned by; None: they are one part
    parts: int
    done: frozenset[int] = frozenset()  # parts that an earlier run has folded
    skipped: frozenset[int] = frozenset()  # positions of events that the view does without
    folder: str  # of the parts: the same one on every machine
    server: Server | None = None


class PartReport(Struct, frozen=True, kw_only=True):
    """What became of one part. With `words` the projection has failed there."""

    part: int
    events: int
    versions: int
    rows: int
    told_new: int = 0  # versions that a query store did not have
    words: str = ""
    position: int | None = None  # of the event that it failed at, as far as that is known


def projection_there(shipment: Shipment) -> Projection[Any]:
    """The projection, by the code of this machine. Raises NotFoldedThere when it is another one
    than was meant."""
    place = None if shipment.log is None else Place(Path(shipment.log))
    view = next((it for it in safe_views(place) if it.name == shipment.view), None)
    if view is None or view.projection is None or view.definition != shipment.definition:
        reason = said("a worker has other code, or does not reach the files beside the log")
        raise NotFoldedThere(shipment.view, reason)
    return view.projection


def safe_views(place: Place | None) -> tuple[View, ...]:
    """Those whose code is ours: of a log with what was built and taught there."""
    return bundled_views() if place is None else views_without_code(place)


def partition_key(projection: Projection[Any]) -> tuple[str | None, str]:
    """What the events are partitioned by, and why they are one part where they are."""
    try:
        return require_shippable(projection), ""
    except NotShippable as error:
        return None, error.reason
