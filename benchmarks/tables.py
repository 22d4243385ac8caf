"""Importing tables: CSV and a dump of PostgreSQL against canonical JSON Lines of the same events,
and the memory of a reader against length.

The table is Message DB's. Each import runs in a process of its own, and the three take turns; the
rate is told by the processor's time, for what else runs on the machine takes none of that.
"""

import csv
import gc
import itertools
import statistics
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.event_source import canonical_lines, placed
from benchmarks.ingest import import_apart
from benchmarks.measure import Result, Size
from store.reading.detect import format_named
from store.reading.source import Source
from store.sqlite.connect import remove_files
from store.times import format_moment

ROUNDS: Final = 3
TIMES: Final = 10  # longer than the short file
STREAMS: Final = 8  # events of each, on average
COLUMNS: Final = (
    *("global_position", "position", "time", "stream_name", "type", "data", "metadata", "id"),
)
HEAD: Final = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\n"


def run(size: Size) -> list[Result]:
    """A million events, and readers of ten files' length."""
    count = size.of(1_000_000, quick=100_000, tiny=1_000)
    short = size.of(100_000, quick=20_000, tiny=1_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [*_rates(folder, count, size.rounds(ROUNDS)), *_memory(folder, short)]


def _rates(folder: Path, count: int, rounds: int) -> Iterator[Result]:
    canonical = folder / "events.jsonl"
    with canonical.open("w", encoding="utf-8") as file:
        file.writelines(canonical_lines(count, streams=max(count // STREAMS, 1)))
    plain: list[float] = []
    took: dict[str, list[float]] = {"csv": [], "sql": []}
    files = {kind: _table(folder, count, kind) for kind in took}
    for _ in range(rounds):
        plain.append(_cpu(folder, canonical))
        for kind, source in files.items():
            took[kind].append(_cpu(folder, source))
    for kind, seconds in took.items():
        ratio = statistics.median(p / s for p, s in zip(plain, seconds, strict=True))
        yield Result(
            name=f"import of {count:,} rows of {kind.upper()}: rate over canonical",
            figure=ratio,
            unit="×",
            target=0.5,
            better="higher",
            detail=f"{statistics.median(seconds) / count * 1e6:.0f} µs of a core an event "
            f"against {statistics.median(plain) / count * 1e6:.0f}",
        )


def _memory(folder: Path, count: int) -> Iterator[Result]:
    for kind in ("csv", "sql"):
        peaks = [_peak(_table(folder, length, kind)) for length in (count, count * TIMES)]
        yield Result(
            name=f"peak memory of a reader of {kind.upper()} at {TIMES} times the length",
            figure=peaks[1] / peaks[0],
            unit="×",
            target=1.2,
            better="lower",
            detail=f"{peaks[1] / 1e6:.1f} MB against {peaks[0] / 1e6:.1f} MB",
        )


def _cpu(folder: Path, source: Path) -> float:
    store = folder / "imported.foldline"
    remove_files(store)
    return import_apart(source, store)["cpu"]


def _peak(source: Path) -> int:
    """Bytes that Python held at once while it read all of a file."""
    format_ = format_named("message-db" if source.suffix == ".csv" else "pg-dump")
    gc.collect()
    with Source(source) as opened:
        tracemalloc.start()
        for _ in format_.read(opened):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def _table(folder: Path, count: int, kind: str) -> Path:
    path = folder / f"{count}.{kind}"
    if not path.exists():
        with path.open("w", encoding="utf-8", newline="") as file:
            if kind == "csv":
                writer = csv.writer(file, lineterminator="\n")
                writer.writerows(itertools.chain([COLUMNS], _rows(count)))
            else:
                file.write(
                    f"{HEAD}COPY message_store.messages ({', '.join(COLUMNS)}) FROM stdin;\n"
                )
                file.writelines("\t".join(map(str, row)) + "\n" for row in _rows(count))
                file.write("\\.\n")
    return path


def _rows(count: int) -> Iterator[tuple[str | int, ...]]:
    events = placed(count, streams=max(count // STREAMS, 1))
    for position, (stream, version, event) in enumerate(events, 1):
        at = format_moment(event.recorded_at_us or 0).removesuffix("+00:00").replace("T", " ")
        yield (
            *(position, version - 1, at, stream, event.type),
            *(event.data_json, event.metadata_json, event.id),
        )
