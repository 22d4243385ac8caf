"""One log of all sample domains, and a digest of every view of it: the same wherever its events
were meanwhile, as long as they come back as they were."""

import random
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from msgspec import structs

from replay.catalog.all_views import all_views
from replay.projector.catch_up import catch_up
from replay.view_version import version_named
from replay.views import view_compare
from replay.views.read_store import reading_views
from resources.samples.catalog import SAMPLES
from store.events import NewEvent, RecordedEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from store.transfer.ingest import ingest

EACH = 150  # events of one sample
Sent = tuple[str, NewEvent]  # its stream, and the event


def sample_events(folder: Path) -> list[Sent]:
    """The first events of every sample, mixed. Links stay behind: no server has them."""
    waiting, chance = list[list[Sent]](), random.Random(5)
    for sample in SAMPLES:
        store = folder / f"{sample.name}.foldline"
        ingest(sample.path, into=store)
        with reading(store) as log:
            waiting.append([sent(it) for it in islice(log.read(), EACH)][::-1])
    found = list[Sent]()
    while left := [it for it in waiting if it]:
        found.append(chance.choice(left).pop())
    return found


def sent(it: RecordedEvent) -> Sent:
    """As it is written anywhere else, with its id and its times."""
    return it.stream, NewEvent(
        type=it.type,
        id=it.id,
        data_json=it.data_json,
        metadata_json=it.metadata_json,
        occurred_at_us=it.occurred_at_us,
        occurred_offset_min=it.occurred_offset_min,
        recorded_at_us=it.recorded_at_us,
        recorded_offset_min=it.recorded_offset_min,
    )


def recorded(events: Sequence[Sent], at_us: Iterable[int]) -> list[Sent]:
    """The same events, recorded at these times by a clock without an offset, as servers do."""
    return [
        (stream, structs.replace(it, recorded_at_us=us, recorded_offset_min=0))
        for (stream, it), us in zip(events, at_us, strict=True)
    ]


def times_of(store: Path) -> list[int]:
    """When each event was recorded."""
    with reading(store) as log:
        return [it.recorded_at_us for it in log.read()]


def local_log(path: Path, events: Sequence[Sent]) -> Path:
    """A store that never was on a server."""
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        writer = Writer(db)
        with writer.transaction():
            for stream, event in events:
                writer.append_inside(stream, [event], expected=None)
    return path


def digests(store: Path) -> dict[str, str]:
    """Of all bundled views of a store, brought up to date: a hash of rows and history."""
    with reading(store) as log:
        catch_up(log, tells_age=False)
        with reading_views(log) as db:
            assert db is not None
            return {
                it.name: view_compare.digest(db, it, version_named(it.name)) for it in all_views()
            }
