"""Importing canonical JSON Lines: rate against plain executemany; and rate, memory and what is
written, against length.

The plain side inserts ready rows of the same events, 1,000 a transaction, into the same table
without triggers. Each import runs in a process of its own, so its peak memory, and what it writes,
is its own. Ids are random. The long imports are made once: they need some 10 GB of disk.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.append import insert_rows, rows_of
from benchmarks.event_source import canonical_lines
from benchmarks.measure import Result, Size
from store.place import Place
from store.sqlite.connect import remove_files

ROUNDS: Final = 3
TIMES: Final = 10  # longer than the short import
STREAMS_A_THOUSAND: Final = 125  # eight events a stream on average
IMPORT: Final = """
import json, resource, sys, time
from pathlib import Path
from store.transfer.ingest import ingest
started = time.perf_counter()
report = ingest(Path(sys.argv[1]), into=Path(sys.argv[2]))
took = time.perf_counter() - started
try:  # ru_maxrss would count what the parent held before this process began
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:  # journals and what sorting needs are in it
    counts = dict(it.split(": ") for it in Path("/proc/self/io").read_text().splitlines())
    written = int(counts["wchar"])
except OSError:
    written = 0
told = {"read": report.read, "stored": report.stored, "seconds": took, "peak": peak}
told["written"] = written
print(json.dumps({**told, "cpu": time.process_time(), "bytes": Path(sys.argv[2]).stat().st_size}))
"""


def run(size: Size) -> list[Result]:
    """A million lines, and a tenth of them; then ten millions, and a million more behind them."""
    large = size.of(1_000_000, quick=100_000, tiny=1_000)
    with tempfile.TemporaryDirectory() as folder:
        return [*_against_plain(Path(folder), large, size.rounds(ROUNDS)), *_by_length(size)]


def _against_plain(folder: Path, large: int, rounds: int) -> list[Result]:
    small_peak = _new(folder, large // 10)["peak"]
    imports, plain = [], []
    for _ in range(rounds):
        imports.append(_new(folder, large))
        plain.append(_plain_seconds(folder))
    our_s = statistics.median(it["seconds"] for it in imports)
    plain_s = statistics.median(plain)
    ratio = statistics.median(p / it["seconds"] for p, it in zip(plain, imports, strict=True))
    peak = statistics.median(it["peak"] for it in imports)
    return [
        Result(
            name=f"import of {large:,} canonical lines",
            figure=ratio,
            unit="× plain",
            target=1 / 3,
            better="higher",
            detail=f"{large / our_s:,.0f}/s against {large / plain_s:,.0f}/s",
        ),
        Result(
            name=f"peak memory at {large:,} over that at {large // 10:,}",
            figure=peak / small_peak,
            unit="×",
            target=1.2,
            better="lower",
            detail=f"{peak / 1024:.0f} MB against {small_peak / 1024:.0f} MB",
        ),
    ]


def _by_length(size: Size) -> list[Result]:
    """In a folder of its own, so that no file of the other measures is in its way."""
    one = size.of(1_000_000, quick=100_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        short, long = _new(Path(folder), one), _new(Path(folder), one * TIMES)
        (Path(folder) / f"{one * TIMES}.jsonl").unlink()
        further = import_apart(
            _lines(Path(folder), one, streams=one * TIMES, seed=2), _store(folder)
        )
    return [
        _rate(f"import of {one * TIMES:,} lines: rate over that of {one:,}", long, short, 0.7),
        _rate(
            f"{one:,} more behind {one * TIMES:,}: rate over that of {one:,}", further, short, 0.5
        ),
        _written(f"bytes written for {one * TIMES:,} over the finished file", long),
        _written(f"bytes written for {one:,} more over the finished file", further),
        Result(
            name=f"peak memory at {one * TIMES:,} over that at {one:,}",
            figure=long["peak"] / short["peak"],
            unit="×",
            target=1.2,
            better="lower",
            detail=f"{long['peak'] / 1024:.0f} MB against {short['peak'] / 1024:.0f} MB; "
            f"{further['peak'] / 1024:.0f} MB behind what is there",
        ),
    ]


def _rate(name: str, ours: dict[str, float], other: dict[str, float], target: float) -> Result:
    rates = [it["stored"] / it["seconds"] for it in (ours, other)]
    of_core = [it["cpu"] / it["stored"] * 1e6 for it in (ours, other)]
    return Result(
        name=name,
        figure=rates[0] / rates[1],
        unit="×",
        target=target,
        better="higher",
        detail=f"{rates[0]:,.0f}/s against {rates[1]:,.0f}/s; "
        f"{of_core[0]:.0f} µs of a core an event against {of_core[1]:.0f}",
    )


def _written(name: str, ours: dict[str, float]) -> Result:
    return Result(
        name=name,
        figure=ours["written"] / ours["bytes"],
        unit="×",
        target=6,
        better="lower",
        detail=f"{ours['written'] / 1e6:,.0f} MB for a file of {ours['bytes'] / 1e6:,.0f} MB",
    )


def _new(folder: Path, count: int) -> dict[str, float]:
    """Import so many lines into a store that is not there."""
    store = _store(folder)
    remove_files(store)
    remove_files(Place(store).views)
    return import_apart(
        _lines(folder, count, streams=max(count * STREAMS_A_THOUSAND // 1_000, 1)), store
    )


def _lines(folder: Path, count: int, *, streams: int, seed: int = 1) -> Path:
    source = folder / (f"{count}.jsonl" if seed == 1 else f"{count}-{seed}.jsonl")
    if not source.exists():
        with source.open("w", encoding="utf-8") as file:
            lines = canonical_lines(count, streams=streams, seed=seed, has_places=seed == 1)
            file.writelines(lines)
    return source


def _store(folder: Path | str) -> Path:
    return Path(folder) / "imported.foldline"


def import_apart(source: Path, store: Path) -> dict[str, float]:
    """Import a file in a process of its own: what it read and stored, and what that took."""
    command = [sys.executable, "-c", IMPORT, str(source), str(store)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    if answer["stored"] != answer["read"]:
        raise AssertionError(f"{answer['stored']} of {answer['read']} lines were stored")
    return answer


def _plain_seconds(folder: Path) -> float:
    rows = rows_of(folder / "imported.foldline")
    return insert_rows(folder / "plain.foldline", rows)
