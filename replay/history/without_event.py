"""What would differ if one event had never been recorded: states of streams, and rows of views.

Everything is folded twice, with the event and without it; nothing is written. Positions and
versions of the other events stay as they are, and so does whatever they were caused by: only what
is folded from the event goes. Streams are those that hold the event, and those of the events it
caused, which may turn out to be the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from replay.catalog.all_views import every_name, views_of
from replay.history.causality import event_at
from replay.history.causation_index import CausationIndex
from replay.lab.lab_difference import differing_keys
from replay.lab.memory_rows import MemoryRows
from replay.own import own_projections, own_states
from replay.projection import Key, Projection
from replay.states.diff import Change, diff, path_text
from replay.states.fold import Folded, fold
from replay.states.stream_states import StreamStates
from replay.views.hearing import heard_by
from replay.words import said
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader

PAGE: Final = 1_000
SHOWN: Final = 200  # rows of one view, and streams, that are listed
APART: Final = said("its code runs in a separate process")
NO_ROWS: Final = said("it is an index and has no rows")

Told = Callable[[int, int], None]  # events folded, of how many at most


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDiffers:
    """A stream whose state would be another one. `path` is the first field that differs; values
    are JSON texts, empty where there is no such field. `failed_at` is the event that cannot be
    folded without the one that is left out, with `error`."""

    stream: str
    path: str
    before: str
    after: str
    count: int  # differences
    failed_at: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDiffers:
    """A row of a view that would be another one: JSON texts, empty where there is no row.
    `column` is the first that differs; without one a whole row comes or goes."""

    key: tuple[str | int, ...]
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewDiffers:
    """A view with rows that would differ, `count` of them; or the event that its projection fails
    at without the one that is left out."""

    view: str
    count: int
    rows: tuple[RowDiffers, ...]
    failed_at: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutEvent:
    """The answer, as of `head`."""

    event: RecordedEvent
    head: int
    streams: tuple[StreamDiffers, ...]
    same_streams: tuple[str, ...]
    views: tuple[ViewDiffers, ...]
    same_views: tuple[str, ...]
    unasked: tuple[tuple[str, str], ...]  # stream or view, and why it was not asked
    caused: int  # events that it caused; they are still there


def without_event(
    log: EventReader,
    states: StreamStates,
    index: CausationIndex,
    position: int,
    *,
    told: Told = lambda _done, _total: None,
) -> WithoutEvent:
    """Fold with and without the event at a position. Any thread; `told` may raise to stop. Raises
    NoSuchEvent, Cancelled."""
    event, head = event_at(log, position), log.head()
    links = log.links(position)
    caused = list(index.caused_by(event.id))
    asked = dict.fromkeys([event.stream, *links, *(it.stream for it in caused)])
    streams, same_streams, unasked = _streams(log, states, list(asked), event, head)
    views, same_views, more = _views(log, event, head, told)
    return WithoutEvent(
        event=event,
        head=head,
        streams=tuple(streams),
        same_streams=tuple(same_streams),
        views=tuple(views),
        same_views=tuple(same_views),
        unasked=(*unasked, *more),
        caused=len(caused),
    )


def _streams(
    log: EventReader,
    states: StreamStates,
    asked: Sequence[str],
    event: RecordedEvent,
    head: int,
) -> tuple[list[StreamDiffers], list[str], list[tuple[str, str]]]:
    found: list[StreamDiffers] = []
    same: list[str] = []
    unasked: list[tuple[str, str]] = []
    for stream in asked[:SHOWN]:
        if states.is_elsewhere(stream):
            unasked.append((stream, APART))
        elif (differs := _stream(log, states, stream, event, head)) is not None:
            found.append(differs)
        else:
            same.append(stream)
    return found, same, [*unasked, *((it, said("there are too many")) for it in asked[SHOWN:])]


def _stream(
    log: EventReader, states: StreamStates, stream: str, event: RecordedEvent, head: int
) -> StreamDiffers | None:
    """From the state before the event on, twice. None where both come to the same."""
    model = states.fold_of(log, stream, head)
    if states.fold_of(log, stream, event.position - 1) is model:
        _, found = states.held_at(log, stream, event.position - 1)
        start = Folded(found.state, event.position - 1, found.events, found.last)
    else:  # the model owns the stream by an event behind it
        start = Folded(model.initial())
    after = partial(log.read_stream, stream, after=start.position, until=head)
    with_it = fold(model, after(), start=start)  # read twice: of a long stream few events are held
    without = model.copy(start.state)
    for it in after():
        if it.position != event.position:
            try:
                without = model.evolve_owned(without, it)
            except Exception as error:  # a model may raise anything at a state it never met
                return _failed(stream, it, error)
    changes = list(diff(model.to_json(with_it.state), model.to_json(without)))
    return _stream_differs(stream, changes) if changes else None


def _stream_differs(stream: str, changes: Sequence[Change]) -> StreamDiffers:
    first = changes[0]
    return StreamDiffers(
        stream=stream,
        path=path_text(first.path),
        before="" if first.kind == "added" else json_text.encode(first.before),
        after="" if first.kind == "removed" else json_text.encode(first.after),
        count=len(changes),
    )


def _failed(stream: str, event: RecordedEvent, error: Exception) -> StreamDiffers:
    return StreamDiffers(
        stream=stream,
        path="",
        before="",
        after="",
        count=0,
        failed_at=event.position,
        error=_words(error),
    )


def _views(
    log: EventReader, event: RecordedEvent, head: int, told: Told
) -> tuple[list[ViewDiffers], list[str], list[tuple[str, str]]]:
    safe = views_of(log)
    unasked = [(it.name, NO_ROWS) for it in safe if it.projection is None]
    known = {it.name for it in safe}
    unasked += [(it, APART) for it in sorted(every_name(log.place) - known) if _is_own(log, it)]
    pairs = [_Pair(it.projection) for it in safe if it.projection is not None]
    touched = [it for it in pairs if it.hears(event)]
    same = [it.name for it in pairs if not it.hears(event)]
    whole = [it for it in touched if not it.is_of_stream]
    alone = [it for it in touched if it.is_of_stream]
    if alone:
        of_home = log.read_stream(event.stream, until=head)
        _fold(alone, ((it, ()) for it in of_home if it.stream == event.stream), event)
    if whole:
        _fold(whole, _all(log, head, told), event)
    found = [it.differs() for it in touched]
    views = [it for it in found if it.count or it.failed_at is not None]
    return views, sorted([*same, *(it.view for it in found if it not in views)]), unasked


def _is_own(log: EventReader, name: str) -> bool:
    files = own_projections.files_of(log.place)
    return any(name in it.views for it in files) or name in own_states.own_names(log.place)


def _all(
    log: EventReader, head: int, told: Told
) -> Iterator[tuple[RecordedEvent, tuple[str, ...]]]:
    for first in range(1, head + 1, PAGE):
        last = min(first + PAGE - 1, head)
        links = log.links_between(first, last)
        yield from ((it, links.get(it.position, ())) for it in log.page(first, last))
        told(last, head)


def _fold(
    pairs: Sequence["_Pair"],
    events: Iterable[tuple[RecordedEvent, tuple[str, ...]]],
    left_out: RecordedEvent,
) -> None:
    for event, links in events:
        for pair in pairs:
            pair.take(event, links, is_left_out=event.position == left_out.position)


class _Pair:
    """Rows of one projection, with the event and without it. Each side has rows of its own: a
    projection may change values of its rows in place."""

    def __init__(self, projection: Projection[Any]) -> None:
        self._projection = projection
        self._with, self._without = MemoryRows(projection), MemoryRows(projection)
        self._failed: tuple[int, str] | None = None

    @property
    def name(self) -> str:
        return self._projection.name

    @property
    def is_of_stream(self) -> bool:
        """Whether the events of one stream alone make the rows that they write."""
        return self._projection.partition_by == "stream"

    def hears(self, event: RecordedEvent) -> bool:
        return bool(heard_by(self._projection, [event]))

    def take(self, event: RecordedEvent, links: tuple[str, ...], *, is_left_out: bool) -> None:
        """The next event. Without the one that is left out a projection may fail: then that is
        the answer."""
        if self._failed is not None:
            return
        for heard in heard_by(self._projection, [event]):
            self._projection.apply(self._with, heard, links)
            if not is_left_out:
                try:
                    self._projection.apply(self._without, heard, links)
                except Exception as error:  # a projection may raise anything
                    self._failed = (event.position, _words(error))

    def differs(self) -> ViewDiffers:
        """What came of it."""
        if self._failed is not None:
            at, error = self._failed
            return ViewDiffers(view=self.name, count=0, rows=(), failed_at=at, error=error)
        keys = sorted(differing_keys(self._with.rows, self._without.rows), key=str)
        rows = [
            _row(it, self._with.rows.get(it), self._without.rows.get(it)) for it in keys[:SHOWN]
        ]
        return ViewDiffers(view=self.name, count=len(keys), rows=tuple(rows))


def _row(key: Key, before: Any, after: Any) -> RowDiffers:
    keys = key if isinstance(key, tuple) else (key,)
    if before is None or after is None:
        return RowDiffers(key=keys, column="", before=_json(before), after=_json(after))
    names = before.__struct_fields__
    pairs = [
        (it, _json_value(getattr(before, it)), _json_value(getattr(after, it))) for it in names
    ]
    name, one, other = next(it for it in pairs if it[1] != it[2])
    return RowDiffers(key=keys, column=name, before=one, after=other)


def _json(row: Any) -> str:
    if row is None:
        return ""
    return json_text.encode({it: getattr(row, it) for it in row.__struct_fields__})


def _json_value(value: Any) -> str:
    return json_text.encode(value)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
