"""Rows of views with one event and without it, from as few events as can tell."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol, TypeAlias

from replay.catalog.all_views import every_name, views_of
from replay.history.without_answer import APART, NO_ROWS, ViewDiffers
from replay.history.without_progress import Progress
from replay.history.without_rows import Pair
from replay.history.without_sides import Part, Parting, parts_of, together
from replay.own import own_projections, own_states
from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery

SPAN: Final = 500  # positions read at once
RUN: Final = 256  # events of a stream

Links: TypeAlias = Mapping[int, tuple[str, ...]]
# Of what both sides share, as it was read of a stream or (None) of the log between two positions:
# the events as each side has them, in order.
Pairing: TypeAlias = Callable[
    [str | None, Sequence[RecordedEvent], Links, int, int], Sequence[Pair]
]


@dataclass(slots=True)
class Views:
    """What came of the views."""

    found: list[ViewDiffers] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    unasked: list[tuple[str, str]] = field(default_factory=list)


def differing_views(
    log: EventReader,
    db: sqlite3.Connection | None,
    event: RecordedEvent,
    links: tuple[str, ...],
    progress: Progress,
) -> Views:
    """Every view that this process may fold. Raises what `progress` raises, and what a projection
    raises with the event."""
    safe = views_of(log)
    views = Views(unasked=[(it.name, NO_ROWS) for it in safe if it.projection is None])
    known = {it.name for it in safe}
    apart = (it for it in sorted(every_name(log.place) - known) if is_own(log, it))
    views.unasked += [(it, APART) for it in apart]
    rows = [it for it in safe if it.projection is not None]
    partings = [Parting(event=event, links=links, at=event.position)]
    with reading_once(db):
        parts = {it.name: parts_of(log, db, it, partings) for it in rows}
        every = [part for found in parts.values() for part in found]
        fold_parts(log, every, progress, partial(_left_out, event.position))
        for name, found in parts.items():
            differs = together(name, found)
            if differs is None:
                views.same.append(name)
            else:
                views.found.append(differs)
    return views


def _left_out(
    position: int,
    _stream: str | None,
    events: Sequence[RecordedEvent],
    links: Links,
    _after: int,
    _until: int,
) -> Sequence[Pair]:
    return [
        (it, None if it.position == position else it, links.get(it.position, ())) for it in events
    ]


@contextmanager
def reading_once(db: sqlite3.Connection | None) -> Iterator[None]:
    """All that is read of the views is of one moment."""
    if db is None:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


class LogToFold(Protocol):
    """What is read of a log."""

    def page(self, first: int, last: int) -> list[RecordedEvent]: ...
    def read(self, query: EventQuery, *, after: int, until: int) -> Iterator[RecordedEvent]: ...
    def read_stream(
        self, stream: str, *, after: int, until: int, limit: int
    ) -> Iterator[RecordedEvent]: ...
    def links_between(self, first: int, last: int) -> dict[int, tuple[str, ...]]: ...


def fold_parts(log: LogToFold, parts: Sequence[Part], progress: Progress, pairing: Pairing) -> None:
    """Fold the parts up to the head, or until they are settled. Each stream is read once, and the
    log once for all parts that need it. Raises what `progress` raises."""
    streams = dict.fromkeys(it.stream for it in parts if it.stream is not None)
    whole = [it for it in parts if it.stream is None]
    progress.expect(len(streams) + bool(whole))
    for stream in streams:
        of_stream = [it for it in parts if it.stream == stream]
        pages = _of_stream(log, stream, of_stream, progress.head)
        _fold_pages(pages, of_stream, progress, partial(pairing, stream))
    if whole:
        pages = _of_log(log, whole, progress.head)
        _fold_pages(pages, whole, progress, partial(pairing, None))


def _fold_pages(
    pages: Iterator[tuple[int, int, list[RecordedEvent], Links]],
    parts: Sequence[Part],
    progress: Progress,
    pairing: Callable[[Sequence[RecordedEvent], Links, int, int], Sequence[Pair]],
) -> None:
    """Until no later event can change the answer."""
    for after, reached, events, links in pages:
        going = [it for it in parts if not it.is_settled(after)]
        if not going:
            break
        pairs = pairing(events, links, after, reached)
        for it in going:
            it.take(pairs)
        progress.reached(min(reached, progress.head))
    progress.ended()


def _of_stream(
    log: LogToFold, stream: str, parts: Sequence[Part], head: int
) -> Iterator[tuple[int, int, list[RecordedEvent], Links]]:
    """Pages with the positions behind and up to which they go."""
    last = min(it.first for it in parts) - 1
    while last <= head:
        run = list(log.read_stream(stream, after=last, until=head, limit=RUN))
        until = run[-1].position if run else head + 1
        links = log.links_between(run[0].position, until) if run else {}
        yield last, until, run, links
        last = until


def _of_log(
    log: LogToFold, parts: Sequence[Part], head: int
) -> Iterator[tuple[int, int, list[RecordedEvent], Links]]:
    """The same, of the types that are still wanted."""
    first = min(it.first for it in parts)
    while first <= head + 1:
        going = [it for it in parts if not it.is_settled(first - 1)]
        last = min(first + SPAN - 1, head)
        events = _page(log, going, first, last) if first <= last else []
        until = last if last < head else head + 1
        yield first - 1, until, events, log.links_between(first, last) if events else {}
        first = until + 1


def _page(log: LogToFold, parts: Sequence[Part], first: int, last: int) -> list[RecordedEvent]:
    types = frozenset[str]().union(*(it.types or () for it in parts))
    if not parts or any(it.types is None for it in parts):
        return log.page(first, last)
    return list(log.read(EventQuery(types=tuple(types)), after=first - 1, until=last))


def is_own(log: EventReader, name: str) -> bool:
    """Whether a view is folded by code of a person's own."""
    files = own_projections.files_of(log.place)
    return any(name in it.views for it in files) or name in own_states.own_names(log.place)
