"""Histories of every bundled model, out of the sample logs and of what commands wrote."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from replay.states.typed_fold import Reading
from replay.typed_model import TypedModel
from resources.samples.catalog import SAMPLES
from store.events import RecordedEvent
from store.opening import open_reader
from store.transfer.ingest import ingest
from tests.replay.models.written import written_streams

LONGEST = 300  # events of one stream
FIRST = 60  # events of the longest history


@cache
def sample_streams() -> dict[str, tuple[RecordedEvent, ...]]:
    """Stream name → its events, linked ones included."""
    found: dict[str, tuple[RecordedEvent, ...]] = {}
    with TemporaryDirectory() as folder:
        for sample in SAMPLES:
            path = Path(folder, f"{sample.name}.foldline")
            ingest(sample.path, into=path)
            log = open_reader(path)
            for name in sorted(log.stream_names()):
                found[name] = tuple(log.read_stream(name, limit=LONGEST))
            log.close()
    return found


def histories_of(model: TypedModel[Any]) -> list[tuple[RecordedEvent, ...]]:
    """The longest history of a model, cut off at a length; then for each event type that does
    not occur in it the one in which it occurs soonest, up to there."""
    reading = Reading(model)
    streams = [
        tuple(event for event in events if reading.knows(event.type))
        for streams in (sample_streams(), written_streams())
        for name, events in streams.items()
        if model.owns(name)
    ]
    found = [max(streams, key=len)[:FIRST]] if streams else []
    for event in model.events:
        if all(event.__name__ not in types_in(it) for it in found):
            having = [it for it in streams if event.__name__ in types_in(it)]
            cut = [it[: types_in(it).index(event.__name__) + 1] for it in having]
            found += [min(cut, key=len)] if cut else []
    return found


def types_in(events: tuple[RecordedEvent, ...]) -> list[str]:
    """The types of some events."""
    return [it.type for it in events]
