"""Importing canonical JSON Lines: rate against plain executemany, and memory against length.

The plain side inserts ready rows of the same events, 1,000 a transaction, into the same table
without triggers. Each import runs in a process of its own, so its peak memory is its own.
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
print(json.dumps({"stored": report.stored, "seconds": took, "peak": peak}))
"""


def run(size: Size) -> list[Result]:
    """A million lines, and a tenth of them."""
    large = size.of(1_000_000, quick=100_000, tiny=1_000)
    with tempfile.TemporaryDirectory() as folder:
        small_peak = _import(Path(folder), large // 10)["peak"]
        imports, plain = [], []
        for _ in range(size.rounds(ROUNDS)):
            imports.append(_import(Path(folder), large))
            plain.append(_plain_seconds(Path(folder)))
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


def _import(folder: Path, count: int) -> dict[str, float]:
    source, store = folder / f"{count}.jsonl", folder / "imported.foldline"
    if not source.exists():
        with source.open("w", encoding="utf-8") as file:
            streams = max(count * STREAMS_A_THOUSAND // 1_000, 1)
            file.writelines(canonical_lines(count, streams=streams))
    remove_files(store)
    remove_files(Place(store).views)
    command = [sys.executable, "-c", IMPORT, str(source), str(store)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    if answer["stored"] != count:
        raise AssertionError(f"{answer['stored']} of {count} lines were stored")
    return answer


def _plain_seconds(folder: Path) -> float:
    rows = rows_of(folder / "imported.foldline")
    return insert_rows(folder / "plain.foldline", rows)
