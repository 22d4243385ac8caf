"""What it costs the window to follow a log to which another process appends 200 events a second."""

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from benchmarks.window import filled_store

MOST_FRAMES: Final = 30  # a second
MOST_SHARE: Final = 25  # percent of a core, in all threads of the window's process


def run(size: Size) -> list[Result]:
    """One window, on a store whose views are ready."""
    count = size.of(100_000, quick=10_000, tiny=500)
    follow_s = size.of(30, quick=10, tiny=1)
    with tempfile.TemporaryDirectory() as folder:
        told = told_by("following_process", filled_store(Path(folder), count), follow_s)
    detail = f"{told['appended']:.0f} events and {told['passes']:.0f} passes a second"
    return [
        Result(
            name="frames while following 200 appends a second",
            figure=told["frames"],
            unit="a second",
            target=MOST_FRAMES,
            better="lower",
            detail=detail,
        ),
        Result(
            name="the window's share of a core while following",
            figure=told["share"],
            unit="%",
            target=MOST_SHARE,
            better="lower",
            detail=detail,
        ),
    ]
