"""A history as the edits of a branch have it: how its events are put where they stand."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from operator import attrgetter, gt, lt
from typing import Final, TypeVar

from msgspec import structs

from store.branches.edited_streams import Touched
from store.branches.joined import Joined
from store.branches.layout import Layout, Placed
from store.branches.places import FAR, Run
from store.events import Payload, RecordedEvent, payload_of

T = TypeVar("T")

NOWHERE: Final = Run(0, 0, None)
PAGE: Final = 1_000  # events that are shown at once, where as many are read at once below
BY_POSITION: Final = attrgetter("position")
BY_STREAM: Final = attrgetter("stream")


class EditedBase:
    """What the questions about an edited history share. One thread."""

    def __init__(self, raw: Joined, layout: Layout) -> None:
        self._raw = raw
        self._layout = layout
        self._places = layout.places
        self._touched = Touched(layout)
        self._last_run = NOWHERE  # of what was shown last

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

    def _shown_by_pages(self, events: Iterator[RecordedEvent]) -> Iterator[RecordedEvent]:
        """The same, for less; it asks for many events before it gives one."""
        first = list(islice(events, PAGE))
        shown = iter(self._shown_together(first))
        if len(first) < PAGE:
            return shown
        return chain(shown, chain.from_iterable(map(self._shown_together, _pages(events))))

    def _shown_together(self, events: list[RecordedEvent]) -> list[RecordedEvent]:
        """The same of some events, for less where all move by as much."""
        if not events:
            return []
        run, at = self._last_run, events[0].position
        if not run.first <= at < run.end:
            run = self._last_run = self._places.run_of(at)
        shift = run.shift
        if shift is None or not run.first <= events[-1].position < run.end:
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
        """Where kept events are; theirs ascend."""
        theirs = iter(theirs)
        end, shift = 0, None
        for there in theirs:
            if there >= end:
                run = self._places.run_of(there)
                end, shift = run.end, run.shift
            if shift is None:
                continue
            yield there + shift
            if end == FAR:  # all others move by as much
                yield from map(shift.__add__, theirs)

    def _placed(self, after: int, until: int | None) -> tuple[Placed, ...]:
        """What was put in with after < position <= until."""
        first = bisect_right(self._places.placed, after)
        last = len(self._places.placed)
        if until is not None:
            last = max(bisect_right(self._places.placed, until), first)
        return self._layout.placed[first:last]

    def _placed_in(self, stream: str, after: int, until: int | None) -> list[Placed]:
        """The same of a stream, those linked into it among them."""
        found = self._touched.placed.get(stream)
        if found is None:
            return []
        first = bisect_right(found, after, key=_where)
        last = len(found) if until is None else bisect_right(found, until, key=_where)
        return found[first:last]


def in_order(
    kept: Iterator[RecordedEvent], placed: list[RecordedEvent], *, reverse: bool
) -> Iterator[RecordedEvent]:
    """Both in the order of their positions; those that were put in are given oldest first."""
    if not placed:
        return kept
    return woven(kept, placed[::-1] if reverse else placed, key=BY_POSITION, reverse=reverse)


def said_in_order(kept: Iterator[Payload], placed: list[RecordedEvent]) -> Iterator[Payload]:
    """The same of payloads."""
    return woven(kept, [*map(payload_of, placed)], key=BY_POSITION) if placed else kept


def woven(
    many: Iterator[T], few: Iterable[T], *, key: Callable[[T], int], reverse: bool = False
) -> Iterator[T]:
    """Both by their keys, in which each is already."""
    is_before = gt if reverse else lt
    held = next(many, None)
    for it in few:
        at = key(it)
        while held is not None and is_before(key(held), at):
            yield held
            held = next(many, None)
        yield it
    if held is not None:
        yield held
        yield from many


def _pages(events: Iterator[RecordedEvent]) -> Iterator[list[RecordedEvent]]:
    while page := list(islice(events, PAGE)):
        yield page


def _where(placed: Placed) -> int:
    return placed.event.position
