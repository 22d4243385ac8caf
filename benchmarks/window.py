"""The real window on the offscreen platform: first useful paint, scrub step, hover card, memory.

Each measurement runs in a process of its own, on stores whose views are ready. Useful means:
events stand in the table, the lanes are counted, the state of a stream is shown. A scrub step is
done when panel, table, state and status line have been painted for where the mouse is.
"""

import statistics
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.event_source import placed
from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from replay.projector.catch_up import catch_up
from store.opening import open_reader
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

FRAME_MS: Final = 16.7
CARD_MS: Final = 50.0


def run(size: Size) -> list[Result]:
    """A large store against one of 10,000 events."""
    few = size.of(10_000, quick=10_000, tiny=500)
    many = size.of(1_000_000, quick=100_000, tiny=1_000)
    steps = size.of(300, quick=300, tiny=10)
    with tempfile.TemporaryDirectory() as folder:
        stores = {count: filled_store(Path(folder), count) for count in (few, many)}
        runs: dict[int, list[dict[str, Any]]] = {count: [] for count in stores}
        for count in [*stores] * size.rounds():
            runs[count].append(told_by("window_process", stores[count], steps))
    return _results(few, many, runs)


def _results(few: int, many: int, runs: dict[int, list[dict[str, Any]]]) -> list[Result]:
    small = {key: _median(runs[few], key) for key in ("paint_ms", "p95_ms", "rss_mb")}
    big = {key: _median(runs[many], key) for key in ("paint_ms", "p95_ms", "rss_mb")}
    over = f"{many:,} over {few:,}"
    return [
        _ratio(f"first useful paint at {over}", "paint_ms", big, small, 1.5, "ms"),
        Result(
            name=f"scrub step at {many:,}, p95",
            figure=big["p95_ms"],
            unit="ms",
            target=FRAME_MS,
            better="lower",
            detail=f"median {_median(runs[many], 'p50_ms'):.1f} ms",
        ),
        hover_result(many, runs[many]),
        _ratio(f"scrub step, p95, at {over}", "p95_ms", big, small, 1.5, "ms"),
        _ratio(f"resident memory at {over}", "rss_mb", big, small, 1.3, "MB"),
    ]


def hover_result(count: int, runs: list[dict[str, Any]]) -> Result:
    """Of one store, by the wall clock."""
    return Result(
        name=f"hover card at {count:,}, p95",
        figure=_median(runs, "card_ms"),
        unit="ms",
        target=CARD_MS,
        better="lower",
        detail=f"{_median(runs, 'card_cpu_ms'):.1f} ms CPU",
    )


def _ratio(
    name: str, key: str, big: dict[str, float], small: dict[str, float], target: float, unit: str
) -> Result:
    detail = f"{big[key]:.1f} {unit} against {small[key]:.1f} {unit}"
    return Result(
        name=name,
        figure=big[key] / small[key],
        unit="×",
        target=target,
        better="lower",
        detail=detail,
    )


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
    log = open_reader(path)
    catch_up(log)
    log.close()
    return path
