"""Where running through a log stops: the next event, or the one before, at which one of some
breakpoints holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol, TypeAlias

import numpy as np

from replay.questions.breakpoint import (
    Breakpoint,
    CategoryBreakpoint,
    EventBreakpoint,
    StreamBreakpoint,
)
from replay.questions.followed_streams import PAGE, FollowedStreams
from replay.questions.log_order import LogOrder, Placed
from replay.states.condition_fold import told_values
from replay.states.stream_states import StreamStates
from store.filter.parse import parse, parse_condition
from store.interface import EventReader
from store.query import EventQuery

WIDEST: Final = 1 << 17  # places looked through at once where no page of them is read
WIDER: Final = 4  # times as many at each step

Told: TypeAlias = Callable[[int, int], None]  # events looked at; the place up to where none stops
Found: TypeAlias = tuple[int, str]  # the place, and the stream whose state it is about or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An event that a breakpoint stops at."""

    position: int
    breakpoint: Breakpoint
    stream: str  # whose state it is about; of an event, where it lives
    values: dict[str, Any]  # of the fields of the state that the condition names


def next_hit(
    log: EventReader,
    states: StreamStates,
    breakpoints: Sequence[Breakpoint],
    *,
    position: int,
    order: LogOrder,
    told: Told = lambda _count, _place: None,
) -> Hit | None:
    """The first one behind a position, as the log is now; where several stop at it, the first of
    them. `told` is called now and then. Raises what folding raises, WrongFilter, and what `told`
    raises."""
    start, end = order.place(position), order.end
    seekers = [_seeker(log, states, it, order, start) for it in breakpoints]
    for page in _pages(log, order, start, end, _width(breakpoints)):
        firsts = [next(it.hits(page), None) for it in seekers]
        if found := [(*it, at) for at, it in enumerate(firsts) if it is not None]:
            place, stream, at = min(found, key=lambda it: it[0])
            return _hit(log, states, breakpoints[at], order, place, stream)
        told(page.last - start, page.last)
    return None


def previous_hit(
    log: EventReader,
    states: StreamStates,
    breakpoints: Sequence[Breakpoint],
    *,
    position: int,
    order: LogOrder,
    told: Told = lambda _count, _place: None,
) -> Hit | None:
    """The last one before a position: what lies before it is looked through in ever wider parts,
    the nearest first."""
    behind = min(order.place(position), order.end + 1)
    end, width = behind - 1, PAGE
    while end > 0:
        start = max(end - width, 0)
        seekers = [_seeker(log, states, it, order, start) for it in breakpoints]
        lasts: list[Found | None] = [None] * len(seekers)
        for page in _pages(log, order, start, end, _width(breakpoints)):
            for at, seeker in enumerate(seekers):
                for hit in seeker.hits(page):
                    lasts[at] = hit
            told(behind - 1 - end + page.last - start, end + 1)
        if found := [(*it, at) for at, it in enumerate(lasts) if it is not None]:
            place, stream, at = max(found, key=lambda it: it[0])
            return _hit(log, states, breakpoints[at], order, place, stream)
        end, width = start, width * WIDER
    return None


class _Page:
    """Some places of an order; their events are read once, if anybody asks."""

    def __init__(self, log: EventReader, order: LogOrder, first: int, last: int) -> None:
        self._log, self._order, self.first, self.last = log, order, first, last

    @cached_property
    def events(self) -> list[Placed]:
        return list(self._order.events(self._log, self.first, self.last))


class _Seeker(Protocol):
    def hits(self, page: _Page) -> Iterator[Found]:
        """In order. Pages come in order too, and without a gap, each taken to its end."""


def _seeker(
    log: EventReader, states: StreamStates, it: Breakpoint, order: LogOrder, start: int
) -> _Seeker:
    match it:
        case EventBreakpoint():
            return _EventSeeker(log, it, order)
        case StreamBreakpoint(stream=stream):
            places = sorted(order.place(at) for at, _, _ in log.stream_moments(stream))
            followed = FollowedStreams(
                log, states, it.where, stream.__eq__, order=order, start=start
            )
            return _StreamSeeker(
                log, stream, followed, places=np.array(places, np.int64), order=order
            )
        case CategoryBreakpoint(category=category):
            beginning = f"{category}-"
            followed = FollowedStreams(
                log, states, it.where, _begins_with(beginning), order=order, start=start
            )
            return _CategorySeeker(beginning, followed)


