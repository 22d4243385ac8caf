"""Loading a state of a long stream by its snapshots, against a short stream without any."""

import random
import statistics
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.event_source import new_events
from benchmarks.measure import Result, seconds
from replay.projections.latest_states import PROJECTION
from replay.read_store import open_views, open_views_to_read
from replay.runner import Runner
from replay.snapshots import EVERY, folded
from replay.stream_states import StreamStates
from replay.view import view_of
from store.connect import create_log, open_log
from store.events import NewEvent
from store.reader import LogReader
from store.writer import Writer

SHORT: Final = 1_000
LOADS: Final = 200


def run(*, quick: bool) -> list[Result]:
    """A fresh reader for each load: nothing is kept in memory between two."""
    size = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, size)
        log = LogReader(open_log(path))
        views = open_views(log)
        runner = Runner(views.db, log, (view_of(PROJECTION),))
        while runner.advance():
            continue
        views.close()
        try:
            return _measure(log, size)
        finally:
            log.close()


def _measure(log: LogReader, size: int) -> list[Result]:
    db = open_views_to_read(log)
    assert db is not None
    dice = random.Random(4)
    head = log.head()

    def load(stream: str, at: int) -> None:
        StreamStates(snapshot_before=partial(folded, db)).at(log, stream, at)

    def fold_short() -> None:
        StreamStates().at(log, "short-1", head)

    long_ms = [
        1e3 * seconds(partial(load, "long-1", dice.randrange(1, size))) for _ in range(LOADS)
    ]
    short_ms = [1e3 * seconds(fold_short) for _ in range(LOADS // 4)]
    db.close()
    median, short = statistics.median(long_ms), statistics.median(short_ms)
    return [
        Result(
            name=f"load a state of {size:,} events, snapshots every {EVERY}", figure=median,
            unit="ms", target=5.0, better="lower", detail=f"p99 {_p99(long_ms):.2f} ms",
        ),
        Result(
            name=f"the same against a stream of {SHORT:,} events without", figure=median / short,
            unit="× short", target=3.0, better="lower", detail=f"short {short:.2f} ms",
        ),
    ]  # fmt: skip


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def _fill(path: Path, size: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    db.execute("PRAGMA synchronous = OFF")
    writer = Writer(db)
    for stream, count in (("long-1", size), ("short-1", SHORT)):
        events: Iterator[NewEvent] = iter(new_events(count, seed=len(stream)))
        version = 0
        while batch := list(islice(events, 10_000)):
            with writer.transaction():
                writer.record((stream, version + n, event) for n, event in enumerate(batch, 1))
            version += len(batch)
    db.close()
