"""Questions with a filter to a history as the edits of a branch have it.

A filter is put to what is below with its positions as they are there. Versions move in few streams
only, and in each by little: the events about which such a filter could be wrong there are few, and
are looked at one by one, like those that were put in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import filterfalse, islice

from msgspec import Struct

from store.branches.asked_query import VERSION, edges, is_met, moved
from store.branches.edited_base import BY_POSITION, EditedBase, in_order, woven
from store.branches.joined import Joined
from store.branches.layout import Layout
from store.branches.places import FAR
from store.events import RecordedEvent
from store.filter.tree import Tree
from store.query import EVERYTHING, EventQuery


class Asked(Struct, frozen=True):
    """A filter `here`, what is asked in its place `there` as of a head, and the kept events for
    which that may come to something else."""

    head: int
    here: Tree | None
    there: Tree | None
    apart: tuple[RecordedEvent, ...] = ()


class EditedQueries(EditedBase):
    """What an edited history says to a query."""

    def __init__(self, raw: Joined, layout: Layout) -> None:
        super().__init__(raw, layout)
        self._last_asked = Asked(-1, None, None)

    def positions(
        self, query: EventQuery, *, after: int = 0, until: int | None = None
    ) -> Iterator[int]:
        if self._until_plain(until):
            return self._raw.positions(query, after=after, until=until)
        asked = self._asked(query.where)
        low, high = self._places.there(after), self._places.until(until)
        found = self._raw.positions(_with(query, asked.there), after=low, until=high)
        run = self._places.run_of(low + 1)
        if run.shift is None or run.end < (FAR if high is None else high + 1):
            kept = self._positions(found)
        else:
            kept = map(run.shift.__add__, found)
        apart = [it.position for it in _between(asked.apart, after, until)]
        if apart:
            kept = filterfalse(frozenset(apart).__contains__, kept)
        met = [it.position for it in self._met(query, asked, after, until)]
        return woven(kept, met, key=int) if met else kept

    def read(
        self,
        query: EventQuery = EVERYTHING,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[RecordedEvent]:
        if self._until_plain(until):
            yield from self._raw.read(query, after=after, until=until, limit=limit, reverse=reverse)
            return
        asked = self._asked(query.where)
        more = len(self._places.removed) + len(asked.apart)
        found = self._raw.read(
            _with(query, asked.there),
            after=self._places.there(after),
            until=self._places.until(until),
            limit=None if limit is None else limit + more,
            reverse=reverse,
        )
        kept = self._shown(found)
        if apart := {it.position for it in _between(asked.apart, after, until)}:
            kept = (it for it in kept if it.position not in apart)
        met = self._met(query, asked, after, until)
        yield from islice(in_order(kept, met, reverse=reverse), limit)

    def _asked(self, where: Tree | None) -> Asked:
        """The same filter is asked again and again while a list is scrolled."""
        if where is None:
            return Asked(-1, None, None)
        head, last = self._raw.head(), self._last_asked
        if last.head == head and last.here == where:
            return last
        apart = tuple(self._apart(sorted({*edges(where, VERSION)})))
        self._last_asked = Asked(head, where, moved(where, self._places.there), apart)
        return self._last_asked

    def _apart(self, versions: Sequence[int]) -> list[RecordedEvent]:
        """The kept events whose version is up to one of these here and not there, or the other
        way about."""
        found: dict[int, RecordedEvent] = {}
        for stream, home in self._touched.homes.items() if versions else ():
            for first, last, shift in home.moves:
                for edge in versions:
                    low = max(first, edge + 1 - max(shift, 0))
                    high = min(last, edge - min(shift, 0))
                    found |= {it.position: it for it in self._of_home(stream, low, high)}
        return sorted(self._shown(found.values()), key=BY_POSITION)

    def _of_home(self, stream: str, low: int, high: int) -> Iterator[RecordedEvent]:
        """The events with these versions below."""
        begin = self._raw.position_of(stream, low) if low <= high else None
        if begin is None:
            return iter(())
        end = self._raw.position_of(stream, high)
        found = self._raw.read_stream(stream, after=begin - 1, until=end)
        return (it for it in found if it.stream == stream)

    def _met(
        self, query: EventQuery, asked: Asked, after: int, until: int | None
    ) -> list[RecordedEvent]:
        """What was put in, and what is looked at one by one, of that what meets a query."""
        met = [it.event for it in self._placed(after, until) if is_met(query, it.event, it.links)]
        apart = _between(asked.apart, after, until)
        if not apart:
            return met
        met += [it for it in apart if is_met(query, it, self._links_asked(query, it))]
        return sorted(met, key=BY_POSITION)

    def _links_asked(self, query: EventQuery, event: RecordedEvent) -> tuple[str, ...]:
        there = self._places.there(event.position)
        return self._raw.links(there) if query.streams else ()


def _with(query: EventQuery, where: Tree | None) -> EventQuery:
    return query if where is query.where else replace(query, where=where)


def _between(events: Sequence[RecordedEvent], after: int, until: int | None) -> list[RecordedEvent]:
    return [it for it in events if it.position > after and (until is None or it.position <= until)]
