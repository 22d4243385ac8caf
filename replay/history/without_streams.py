"""States of streams with one event and without it, side by side from the state before it on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from replay.history.without_answer import APART, SHOWN, StreamDiffers, error_text
from replay.history.without_progress import Progress
from replay.states.diff import Change, diff, path_text
from replay.states.fold import Folded, fold
from replay.states.model import Model
from replay.states.stream_states import StreamStates
from replay.words import said
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader

FIRST_RUN: Final = 16  # events between two comparisons of the sides, at first; then twice as many
LONGEST_RUN: Final = 256


@dataclass(slots=True)
class Streams:
    """What came of the streams that were asked."""

    found: list[StreamDiffers] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    unasked: list[tuple[str, str]] = field(default_factory=list)


def differing_streams(
    log: EventReader,
    states: StreamStates,
    asked: Sequence[str],
    event: RecordedEvent,
    progress: Progress,
) -> Streams:
    """The first streams of those that are asked. Raises what `progress` raises, MissingUpcast."""
    streams = Streams()
    here = [it for it in asked[:SHOWN] if not states.is_elsewhere(it)]
    progress.expect(len(here))
    for stream in asked[:SHOWN]:
        if stream not in here:
            streams.unasked.append((stream, APART))
            continue
        differs = _stream(log, states, stream, event, progress)
        if differs is None:
            streams.same.append(stream)
        else:
            streams.found.append(differs)
        progress.ended()
    streams.unasked += [(it, said("there are too many")) for it in asked[SHOWN:]]
    return streams


def _stream(
    log: EventReader,
    states: StreamStates,
    stream: str,
    event: RecordedEvent,
    progress: Progress,
) -> StreamDiffers | None:
    """From the state before the event on, twice. None where both come to the same."""
    model = states.fold_of(log, stream, progress.head)
    if states.fold_of(log, stream, event.position - 1) is model:
        _, found = states.held_at(log, stream, event.position - 1)
        start = Folded(found.state, event.position - 1, found.events, found.last)
    else:  # the model owns the stream by an event behind it
        start = Folded(model.initial())
    with_it, without = start, model.copy(start.state)
    for run in _runs(log, stream, start.position, progress.head):
        with_it = fold(model, run, start=with_it)
        for it in run:
            if it.position != event.position:
                try:
                    without = model.evolve_owned(without, it)
                except Exception as error:  # a model may raise anything at a state it never met
                    return _failed(stream, it, error)
        is_behind = run[-1].position >= event.position
        if is_behind and next(_changes(model, with_it.state, without), None) is None:
            return None  # equal states go on as one
        progress.reached(run[-1].position)
    changes = list(_changes(model, with_it.state, without))
    return _stream_differs(stream, changes) if changes else None


def _runs(log: EventReader, stream: str, after: int, until: int) -> Iterator[list[RecordedEvent]]:
    """Longer and longer ones, as comparing takes as long as the states are large."""
    size = FIRST_RUN
    while run := list(log.read_stream(stream, after=after, until=until, limit=size)):
        yield run
        after, size = run[-1].position, min(2 * size, LONGEST_RUN)


def _changes(model: Model[Any], one: Any, other: Any) -> Iterator[Change]:
    return diff(model.to_json(one), model.to_json(other))


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
        error=error_text(error),
    )
