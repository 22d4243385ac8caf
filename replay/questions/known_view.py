"""A view by its name: with the columns that its rows were made with."""

import sqlite3
from typing import Final

from replay.catalog.all_views import views_without_code
from replay.errors import NoRows, UnknownView
from replay.own.own_states import own_names
from replay.rules.rules_tables import NAME as RULES
from replay.timeline.timeline_view import TIMELINE
from replay.view_version import version_named
from replay.views import checkpoints
from replay.views.recorded_view import as_made, recorded, version_of
from replay.views.search_view import SEARCH
from replay.views.view import View
from replay.words import said
from store.interface import EventReader

_ELSEWHERE: Final = {  # what to ask instead of an index
    SEARCH.name: said("Search it with: main.py search STORE WORDS"),
    TIMELINE.name: said("List the events with: main.py log STORE"),
    RULES: said("List the rules and violations with: main.py rules STORE"),
}


def known_view(name: str, log: EventReader, db: sqlite3.Connection | None) -> View:
    """A view of rows as it was made, or a version kept beside one. Raises UnknownView, NoRows."""
    live = version_named(name).view
    found = checkpoints.read_one(db, name) if db else None
    view = code_of(live, log)
    if view is None and live == RULES and live in own_names(log.place):
        raise NoRows(name, hint=_ELSEWHERE.get(live, ""))
    if view is None and found is not None and live in own_names(log.place):
        return recorded(found)
    if view is None:
        raise UnknownView(name)
    if view.projection is None:
        raise NoRows(name, hint=_ELSEWHERE.get(live, ""))
    if name == live:
        return as_made(view, found) if found else view
    if found is None:
        raise UnknownView(name)
    return version_of(view, found)


def code_of(name: str, log: EventReader) -> View | None:
    """The view as the code of now makes it, of those that are safe to have in this process."""
    return next((it for it in views_without_code(log.place) if it.name == name), None)
