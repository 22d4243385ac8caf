"""The window on a branch against the window on its log: first useful paint, scrub step, hover card.

Both are measured in turns, in one run. The branch forks in the first tenth and has edits from there
on, so nearly every event of it has another position than in the log.
"""

import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from benchmarks.window import filled_store
from replay.projector.catch_up import catch_up
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.opening import reading

EDITS: Final = 100
MOST: Final = 1.25  # times what the log takes: the figures of two runs differ by as much
FIGURES: Final = (
    ("scrub step, median", "p50_ms"),
    ("scrub step, p95", "p95_ms"),
    ("scrub step, median, CPU", "p50_cpu_ms"),
    ("hover card, p95", "card_ms"),
    ("first useful paint", "paint_ms"),
)


def run(size: Size) -> list[Result]:
    """The same drag over both."""
    count = size.of(1_000_000, quick=100_000, tiny=1_000)
    steps = size.of(300, quick=300, tiny=10)
    with tempfile.TemporaryDirectory() as folder:
        log = filled_store(Path(folder), count)
        lines = {"log": log, "branch": edited_branch(log, count)}
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in lines}
        for name in [*lines] * size.rounds():
            runs[name].append(told_by("window_process", lines[name], steps))
    return [_ratio(words, key, count, runs) for words, key in FIGURES]


def edited_branch(log: Path, count: int) -> Path:
    """Events are left out from the first tenth on, one by one; with its views."""
    branch = create_branch(log, "edited", fork=count // 10)
    editor = BranchEditor(branch)
    for n in range(min(EDITS, count // 100)):
        editor.leave_out(count // 10 + 1 + n * 7)
    with reading(branch) as line:
        catch_up(line)
    return branch


def _ratio(words: str, key: str, count: int, runs: dict[str, list[dict[str, Any]]]) -> Result:
    log, branch = (statistics.median(it[key] for it in runs[of]) for of in ("log", "branch"))
    return Result(
        name=f"{words}, in a branch of {count:,} over the log",
        figure=branch / log,
        unit="×",
        target=MOST,
        better="lower",
        detail=f"{branch:.1f} ms against {log:.1f} ms",
    )
