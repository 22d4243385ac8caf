"""The hover card alone, on a store that is made in seconds: `window` measures it on a large one."""

import tempfile
from pathlib import Path

from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from benchmarks.window import filled_store, hover_result


def run(size: Size) -> list[Result]:
    """One store; every mark is pointed at once."""
    count = size.of(100_000, quick=20_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        store = filled_store(Path(folder), count)
        steps = size.of(100, quick=100, tiny=10)
        runs = [told_by("window_process", store, steps) for _ in range(size.rounds(full=3))]
    return [hover_result(count, runs)]
