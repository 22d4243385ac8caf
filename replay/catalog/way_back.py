"""The way back: a view and what it was before change places, in one transaction.

The projector then folds in what the older tables have not seen.
"""

from dataclasses import dataclass

from replay.catalog.all_views import all_views
from replay.errors import NoWayBack, UnknownView
from replay.view_version import Slot
from replay.views import checkpoints, reverted
from replay.views.read_store import open_views
from replay.views.switch import swap
from replay.words import said
from store.interface import EventReader
from store.sqlite.connect import write_transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack:
    """A view that is again what it was."""

    view: str
    checkpoint: int  # the projector folds in what is behind it
    lag: int
    is_older: bool  # made by an older code: it stays as it is, nothing is folded in


def go_back(log: EventReader, name: str) -> WentBack:
    """Change places with what the view was before; doing it again undoes it. What an older code
    made stays as it is until a person goes back again, rebuilds it, or changes the code.

    Raises UnknownView, NoWayBack when there is nothing, StoreBusy.
    """
    known = {it.name: it for it in all_views(log.place)}
    if name not in known:
        raise UnknownView(name)
    it, store = known[name], open_views(log)
    try:
        with write_transaction(store.db):
            live = checkpoints.read_one(store.db, name)
            before = checkpoints.read_one(store.db, it.of.at(Slot.BEFORE).name)
            if live is None or before is None:
                raise NoWayBack(name, said("no previous version of it is stored"))
            is_older = before.definition != it.definition
            if not it.can_serve(before.definition):
                raise NoWayBack(
                    name,
                    said("it was made by a different definition, and no code here can read it"),
                )
            swap(store.db, it, live, before)
            if is_older:
                reverted.keep(store.db, it)
            else:
                reverted.forget(store.db, it.name)
        lag = log.head() - before.checkpoint
        return WentBack(view=name, checkpoint=before.checkpoint, lag=lag, is_older=is_older)
    finally:
        store.close()
