"""Look up the events that an id caused, or that belong to one conversation.

The view `causation` answers for the positions that it has seen, and the log is read for those
behind it, so an answer is complete however far behind the view is.
"""

import heapq
import sqlite3
from collections.abc import Iterator
from itertools import chain, islice
from operator import attrgetter
from typing import Final

from replay.views import checkpoints
from replay.views.causation_view import CAUSATION, digest, ids_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery

PAGE: Final = 500  # positions looked up at once
BY_CAUSE: Final = """
SELECT position FROM causation WHERE cause = ? AND position > ? ORDER BY position
"""
BY_CORRELATION: Final = """
SELECT position FROM causation WHERE correlation = ? AND position > ? ORDER BY position
"""


class CausationIndex:
    """Questions to one log and its views. `views` is None where there are none: then the log is
    read. One thread."""

    def __init__(self, views: sqlite3.Connection | None, log: EventReader) -> None:
        self._views = views
        self._log = log

    def caused_by(self, id_: str, *, after: int = 0) -> Iterator[RecordedEvent]:
        """The events whose causation id this is, with position > `after`, oldest first."""
        found = self._found(BY_CAUSE, id_, after=after)
        return (it for it in found if ids_of(it)[0] == id_)

    def caused_in_stream(self, event: RecordedEvent) -> Iterator[RecordedEvent]:
        """The events that this one caused in its own stream, oldest first. What the view has not
        seen is read from the stream alone."""
        seen = self._seen()
        unseen = self._log.read_stream(event.stream, after=max(event.position, seen))
        known: Iterator[RecordedEvent] = iter(())
        if self._views is not None and seen:
            known = self._looked_up(self._views, BY_CAUSE, [digest(event.id), event.position])
        found = (it for it in chain(known, unseen) if it.stream == event.stream)
        return (it for it in found if ids_of(it)[0] == event.id)

    def of_correlation(self, id_: str) -> Iterator[RecordedEvent]:
        """The events whose correlation id this is, and the event with this id, oldest first."""
        begun = self._log.event_by_id(id_)
        first = [begun] if begun is not None and ids_of(begun)[1] != id_ else []
        found = (it for it in self._found(BY_CORRELATION, id_, after=0) if ids_of(it)[1] == id_)
        return heapq.merge(first, found, key=attrgetter("position"))

    def _found(self, sql: str, id_: str, *, after: int) -> Iterator[RecordedEvent]:
        """Events that may be meant, oldest first."""
        seen = self._seen()
        unseen = self._log.read(EventQuery(text=id_), after=max(after, seen))
        if self._views is None or not seen:
            return unseen
        return chain(self._looked_up(self._views, sql, [digest(id_), after]), unseen)

    def _seen(self) -> int:
        """The position up to which the view answers; 0 where it cannot."""
        known = checkpoints.read_one(self._views, CAUSATION.name) if self._views else None
        return known.checkpoint if known and CAUSATION.can_serve(known.definition) else 0

    def _looked_up(
        self, views: sqlite3.Connection, sql: str, values: list[int]
    ) -> Iterator[RecordedEvent]:
        """Whole events, read from the log a page at a time."""
        rows = views.execute(sql, values)
        while page := [position for (position,) in islice(rows, PAGE)]:
            yield from self._log.at_positions(page)
