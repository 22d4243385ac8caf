"""A history as the edits of a branch have it: how its events are put where they stand."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from heapq import merge
from operator import attrgetter

from msgspec import structs

from store.branches.asked_query import Spread, is_met
from store.branches.edited_streams import Touched
from store.branches.joined import Joined
from store.branches.layout import Layout, Placed
from store.branches.places import Run
from store.events import Payload, RecordedEvent, payload_of
from store.query import EventQuery

NOWHERE = Run(0, 0, None)
BY_POSITION = attrgetter("position")
BY_STREAM = attrgetter("stream")


class EditedBase:
    """What the questions about an edited history share. One thread."""

    def __init__(self, raw: Joined, layout: Layout) -> None:
        self._raw = raw
        self._layout = layout
        self._places = layout.places
        self._touched = Touched(layout)
        self._spread = Spread(less=len(layout.removed), more=len(layout.placed))
        self._names: tuple[int, tuple[str, ...]] = (-1, ())  # of types, at a head
        self._first_places: dict[str, int] = {}  # positions of the first events of types

    def _until_plain(self, until: int | None) -> bool:
        """Whether everything up to a position is as it was."""
        return until is not None and until < self._places.first_changed

    def _shown(self, events: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
        """Kept events where they stand, those taken out left out; in either direction."""
        first, end, shift = 0, 0, None
        homes, moved = self._touched.homes, structs.replace
        last, grown = None, 0  # the touched stream of the event before in this run, and its shift
        for event in events:
            there = event.position
            if not first <= there < end:
                run = self._places.run_of(there)
                first, end, shift, last = run.first, run.end, run.shift, None
            if shift is None:
                continue
            home = homes.get(event.stream)
            if home is None:
                yield moved(event, position=there + shift) if shift else event
                continue
            if home is not last:
                last, grown = home, home.shift(there, there + shift)
            if grown:
                yield moved(event, position=there + shift, version=event.version + grown)
            else:
                yield moved(event, position=there + shift) if shift else event

    def _shown_together(self, events: list[RecordedEvent]) -> list[RecordedEvent]:
        """The same of events that are oldest first, for less where all move by as much."""
        run = self._places.run_of(events[0].position) if events else NOWHERE
        shift = run.shift
        if shift is None or events[-1].position >= run.end:
            return list(self._shown(events))
        homes, moved = self._touched.homes, structs.replace
        grown = {
            name: by
            for name in homes.keys() & set(map(BY_STREAM, events))
            if (by := homes[name].shift(run.first, run.first + shift))
        }
        if not grown:
            return [moved(it, position=it.position + shift) for it in events] if shift else events
        return [
            moved(it, position=it.position + shift, version=it.version + grown.get(it.stream, 0))
            for it in events
        ]

    def _said(self, payloads: Iterable[Payload]) -> Iterator[Payload]:
        run, run_of = NOWHERE, self._places.run_of
        for it in payloads:
            there = it.position
            if not run.first <= there < run.end:
                run = run_of(there)
            if run.shift is not None:
                yield structs.replace(it, position=there + run.shift) if run.shift else it

    def _positions(self, theirs: Iterable[int]) -> Iterator[int]:
        run = NOWHERE
        for there in theirs:
            if not run.first <= there < run.end:
                run = self._places.run_of(there)
            if run.shift is not None:
                yield there + run.shift

    def _placed(self, after: int, until: int | None) -> tuple[Placed, ...]:
        """What was put in with after < position <= until."""
        first = bisect_right(self._places.placed, after)
        last = len(self._places.placed)
        if until is not None:
            last = max(bisect_right(self._places.placed, until), first)
        return self._layout.placed[first:last]

    def _placed_in(self, stream: str, after: int, until: int | None) -> list[Placed]:
        """The same of a stream, those linked into it among them."""
        found = self._touched.placed.get(stream, [])
        first = bisect_right(found, after, key=_where)
        last = len(found) if until is None else bisect_right(found, until, key=_where)
        return found[first:last]

    def _met(self, query: EventQuery, after: int, until: int | None) -> list[RecordedEvent]:
        """What was put in and meets a query."""
        return [it.event for it in self._placed(after, until) if is_met(query, it.event, it.links)]


def in_order(
    kept: Iterator[RecordedEvent], placed: list[RecordedEvent], *, reverse: bool
) -> Iterator[RecordedEvent]:
    """Both in the order of their positions; those that were put in are given oldest first."""
    if not placed:
        return kept
    return merge(kept, placed[::-1] if reverse else placed, key=BY_POSITION, reverse=reverse)


def said_in_order(kept: Iterator[Payload], placed: list[RecordedEvent]) -> Iterator[Payload]:
    """The same of payloads."""
    return merge(kept, map(payload_of, placed), key=BY_POSITION) if placed else kept


def _where(placed: Placed) -> int:
    return placed.event.position
