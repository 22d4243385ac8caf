"""A view is emptied, to be folded again in its place; and what is kept beside one is dropped."""

from dataclasses import replace

from replay.catalog.all_views import all_views
from replay.errors import UnknownView
from replay.view_version import KEPT, Slot, ViewVersion
from replay.views import checkpoints, reverted, view
from replay.views.read_store import open_views
from replay.views.switch import keep_before, next_generation
from store.interface import EventReader
from store.sqlite.connect import write_transaction


def reset(log: EventReader, name: str) -> None:
    """Empty a view, to be folded again where everybody sees it; what it was is kept beside it.

    Raises UnknownView, StoreBusy.
    """
    known = {it.name: it for it in all_views(log.place)}
    if name not in known:
        raise UnknownView(name)
    it, store = known[name], open_views(log)
    try:
        with write_transaction(store.db):
            found = checkpoints.read_one(store.db, name)
            if found is None:
                return  # it was never folded
            begun = replace(
                found,
                definition=it.definition,
                checkpoint=0,
                checkpoint_id="",
                row_count=0,
                write_count=0,
                is_indexed=False,
                generation=next_generation(store.db, name),
            )
            if view.is_whole(store.db, it):
                keep_before(store.db, it, found)
            if found.definition != it.definition:
                view.drop(store.db, it, Slot.NEXT)
                checkpoints.remove(store.db, it.of.at(Slot.NEXT).name)
            view.create(store.db, it)
            checkpoints.put(store.db, begun)
            checkpoints.unpark(store.db, name)
            reverted.forget(store.db, name)
    finally:
        store.close()


def forget(log: EventReader, name: str) -> None:
    """Drop what is kept beside a view, to save the space. Raises UnknownView, StoreBusy."""
    known = {it.name: it for it in all_views(log.place)}
    if name not in known:
        raise UnknownView(name)
    store = open_views(log)
    try:
        with write_transaction(store.db):
            for slot in KEPT:
                view.drop(store.db, known[name], slot)
                checkpoints.remove(store.db, ViewVersion(name, slot).name)
    finally:
        store.close()
