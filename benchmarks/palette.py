"""The palette over a store of many streams: from a key to the list, painted.

Each measurement runs in a process of its own, on a real window on the offscreen platform. The
first word is typed right after the palette was opened: the names are read for it, and join what is
listed at once.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.event_source import new_events
from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from replay.projector.catch_up import catch_up
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

KEY_MS: Final = 50.0
JOIN_MS: Final = 300.0  # meanwhile everything else is listed
CATEGORIES: Final = ("order", "customer", "shipment", "payment", "seatsAvailability")


def run(size: Size) -> list[Result]:
    """One store; every stream has one event."""
    count = size.of(100_000, quick=100_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        path = _filled(Path(folder), count)
        runs = [told_by("palette_process", path) for _ in range(size.rounds())]
    streams = f"{count:,} streams"
    return [
        _result(f"palette opens over {streams}", runs, "open"),
        _result(f"streams join the first list, {streams} to be read", runs, "cold", JOIN_MS),
        _result(f"a key among {streams}, median", runs, "p50"),
        _result(f"a key among {streams}, p95", runs, "p95"),
    ]


def _result(name: str, runs: list[dict[str, Any]], key: str, target: float = KEY_MS) -> Result:
    cpu = statistics.median(it[f"{key}_cpu_ms"] for it in runs)
    return Result(
        name=name,
        figure=float(statistics.median(it[f"{key}_ms"] for it in runs)),
        unit="ms",
        target=target,
        better="lower",
        detail=f"{cpu:.0f} ms CPU; {runs[0]['keys']} keys, from the key to the painted list",
    )


def _filled(folder: Path, count: int) -> Path:
    """A log with its views."""
    path = folder / "streams.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    with writer.transaction():
        writer.record(_events(count))
    db.close()
    log = open_reader(path)
    catch_up(log)
    log.close()
    return path


def _events(count: int) -> Iterator[tuple[str, int, NewEvent]]:
    for at, event in enumerate(new_events(count)):
        yield f"{CATEGORIES[at % len(CATEGORIES)]}-{at * 7919 % 1_000_003:06}", 1, event
