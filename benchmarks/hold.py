"""What a window of its own process tells of how long its GUI thread was held by a job."""

import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from benchmarks.window import filled_store

FRAME_MS: Final = 16.0


def held(process: str, what: str, *, count: int, size: Size) -> tuple[Result, dict[str, Any]]:
    """The longest hold in `benchmarks.{process}` on so many events, and all that it has told."""
    settle_ms = size.of(5_000, quick=5_000, tiny=100)
    with tempfile.TemporaryDirectory() as folder:
        found = told_by(process, filled_store(Path(folder), count), settle_ms)
    longest = Result(
        name=f"longest hold of the GUI thread, {what} of {count:,}",
        figure=found["longest_ms"],
        unit="ms",
        target=FRAME_MS,
        better="lower",
        detail=f"{found['knocks']:,} knocks in {found['seconds']:.0f} s, 99.9 % answered "
        f"within {found['p999_ms']:.1f} ms",
    )
    return longest, found
