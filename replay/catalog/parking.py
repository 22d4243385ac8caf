"""Views that stand still at an event: tried again, or told to do without it."""

import sqlite3
from dataclasses import dataclass

from replay.catalog.all_views import problems_of, views_named, views_without_code
from replay.errors import NoReason, NotParked, UnknownView
from replay.own.own_process import DID_NOT_COME_BACK
from replay.own.own_states import own_names
from replay.views import checkpoints, skips
from replay.views.checkpoints import NOWHERE, ProjectionError
from replay.views.read_store import ReadStore, open_views, reading_views
from replay.views.skips import Skip
from store.events import RecordedEvent
from store.interface import EventReader
from store.sqlite.connect import write_transaction
from store.times import now_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """One view that stands still, and the event that its projection fails at."""

    error: ProjectionError
    event: RecordedEvent | None


def parked(log: EventReader) -> tuple[Parked, ...]:
    """Every view that stands still, by name."""
    with reading_views(log) as db:
        found = [] if db is None else sorted(checkpoints.errors(db).items())
    return tuple(Parked(error=it, event=log.event(it.position)) for _, it in found)


def retry(log: EventReader, view: str) -> None:
    """Let the projector try again. Raises UnknownView, NotParked, StoreBusy."""
    store = open_views(log)
    try:
        _error_of(store, log, view)
        _unpark(store, view)
    finally:
        store.close()


def skip(log: EventReader, view: str, *, reason: str, by: str) -> Skip:
    """Let the view do without the event that it stands at, from now on and in every rebuild by
    this definition. Raises UnknownView, NotParked, NoReason, WrongSkips, StoreBusy."""
    if not reason.strip():
        raise NoReason(view)
    store = open_views(log)
    try:
        error = _error_of(store, log, view)
        event = log.event(error.position)
        known = {it.name: it.definition for it in views_named(log.place, [view])}
        if event is None or view not in known:
            raise NotParked(view)
        left_out = Skip(
            view=view,
            definition=known[view],
            position=error.position,
            event_id=event.id,
            error=error.message,
            reason=reason,
            by=by,
            at_us=now_us(),
        )
        skips.add(log.place, left_out)
        _unpark(store, view)
        return left_out
    finally:
        store.close()


def tell_problems(db: sqlite3.Connection, log: EventReader) -> frozenset[str]:
    """Say of the views of a person's own files why they stand still, where the file is not run.
    Returns the names of those that did not come back from an event: they are not tried again
    unasked, as that takes its whole time."""
    problems = problems_of(log.place)
    found = checkpoints.errors(db)
    told = {name: it.message for name, it in found.items() if it.position == NOWHERE}
    if told != problems:
        with write_transaction(db):
            for name in told:
                checkpoints.unpark(db, name)
            for name, problem in problems.items():
                checkpoints.tell(db, name, problem)
    stuck = {name for name, it in found.items() if it.message.startswith(DID_NOT_COME_BACK)}
    return frozenset(stuck - problems.keys())


def _error_of(store: ReadStore, log: EventReader, view: str) -> ProjectionError:
    if view not in {*own_names(log.place), *(it.name for it in views_without_code(log.place))}:
        raise UnknownView(view)
    error = checkpoints.errors(store.db).get(view)
    if error is None:
        raise NotParked(view)
    return error


def _unpark(store: ReadStore, view: str) -> None:
    with write_transaction(store.db):
        checkpoints.unpark(store.db, view)