class _EventSeeker:
    """Events that meet a filter."""

    def __init__(self, log: EventReader, it: EventBreakpoint, order: LogOrder) -> None:
        self._log, self._order = log, order
        self._query = EventQuery(where=parse(it.where))

    def hits(self, page: _Page) -> Iterator[Found]:
        if self._order.is_occurred:
            places = self._occurred
            first = int(np.searchsorted(places, page.first))
            last = int(np.searchsorted(places, page.last, side="right"))
            return ((int(it), "") for it in places[first:last])
        found = self._log.positions(self._query, after=page.first - 1, until=page.last)
        return ((it, "") for it in found)

    @cached_property
    def _occurred(self) -> Any:
        """The places of all of them: those nearest in time may stand anywhere in the log."""
        places = (self._order.place(it) for it in self._log.positions(self._query))
        return np.sort(np.fromiter(places, np.int64))


class _StreamSeeker:
    """One stream: only its own events are read."""

    def __init__(
        self,
        log: EventReader,
        stream: str,
        followed: FollowedStreams,
        *,
        places: Any,
        order: LogOrder,
    ) -> None:
        self._log, self._stream, self._followed = log, stream, followed
        self._places, self._order = places, order

    def hits(self, page: _Page) -> Iterator[Found]:
        first = int(np.searchsorted(self._places, page.first))
        last = int(np.searchsorted(self._places, page.last, side="right"))
        for start in range(first, last, PAGE):
            places = self._places[start : min(start + PAGE, last)].tolist()
            positions = [self._order.position(it) for it in places]
            events = {it.position: it for it in self._log.at_positions(positions)}
            for place, position in zip(places, positions, strict=True):
                if self._followed.is_hit(self._stream, events[position]):
                    yield place, self._stream


class _CategorySeeker:
    """Every stream of a category, in the order of the log."""

    def __init__(self, beginning: str, followed: FollowedStreams) -> None:
        self._beginning, self._followed = beginning, followed

    def hits(self, page: _Page) -> Iterator[Found]:
        beginning, is_hit = self._beginning, self._followed.is_hit
        for place, event, links in page.events:
            home = event.stream
            if home.startswith(beginning) and is_hit(home, event):
                yield place, home
            for stream in links:
                if stream != home and stream.startswith(beginning) and is_hit(stream, event):
                    yield place, stream


def _begins_with(beginning: str) -> Callable[[str], bool]:
    return lambda stream: stream.startswith(beginning)


def _width(breakpoints: Sequence[Breakpoint]) -> int:
    """How many places are looked through at once: no more than are read at once."""
    is_read = any(isinstance(it, CategoryBreakpoint) for it in breakpoints)
    return PAGE if is_read else WIDEST


def _pages(log: EventReader, order: LogOrder, start: int, end: int, widest: int) -> Iterator[_Page]:
    """Those behind a place up to another one."""
    width = PAGE
    while start < end:
        last = min(start + width, end)
        yield _Page(log, order, start + 1, last)
        start, width = last, min(width * WIDER, widest)


def _hit(
    log: EventReader,
    states: StreamStates,
    it: Breakpoint,
    order: LogOrder,
    place: int,
    stream: str,
) -> Hit:
    position = order.position(place)
    event = log.event(position)
    assert event is not None, "it was found"
    if isinstance(it, EventBreakpoint):
        return Hit(position=position, breakpoint=it, stream=event.stream, values={})
    if order.is_occurred:
        state = states.as_occurred(log, stream, event.occurred_at_us, position).state
    else:
        state = states.at(log, stream, position).state
    values = told_values(state, parse_condition(it.where))
    return Hit(position=position, breakpoint=it, stream=stream, values=values)
