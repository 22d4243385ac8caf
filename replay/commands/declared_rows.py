"""Rows of views for decisions that declare them: what the view shows, and how far it had come."""

from collections.abc import Mapping
from typing import Any

from replay.errors import ViewBehind
from replay.view_version import version_named
from replay.views.read_store import reading_views
from store.opening import reading
from store.place import Place


class DeclaredRows:
    """For one log. Any thread: each look opens its own connections, read-only.

    Source of the rule: a query store lags behind, so a decision may look at it only when its
    model says so, and what it saw is recorded with the events.
    """

    def __init__(self, place: Place, *, at: int | None = None) -> None:
        self._path = place.path
        self._at = at

    def __call__(self, view: str, key: str) -> tuple[Mapping[str, Any] | None, int]:
        """The row with a key, and the position it is of. Raises ViewBehind, StoreError."""
        from replay.questions.view_query import row  # late: with it come all views, few decisions

        with reading(self._path) as log, reading_views(log) as db:
            found = row(db, log, view, (key,), at=self._at)
        if not found.is_ready or (self._at is not None and found.behind):
            raise ViewBehind(version_named(view), shown=found.as_of, wanted=found.wanted)
        return found.facts(found.rows[0]) if found.rows else None, found.as_of
