"""The time axis of a history as the edits of a branch have it.

The running maximum of what is kept is that below, unless what set it was taken out or moved: then
the events that it was the maximum for are looked at, up to the next one that raises it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from store.branches.edited_base import NOWHERE, EditedBase
from store.branches.joined import Joined
from store.branches.layout import Layout, Placed
from store.branches.places import FAR

Moment: TypeAlias = tuple[int, str, int, int]  # position, type, running maximum, occurred-at


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


class Spans(Struct, frozen=True):
    """From the first change on, without a gap, as far as the history reaches at a head."""

    head: int
    spans: tuple[Span, ...]
    firsts: tuple[int, ...]  # of each
    carried: tuple[int, ...]  # of each; they ascend

    def at(self, here: int) -> Span:
        """The span of a position that is not behind the head."""
        at = bisect_right(self.firsts, here) - 1
        if at >= 0:
            return self.spans[at]
        return Span(1, self.firsts[0] - 1 if self.firsts else self.head, 0, None)


class EditedTimes(EditedBase):
    """What an edited history says of times."""

    def __init__(self, raw: Joined, layout: Layout) -> None:
        super().__init__(raw, layout)
        self._known = Spans(-1, (), (), ())

    def running_max_us(self, position: int) -> int:
        if self._until_plain(position):
            return self._raw.running_max_us(position)
        known = self._known
        if position > known.head:
            known = self._spans()
            if position > known.head:
                return 0
        return self._latest_us(known.at(position), position, None)

    def position_as_of(self, recorded_at_us: int) -> int:
        found = self._as_of(self._known, recorded_at_us)
        if found < self._known.head:
            return found
        return self._as_of(self._spans(), recorded_at_us)

    def _as_of(self, known: Spans, recorded_at_us: int) -> int:
        """The same as of a head."""
        at = bisect_right(known.carried, recorded_at_us) - 1
        if at < 0:
            found = self._raw.position_as_of(recorded_at_us)
            return min(found, known.head, self._places.first_changed - 1)
        span = known.spans[at]
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

    def moments(self, first: int, last: int) -> list[Moment]:
        first, there = max(first, 1), self._places.there
        if last < first:
            return []
        below = self._raw.moments(there(first - 1) + 1, there(last))
        if self._until_plain(last):
            return below
        known = self._spans()
        found: list[Moment] = []
        last = min(last, known.head)
        while first <= last:
            span = known.at(first)
            until = min(span.last, last)
            found += self._moments_in(span, first, until, below)
            first = until + 1
        return found

    def _moments_in(
        self, span: Span, first: int, last: int, below: Sequence[Moment]
    ) -> Iterable[Moment]:
        """Of positions within a span; `below` are those there, by position."""
        at = self._places.placed_at(first)
        if at is not None:
            event = self._layout.placed[at].event
            return [(first, event.type, span.exact[0], event.occurred_at_us)]
        shift = span.shift
        begin, end = (bisect_left(below, (it - shift,)) for it in (first, last + 1))
        kept = below[begin:end]
        if kept and self._latest_us(span, first, kept[0][2]) == kept[0][2]:
            return [(it[0] + shift, *it[1:]) for it in kept] if shift else kept
        return [
            (it + shift, type_, self._latest_us(span, it + shift, latest_us), occurred_us)
            for it, type_, latest_us, occurred_us in kept
        ]

    def stream_moments(self, stream: str, *, after: int = 0) -> list[tuple[int, int, int]]:
        home = self._touched.homes.get(stream)
        run, run_of = NOWHERE, self._places.run_of
        found: list[tuple[int, int, int]] = []
        for there, version, occurred_us in self._raw.stream_moments(
            stream, after=self._places.there(after)
        ):
            if not run.first <= there < run.end:
                run = run_of(there)
            if run.shift is not None:
                here = there + run.shift
                moved = home.shift(there, here) if home is not None and version else 0
                found.append((here, version + moved, occurred_us))
        placed = self._placed_in(stream, after, None)
        for it in placed:
            version = it.event.version if it.event.stream == stream else 0
            found.append((it.event.position, version, it.event.occurred_at_us))
        return sorted(found) if placed else found

    def _spans(self) -> Spans:
        """As far as the history reaches now."""
        head = self._raw.head() + self._places.growth
        if self._known.head != head:
            spans = self._spans_until(head)
            firsts, carried = (it.first for it in spans), map(_carried, spans)
            self._known = Spans(head, tuple(spans), tuple(firsts), tuple(carried))
        return self._known

    def _spans_until(self, head: int) -> list[Span]:
        """Those that ended before what is known stay as they are."""
        spans = [it for it in self._known.spans if it.last < self._known.head]
        firsts = [it for it in self._firsts if it <= head]
        if spans:
            carried: int | None = self._latest_us(spans[-1], spans[-1].last, None)
        else:
            before = self._places.there(self._places.first_changed - 1)
            carried = self._raw.running_max_us(before) if before else None
        for first, after in pairwise([*firsts[len(spans) :], head + 1]):
            at = self._places.placed_at(first)
            if at is None:
                span = self._kept_span(first, after - 1, carried)
            else:
                span = _placed_span(self._layout.placed[at], carried)
            spans.append(span)
            carried = self._latest_us(span, span.last, None)
        return spans

    @cached_property
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


def _placed_span(placed: Placed, carried: int | None) -> Span:
    known_us = min(placed.event.recorded_at_us, placed.arrived_us)
    latest = known_us if carried is None else max(carried, known_us)
    return Span(placed.event.position, placed.event.position, 0, carried, (latest,))


def _carried(span: Span) -> int:
    return -FAR if span.carried_us is None else span.carried_us
