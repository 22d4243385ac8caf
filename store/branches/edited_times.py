"""The time axis of a history as the edits of a branch have it.

The running maximum of what is kept is that below, unless what set it was taken out or moved: then
the events that it was the maximum for are looked at, up to the next one that raises it.
"""

from bisect import bisect_right
from itertools import pairwise

from msgspec import Struct

from store.branches.edited_base import EditedBase
from store.branches.joined import Joined
from store.branches.layout import Layout, Placed
from store.branches.places import FAR


class Span(Struct, frozen=True):
    """Positions here from `first` to `last` that move by as much, or one event that was put in.

    `carried_us` is the running maximum before it; None at the beginning. `exact` are the running
    maxima of its first events, where those below are too great, or it is of one that was put in.
    """

    first: int
    last: int
    shift: int
    carried_us: int | None
    exact: tuple[int, ...] = ()


class EditedTimes(EditedBase):
    """What an edited history says of times."""

    def __init__(self, raw: Joined, layout: Layout) -> None:
        super().__init__(raw, layout)
        self._known: tuple[int, list[Span]] | None = None  # as of which head

    def running_max_us(self, position: int) -> int:
        head = self._raw.head() + self._places.growth
        if not 0 < position <= head:
            return 0
        if self._until_plain(position):
            return self._raw.running_max_us(position)
        return self._latest_us(_span_at(self._spans(head), position), position, None)

    def position_as_of(self, recorded_at_us: int) -> int:
        head = self._raw.head() + self._places.growth
        spans = self._spans(head)
        at = bisect_right(spans, recorded_at_us, key=_carried) - 1
        if at < 0:
            found = self._raw.position_as_of(recorded_at_us)
            return min(found, head, self._places.first_changed - 1)
        span = spans[at]
        exact = bisect_right(span.exact, recorded_at_us)
        least = span.first + exact - 1
        if exact < len(span.exact):
            return least
        there = self._raw.position_as_of(recorded_at_us)
        return min(max(there + span.shift, least), span.last)

    def arrived_at_us(self, position: int) -> int | None:
        at = self._places.placed_at(position)
        if at is not None:
            return self._layout.placed[at].arrived_us
        return self._raw.arrived_at_us(self._places.there(position)) if position > 0 else None

    def moments(self, first: int, last: int) -> list[tuple[int, str, int, int]]:
        first, there = max(first, 1), self._places.there
        if last < first:
            return []
        below = self._raw.moments(there(first - 1) + 1, there(last))
        if self._until_plain(last):
            return below
        spans = self._spans(self._raw.head() + self._places.growth)
        found = [
            (here, type_, self._latest_us(_span_at(spans, here), here, latest_us), occurred_us)
            for position, type_, latest_us, occurred_us in below
            if not self._places.is_removed(position)
            for here in (self._places.here(position),)
        ]
        for it in self._placed(first - 1, last):
            event = it.event
            latest_us = self._latest_us(_span_at(spans, event.position), event.position, None)
            found.append((event.position, event.type, latest_us, event.occurred_at_us))
        return sorted(found)

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        home = self._touched.homes.get(stream)
        found: list[tuple[int, int, int]] = []
        for there, version, occurred_us in self._raw.stream_moments(
            stream, after=self._places.there(after)
        ):
            if not self._places.is_removed(there):
                here = self._places.here(there)
                moved = home.shift(there, here) if home is not None and version else 0
                found.append((here, version + moved, occurred_us))
        for it in self._placed_in(stream, after, None):
            version = it.event.version if it.event.stream == stream else 0
            found.append((it.event.position, version, it.event.occurred_at_us))
        return sorted(found)

    def _spans(self, head: int) -> list[Span]:
        """From the first change on, without a gap, as far as the history reaches now."""
        if self._known is None or self._known[0] != head:
            self._known = head, self._spans_until(head)
        return self._known[1]

    def _spans_until(self, head: int) -> list[Span]:
        firsts = [it for it in self._firsts() if it <= head]
        before = self._places.there(self._places.first_changed - 1)
        carried = self._raw.running_max_us(before) if before else None
        spans: list[Span] = []
        for first, after in pairwise([*firsts, head + 1]):
            at = self._places.placed_at(first)
            if at is None:
                span = self._kept_span(first, after - 1, carried)
            else:
                span = _placed_span(self._layout.placed[at], carried)
            spans.append(span)
            carried = self._latest_us(span, span.last, None)
        return spans

    def _firsts(self) -> list[int]:
        """Where something else begins than is before it."""
        after = [it + 1 for it in self._places.placed]
        there = (it for it in self._places.removed if not self._places.is_removed(it + 1))
        return sorted({*self._places.placed, *after, *(self._places.here(it + 1) for it in there)})

    def _kept_span(self, first: int, last: int, carried: int | None) -> Span:
        there, end = self._places.there(first), self._places.there(last)
        span = Span(first, last, first - there, carried)
        if there == 1:
            return span
        below_us = self._raw.running_max_us(there - 1)
        if carried is not None and carried >= below_us:
            return span
        exact: list[int] = []
        latest = carried
        for event in self._raw.read(
            after=there - 1, until=min(end, self._raw.position_as_of(below_us))
        ):
            known_us = min(event.recorded_at_us, self._raw.running_max_us(event.position))
            latest = known_us if latest is None else max(latest, known_us)
            exact.append(latest)
        return Span(first, last, first - there, carried, tuple(exact))

    def _latest_us(self, span: Span, here: int, below_us: int | None) -> int:
        """The running maximum at a position of the span; `below_us`: the one below, if known."""
        if here - span.first < len(span.exact):
            return span.exact[here - span.first]
        if below_us is None:
            below_us = self._raw.running_max_us(here - span.shift)
        return below_us if span.carried_us is None else max(below_us, span.carried_us)


def _span_at(spans: list[Span], here: int) -> Span:
    at = bisect_right(spans, here, key=_first) - 1
    return spans[at] if at >= 0 else Span(1, here, 0, None)


def _placed_span(placed: Placed, carried: int | None) -> Span:
    known_us = min(placed.event.recorded_at_us, placed.arrived_us)
    latest = known_us if carried is None else max(carried, known_us)
    return Span(placed.event.position, placed.event.position, 0, carried, (latest,))


def _carried(span: Span) -> int:
    return -FAR if span.carried_us is None else span.carried_us


def _first(span: Span) -> int:
    return span.first
