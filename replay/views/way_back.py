"""The versions of a view that stand beside it: what it was before, and what a rebuild has made.

They are tables with a checkpoint of their own, so they are asked, compared and shown as views
are. A switch is a renaming in one transaction; so is the way back, and the projector then folds
in what the older tables have not seen.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, NoReturn

from msgspec import json

from replay.errors import NoWayBack, UnknownView
from replay.own.own_projections import names_of
from replay.projection import Column
from replay.views import checkpoints, reverted, view
from replay.views.all_views import all_views, views_without_code
from replay.views.checkpoints import Checkpoint
from replay.views.read_store import open_views
from replay.views.view import View
from replay.views.view_tables import BEFORE, NEXT, ViewTables, live_name
from store import json_text
from store.interface import EventReader
from store.sqlite.connect import write_transaction

ASIDE = "__aside"  # while two versions change places


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack:
    """A view that is again what it was."""

    view: str
    checkpoint: int  # the projector folds in what is behind it
    lag: int
    is_older: bool  # made by an older code: it stays as it is, nothing is folded in


def keep_before(db: sqlite3.Connection, it: View, found: Checkpoint) -> None:
    """Put the live tables aside as what the view was before. Inside a transaction."""
    view.rename(db, it, it.name, it.name + BEFORE)
    checkpoints.put(db, replace(found, name=it.name + BEFORE))


def put_in_place(db: sqlite3.Connection, it: View, made: Checkpoint) -> None:
    """What a rebuild has made becomes the view, which is kept beside it. Inside a transaction."""
    found = checkpoints.read_one(db, it.name)
    if found is not None and view.is_whole(db, it):
        keep_before(db, it, found)
    view.rename(db, it, it.name + NEXT, it.name)
    it.describe(db)
    checkpoints.remove(db, it.name + NEXT)
    checkpoints.put(db, made)
    checkpoints.unpark(db, it.name)
    reverted.forget(db, it.name)


def next_generation(db: sqlite3.Connection, name: str) -> int:
    """Higher than that of any version of the view."""
    found = (checkpoints.read_one(db, name + it) for it in ("", BEFORE, NEXT))
    return max((it.generation for it in found if it is not None), default=0) + 1


def go_back(log: EventReader, name: str) -> WentBack:
    """Change places with what the view was before; doing it again undoes it. What an older code
    made stays as it is until a person goes back again, rebuilds it, or changes the code.

    Raises UnknownView, NoWayBack when there is nothing, StoreBusy.
    """
    known = {it.name: it for it in all_views(log.path)}
    if name not in known:
        raise UnknownView(name)
    it, store = known[name], open_views(log)
    try:
        with write_transaction(store.db):
            live, before = (checkpoints.read_one(store.db, name + it) for it in ("", BEFORE))
            if live is None or before is None:
                raise NoWayBack(name, "nothing is kept of what it was before")
            is_older = before.definition != it.definition
            if not it.can_serve(before.definition):
                raise NoWayBack(name, "it was made by another definition, which nothing can read")
            _swap(store.db, it, live, before)
            (reverted.keep if is_older else _unkeep)(store.db, it)
        lag = log.head() - before.checkpoint
        return WentBack(view=name, checkpoint=before.checkpoint, lag=lag, is_older=is_older)
    finally:
        store.close()


def reset(log: EventReader, name: str) -> None:
    """Empty a view, to be folded again where everybody sees it; what it was is kept beside it.

    Raises UnknownView, StoreBusy.
    """
    known = {it.name: it for it in all_views(log.path)}
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
                view.drop(store.db, it, name + NEXT)
                checkpoints.remove(store.db, name + NEXT)
            view.create(store.db, it)
            checkpoints.put(store.db, begun)
            checkpoints.unpark(store.db, name)
            reverted.forget(store.db, name)
    finally:
        store.close()


def forget(log: EventReader, name: str) -> None:
    """Drop what is kept beside a view, to save the space. Raises UnknownView, StoreBusy."""
    known = {it.name: it for it in all_views(log.path)}
    if name not in known:
        raise UnknownView(name)
    store = open_views(log)
    try:
        with write_transaction(store.db):
            for suffix in (BEFORE, NEXT):
                view.drop(store.db, known[name], name + suffix)
                checkpoints.remove(store.db, name + suffix)
    finally:
        store.close()


def blank(it: View, *, generation: int) -> Checkpoint:
    """The checkpoint of a view that has seen nothing yet."""
    return Checkpoint(
        name=it.name,
        title=it.title,
        version=it.version,
        definition=it.definition,
        columns_json=json_text.encode([asdict(column) for column in it.columns]),
        generation=generation,
        checkpoint=0,
        checkpoint_id="",
        row_count=0,
        write_count=0,
        is_indexed=False,
    )


def kept_versions(db: sqlite3.Connection, views: tuple[View, ...]) -> tuple[View, ...]:
    """What stands beside the views, as views."""
    known = {it.name: it for it in views}
    found = checkpoints.read_all(db)
    return tuple(
        version_of(known[live_name(name)], it)
        for name, it in found.items()
        if name.endswith((BEFORE, NEXT)) and live_name(name) in known
    )


def version_of(it: View, found: Checkpoint) -> View:
    """A version of a view, with the columns that it was made with; and with the code only while
    that is still the code that made it."""
    words = "before" if found.name.endswith(BEFORE) else "rebuilt beside it"
    return replace(as_made(it, found), name=found.name, title=f"{found.title}, {words}")


def as_made(it: View, found: Checkpoint) -> View:
    """A view with the columns that it has in the file, whatever the code is now."""
    if found.definition == it.definition:
        return it
    return replace(
        it,
        version=found.version,
        definition=found.definition,
        columns=json.decode(found.columns_json, type=tuple[Column, ...]),
        projection=it.projection if found.definition == it.definition else None,
    )


def recorded(found: Checkpoint) -> View:
    """A view as the file of views describes it, for a process that does not run its code."""
    return replace(
        _NO_CODE,
        name=found.name,
        title=found.title,
        version=found.version,
        definition=found.definition,
        columns=json.decode(found.columns_json, type=tuple[Column, ...]),
    )


def views_to_read(log: Path, found: Mapping[str, Checkpoint]) -> tuple[View, ...]:
    """Every view, for a process that runs no code of a person's own: theirs are there once they
    were begun, and as the file of views describes them."""
    own = (recorded(found[it]) for it in names_of(log) if it in found)
    return tuple(sorted((*views_without_code(log), *own), key=lambda it: it.name))


def _refuse(*_arguments: object) -> NoReturn:
    raise RuntimeError("a view that is only read was to be folded")


_NO_CODE: Final = View(
    name="",
    title="",
    version=0,
    definition="",
    columns=(),
    projection=None,
    tables=(),
    create=_refuse,
    index=_refuse,
    writer=_refuse,
    describe=_refuse,
)


def _unkeep(db: sqlite3.Connection, it: View) -> None:
    reverted.forget(db, it.name)


def _swap(db: sqlite3.Connection, it: View, live: Checkpoint, before: Checkpoint) -> None:
    view.rename(db, it, it.name, it.name + ASIDE)
    view.rename(db, it, it.name + BEFORE, it.name)
    view.rename(db, it, it.name + ASIDE, it.name + BEFORE)
    _describe(db, it, before)
    checkpoints.put(db, replace(before, name=it.name))
    checkpoints.put(db, replace(live, name=it.name + BEFORE))
    checkpoints.unpark(db, it.name)


def _describe(db: sqlite3.Connection, it: View, found: Checkpoint) -> None:
    """As the columns are that the tables were made with."""
    if it.projection is None:
        it.describe(db)
    else:
        ViewTables(it.name, as_made(it, found).columns).create_history(db)
