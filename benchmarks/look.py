"""The window's own thread while it shows another theme, and an event of ten megabytes.

CPU time of that thread: who else is at work on the machine does not count. Every page of the
window has been in sight before the theme is switched.
"""

import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from benchmarks.window import filled_store
from store.events import NewEvent
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer

THEME_MS = 100.0
PAINT_MS = 100.0


def run(size: Size) -> list[Result]:
    """A small store with one large event at its end."""
    letters = size.of(10_000_000, quick=10_000_000, tiny=100_000)
    with tempfile.TemporaryDirectory() as folder:
        path = filled_store(Path(folder), size.of(10_000, quick=10_000, tiny=500))
        _append(path, letters)
        runs = [told_by("look_process", path) for _ in range(size.rounds())]
    return [
        _row("theme switch, of the window's thread", runs, "theme_ms", THEME_MS),
        _row(f"{letters:,} characters, longest step", runs, "payload_ms", PAINT_MS),
    ]


def _append(path: Path, letters: int) -> None:
    db = open_log(path, writable=True)
    writer = Writer(db)
    with writer.transaction():
        text = ("lorem ipsum " * (letters // 12 + 1))[:letters]
        writer.append_inside("large-1", [NewEvent.of("Large", {"text": text})], expected=None)
    db.close()


def _row(name: str, runs: list[dict[str, Any]], key: str, target: float) -> Result:
    figures = [float(run[key]) for run in runs]
    return Result(
        name=name,
        figure=statistics.median(figures),
        unit="ms",
        target=target,
        better="lower",
        detail=f"{min(figures):.0f} to {max(figures):.0f} ms in {len(figures)} runs",
    )
