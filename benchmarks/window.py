"""The real window on the offscreen platform: first useful paint, one scrub step, memory.

Each measurement runs in a process of its own, on stores whose views are ready. Useful means:
events stand in the table, the lanes are counted, the state of a stream is shown. A scrub step is
done when panel, table, state and status line have been painted for where the mouse is.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.event_source import placed
from benchmarks.measure import Result
from replay.catch_up import catch_up
from store.connect import create_log, open_log
from store.reader import LogReader
from store.writer import Writer

ROUNDS: Final = 5
FRAME_MS: Final = 16.7


def run(*, quick: bool) -> list[Result]:
    """A large store against one of 10,000 events."""
    large = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        stores = {count: filled_store(Path(folder), count) for count in (10_000, large)}
        runs: dict[int, list[dict[str, Any]]] = {count: [] for count in stores}
        for count in [*stores] * ROUNDS:
            runs[count].append(_measured(stores[count]))
    small = {key: _median(runs[10_000], key) for key in ("paint_ms", "p95_ms", "rss_mb")}
    big = {key: _median(runs[large], key) for key in ("paint_ms", "p95_ms", "rss_mb")}
    return [
        _ratio(f"first useful paint at {large:,} over 10,000", "paint_ms", big, small, 1.5, "ms"),
        Result(
            name=f"scrub step at {large:,}, p95", figure=big["p95_ms"], unit="ms",
            target=FRAME_MS, better="lower",
            detail=f"median {_median(runs[large], 'p50_ms'):.1f} ms",
        ),
        _ratio(f"scrub step, p95, at {large:,} over 10,000", "p95_ms", big, small, 1.5, "ms"),
        _ratio(f"resident memory at {large:,} over 10,000", "rss_mb", big, small, 1.3, "MB"),
    ]  # fmt: skip


def _ratio(
    name: str, key: str, big: dict[str, float], small: dict[str, float], target: float, unit: str
) -> Result:
    detail = f"{big[key]:.1f} {unit} against {small[key]:.1f} {unit}"
    return Result(
        name=name, figure=big[key] / small[key], unit="×", target=target, better="lower",
        detail=detail,
    )  # fmt: skip


def _median(runs: list[dict[str, Any]], key: str) -> float:
    return float(statistics.median(run[key] for run in runs))


def filled_store(folder: Path, count: int) -> Path:
    """A log of `count` events, eight to a stream on average, with its views."""
    path = folder / f"{count}.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    events = placed(count, streams=max(count // 8, 1))
    while batch := list(islice(events, 10_000)):
        with writer.transaction():
            writer.record(batch)
    db.close()
    log = LogReader(open_log(path))
    catch_up(log, path)
    log.close()
    return path


def _measured(store: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.window_process", str(store)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
