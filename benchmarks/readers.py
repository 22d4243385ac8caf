"""What readers cost the one who appends: p99 of a durable append with none, and with eight of them.

Eight processes ask as windows do that follow the log, ten times a second each: a page of the log, a
page of a view, and one of it as of a random position. They take turns with nobody, and with eight
that ask the same of a copy: those share the disk and the processor with the writer, but no file.
What the readers of the same file cost beyond that is what they make the writer wait: next to
nothing, for in SQLite's write-ahead log neither waits for the other. One machine, one writer; this
is no claim about a cluster.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.event_source import new_events
from benchmarks.measure import Result, Size
from benchmarks.window import filled_store
from store.events import ANY_VERSION, NewEvent
from store.place import Place
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer

LIMIT: Final = 2.0  # × the p99 without readers
SHARED_LIMIT: Final = 1.5  # × the p99 beside readers of a copy


def run(size: Size) -> list[Result]:
    """Ratios of the medians over all rounds."""
    appends, readers = size.of(1_000, quick=200, tiny=10), size.of(8, quick=8, tiny=2)
    alone: list[float] = []
    beside: list[float] = []
    by_copy: list[float] = []
    answered = 0
    with tempfile.TemporaryDirectory() as folder:
        store = filled_store(Path(folder), size.of(200_000, quick=20_000, tiny=200))
        copy = _copied(store)
        events = iter(new_events(appends * (3 * size.rounds() + 1), seed=2))
        _p99_ms(store, events, appends)
        for _ in range(size.rounds()):
            alone.append(_p99_ms(store, events, appends))
            with _reading(store, readers) as counts:
                beside.append(_p99_ms(store, events, appends))
            answered += sum(counts)
            with _reading(copy, readers):
                by_copy.append(_p99_ms(store, events, appends))
    p99, p99_beside, p99_by_copy = map(statistics.median, (alone, beside, by_copy))
    return [
        Result(
            name=f"append p99 beside {readers} readers",
            figure=p99_beside / p99,
            unit="× alone",
            target=LIMIT,
            better="lower",
            detail=f"{p99_beside:.2f} ms against {p99:.2f} ms; {answered:,} questions answered",
        ),
        Result(
            name=f"append p99 beside {readers} readers of the same file",
            figure=p99_beside / p99_by_copy,
            unit="× of a copy",
            target=SHARED_LIMIT,
            better="lower",
            detail=f"{p99_beside:.2f} ms against {p99_by_copy:.2f} ms",
        ),
    ]


def _copied(store: Path) -> Path:
    copy = store.with_name("copy.foldline")
    shutil.copy(store, copy)
    shutil.copy(Place(store).views, Place(copy).views)
    return copy


def _p99_ms(store: Path, events: Iterator[NewEvent], count: int) -> float:
    """Of appends of one event each, one after the other, each on the disk before the next."""
    db = open_log(store, writable=True)
    writer, took = Writer(db), []
    for n in range(count):
        event = next(events)
        started = perf_counter()
        writer.append(f"order-{n % 50}", [event], expected=ANY_VERSION)
        took.append(perf_counter() - started)
    db.close()
    return sorted(took)[round(len(took) * 0.99) - 1] * 1_000


@contextmanager
def _reading(store: Path, count: int) -> Iterator[list[int]]:
    """All readers at work; at the end the list holds how much each was answered."""
    command = [sys.executable, "-m", "benchmarks.readers_process", str(store)]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for it in readers:
        assert it.stdout is not None
        it.stdout.readline()  # it has had its first answer
    counts: list[int] = []
    try:
        yield counts
    finally:
        counts += [int(it.communicate()[0]) for it in readers]
